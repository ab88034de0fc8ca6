"""A package as a function of a cloud: it is woken, does what is due, and is over when nothing is left to do."""

from __future__ import annotations

import asyncio
import http.client
import os
import sys
import threading
import time
import traceback
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from offstage.base import OffstageError, Redactor
from offstage.command_line.command_io import CommandIo
from offstage.command_line.commands.serve import json_teller
from offstage.command_line.interruption import Interruption
from offstage.command_line.serve_lines import line_of
from offstage.command_line.served_stage import served_stage
from offstage.command_line.stage import open_stage
from offstage.command_line.system_clock import SystemClock
from offstage.command_line.terminal import Terminal, escape_controls
from offstage.config import Listen
from offstage.host import ArrivalNews, LeadNews, News, RunNews
from offstage.serving import OpenNews, ServingNews, serve

# Nothing happened for so long: it is done. One that another process is ahead of waits for its turn first.
_QUIET_S = 2.0
_TURN_S = 20.0
# What runs have when it is nearly over, and what is closed after them.
_GRACE_MS = 25_000
_STOP_S = 40.0
# Between the end of the work and the moment at which the cloud ends the process.
_SPARE_S = 5.0
# Headers that are about one connection.
_HOPS = frozenset({"connection", "content-length", "host", "keep-alive", "transfer-encoding"})
# What stands in a path and its query as it is.
_OF_PATHS = "/?%:@!$&'()*+,;=~"
# They would drive one store as one process.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, kw_only=True)
class HandedRequest:
    """A request that the cloud took."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True)
class HandedAnswer:
    """What is answered to it."""

    status: int
    type: str
    body: str


NO_REQUEST = HandedAnswer(status=400, type="text/plain", body="This is no request that could be handed on.")


def lambda_handler(folder: Path, package: str) -> Callable[[Any, Any], Any]:
    """The handler of AWS Lambda. EventBridge wakes it; the function's URL hands it deliveries, which are answered when what they started is over. A sender that does not wait for that sends again, and the same delivery again changes nothing."""

    def handler(event: Any, context: Any) -> Any:
        until = time.monotonic() + context.get_remaining_time_in_millis() / 1_000 - _SPARE_S
        if not isinstance(event, dict) or not ("requestContext" in event or "httpMethod" in event):
            wake(folder, package, until=until)
            return {"ok": True}
        try:
            # Of payload format 2.0, which the function's URL has; another one is no wake either.
            request = _handed_by_lambda(event)
        except (AttributeError, KeyError, TypeError, ValueError):
            request = None
        answer = NO_REQUEST if request is None else _answered(folder, package, until, request)
        return {"statusCode": answer.status, "headers": {"content-type": answer.type}, "body": answer.body}

    return handler


def _handed_by_lambda(event: Any) -> HandedRequest:
    query, body = event.get("rawQueryString") or "", event.get("body") or ""
    return HandedRequest(
        method=event["requestContext"]["http"]["method"],
        path=event["rawPath"] + (f"?{query}" if query else ""),
        headers=event.get("headers") or {},
        body=b64decode(body) if event.get("isBase64Encoded") else body.encode(),
    )


def _answered(folder: Path, package: str, until: float, request: HandedRequest) -> HandedAnswer:
    """Where it did not come to an answer the sender is told to try again."""
    answer = wake(folder, package, until=until, request=request)
    return answer or HandedAnswer(status=503, type="text/plain", body="Try again.")


def google_function(folder: Path, package: str) -> Callable[[Any], Any]:
    """The function of Google's Functions Framework. A POST to /wake wakes it; all else is handed on, and answered when what it started is over."""

    def function(request: Any) -> Any:
        until = time.monotonic() + float(os.environ.get("TIMEOUT_SECONDS", "600")) - _SPARE_S
        if request.path == "/wake":
            wake(folder, package, until=until)
            return "", 204
        query = request.query_string.decode("latin-1")
        handed = HandedRequest(
            method=request.method,
            path=request.path + (f"?{query}" if query else ""),
            headers=dict(request.headers),
            body=request.get_data(),
        )
        answer = _answered(folder, package, until, handed)
        return answer.body, answer.status, {"content-type": answer.type}

    return function


