"""The address of a process that serves: deliveries of webhooks, and who looks how it is."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Literal

import uvicorn
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from offstage.base import OffstageError
from offstage.config import Listen
from offstage.serving.health import Health
from offstage.triggers.webhook import Answer
from offstage.triggers.webhook import Request as Delivery

# Who sends a body more slowly than that is not waited for.
_SLOWEST_S = 60
# At the end, requests that are under way have so long.
_CLOSING_S = 10


@dataclass(frozen=True)
class OpenNews:
    """An address is open: where it is, and what is answered there."""

    url: str
    paths: Sequence[str]
    kind: Literal["open"] = "open"


class _Server(uvicorn.Server):
    """Signals are the command's own."""

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


@asynccontextmanager
async def listening(place: Listen, app: ASGIApp) -> AsyncGenerator[str]:
    """Answers at an address until its end; gives its URL. Errors: `PORT_UNAVAILABLE`."""
    bound = _bound(place)
    port = bound.getsockname()[1]
    config = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        # Whoever sends a request could write such a header: who it is, the connection says.
        proxy_headers=False,
        timeout_graceful_shutdown=_CLOSING_S,
    )
    server = _Server(config)
    answering = asyncio.create_task(server.serve(sockets=[bound]))
    try:
        yield f"http://{f'[{place.host}]' if ':' in place.host else place.host}:{port}"
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await answering
        bound.close()


def _bound(place: Listen) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
        return socket.create_server((place.host, place.port), family=family, backlog=512)
    except OSError as error:
        raise OffstageError(
            "PORT_UNAVAILABLE",
            f"{place.host}:{place.port} cannot be opened: {error.strerror}.",
            hint='Name another one in settings.json: "serve": { "listen": "127.0.0.1:8401" }.',
        ) from error


def answering_app(health: Health, receive: Callable[[Delivery], Awaitable[Answer]] | None) -> ASGIApp:
    """`/healthz`: 200 while the loop turns. `/readyz`: 200 when the store answers and it is known who drives it. `/webhooks/…`: deliveries."""

    async def app(scope: Scope, receive_part: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        request = Request(scope, receive_part)
        try:
            response = await _answered(request, health, receive)
        except ClientDisconnect:
            return
        await response(scope, receive_part, send)

    return app


async def _answered(
    request: Request, health: Health, receive: Callable[[Delivery], Awaitable[Answer]] | None
) -> Response:
    path = request.url.path
    if path in ("/healthz", "/readyz"):
        if request.method not in ("GET", "HEAD"):
            return _json(405, {"status": "only GET"}, {"allow": "GET, HEAD"})
        if path == "/healthz":
            return _json(200, {"status": "ok"}) if health.is_alive() else _json(503, {"status": "stuck"})
        readiness = await health.readiness()
        return _json(200 if readiness["status"] == "ready" else 503, readiness)
    if receive is None:
        return _text(Answer(404, "There is nothing here."))
    headers: dict[str, str] = {}
    for name, value in request.headers.items():
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    delivery = Delivery(
        method=request.method,
        path=path,
        headers=headers,
        body=_parts(request),
        peer=None if request.client is None else request.client.host,
    )
    try:
        return _text(await receive(delivery))
    except TimeoutError:
        return _text(Answer(408, "The body did not come in time.", {"connection": "close"}))


async def _parts(request: Request) -> AsyncGenerator[bytes]:
    """The body as it comes, in time."""
    until = asyncio.get_running_loop().time() + _SLOWEST_S
    parts = aiter(request.stream())
    while True:
        async with asyncio.timeout_at(until):
            part = await anext(parts, None)
        if part is None:
            return
        yield part


def _text(answer: Answer) -> Response:
    headers = {"content-type": "text/plain; charset=utf-8", "x-content-type-options": "nosniff", **answer.headers}
    return Response(f"{answer.text}\n", status_code=answer.status, headers=headers)


def _json(status: int, body: Any, headers: dict[str, str] | None = None) -> Response:
    kept = {"content-type": "application/json", "cache-control": "no-store", **(headers or {})}
    return Response(json.dumps(body) + "\n", status_code=status, headers=kept)