def wake(folder: Path, package: str, *, until: float, request: HandedRequest | None = None) -> HandedAnswer | None:
    """Serves the package `package`, whose files lie in `folder`, for as long as there is something to do: schedules, what waits, what is to be tried again. Its store knows what is due, so nothing is started twice, however often this is called.

    `until`: of the monotonic clock, when it has to be over. Gives the answer to the request; None where there is none, also because the store is away. Errors: those of `serve`.
    """
    redactor, clock = Redactor(), SystemClock()
    terminal = Terminal(sys.stdout, sys.stderr, redactor, colors=False, now=clock.now)
    io = CommandIo(
        folder=folder,
        package=package,
        start=f"python -m {package}",
        command="serve",
        terminal=terminal,
        redactor=redactor,
        clock=clock,
        env=dict(os.environ),
        json=False,
        interruption=Interruption(terminal.note),
    )
    with _one_at_a_time:
        try:
            return asyncio.run(_serve_until_done(io, until, request))
        except (OffstageError, Exception) as error:
            # Who sent something tries again. What the clock woke fails, so that somebody hears of it.
            if request is not None and isinstance(error, OffstageError) and error.code == "STORE_UNAVAILABLE":
                terminal.note(escape_controls(f"{error.code}: {error.message}"))
                return None
            told = _without_secrets(error, redactor)
            if told is None:
                raise
            raise told from None


def _without_secrets(error: BaseException, redactor: Redactor) -> OffstageError | None:
    """What the cloud is to write into its log in the place of an error that quotes a secret; None: it quotes none."""
    text = "".join(traceback.format_exception(error))
    clean = redactor.redact(text)
    if clean == text:
        return None
    return OffstageError(error.code if isinstance(error, OffstageError) else "BUG", clean)


class _Work:
    """What is known of it by its news: which runs go on, and which events wait for one."""

    def __init__(self) -> None:
        self.url: str | None = None
        self.leads = False
        self.going: set[str] = set()
        self.at = time.monotonic()

    def hear(self, news: News | ServingNews) -> None:
        """News of it."""
        self.at = time.monotonic()
        match news:
            case OpenNews():
                self.url = news.url
            case LeadNews():
                self.leads = news.kind == "led"
            case ArrivalNews():
                (self.going.add if news.kind == "arrived" else self.going.discard)(news.arrival["id"])
                if news.run_id is not None:
                    self.going.add(news.run_id)
            case RunNews():
                # One that waits for another process is left to whoever is woken next.
                begins = news.kind in ("run-started", "run-resumed")
                (self.going.add if begins else self.going.discard)(news.run["id"])
            case _:
                pass

    def is_done(self, patience: float) -> bool:
        """Whether nothing goes on, and nothing happened for a while."""
        return self.url is not None and not self.going and time.monotonic() - self.at > patience


async def _serve_until_done(io: CommandIo, until: float, request: HandedRequest | None) -> HandedAnswer | None:
    work, tell, stop = _Work(), json_teller(io), asyncio.Event()

    def news(one: News | ServingNews) -> None:
        work.hear(one)
        line = line_of(one)
        if line is not None:
            tell(line)

    answer: HandedAnswer | None = None
    async with open_stage(io, news=news) as stage:
        # An address of its own: what the cloud takes is handed on to it.
        serving = asyncio.create_task(
            serve(served_stage(stage), stop=stop, news=news, listen=Listen("127.0.0.1", 0), grace_ms=_GRACE_MS)
        )
        try:
            while not serving.done() and time.monotonic() < until - _STOP_S:
                if work.url is not None and request is not None and answer is None:
                    answer = await asyncio.to_thread(_hand, work.url, request)
                    work.at = time.monotonic()
                if work.is_done(_QUIET_S if work.leads or request is not None else _TURN_S):
                    break
                await asyncio.sleep(0.05)
        finally:
            # Also where nobody answered: what goes on comes to its rest before its store is closed.
            stop.set()
            await serving
    return answer


def _hand(url: str, request: HandedRequest) -> HandedAnswer:
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=90)
    given: Mapping[str, Any] = request.headers
    headers = {name: value for name, value in given.items() if isinstance(value, str) and name.lower() not in _HOPS}
    try:
        # A cloud may hand over a path whose escapes it has undone.
        connection.request(request.method, quote(request.path, safe=_OF_PATHS), request.body or None, headers)
    except (ValueError, http.client.InvalidURL):
        connection.close()
        return NO_REQUEST
    try:
        response = connection.getresponse()
        return HandedAnswer(
            status=response.status,
            type=response.getheader("content-type", "text/plain"),
            body=response.read().decode(),
        )
    finally:
        connection.close()
