from __future__ import annotations

import asyncio
import hmac
import http.client
import json
import os
import socket
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from offstage.base import OffstageError
from offstage.config import Listen, load_configuration
from offstage.host import Program
from offstage.serving import OpenNews, ServedStage, ServingNews, serve
from offstage.testing.host_world import HostWorld, write_program
from offstage.testing.served_world import TOP
from offstage.testing.store_places import code_of

pytestmark = pytest.mark.anyio

_SECRET = "a-secret-of-some-length"
_HUB = {"webhooks": {"hub": {"verify": "github", "secret": "${env:HUB_SECRET}", "limit": 1000}}}
_ANYWHERE = Listen("127.0.0.1", 0)
_BODY = 'await once("k", lambda: world.send(text=context["event"]["body"]["n"]))'


class Served:
    """A package that is served over real HTTP, on a clock that stands still."""

    def __init__(self, world: HostWorld) -> None:
        self.world = world
        self.news: list[ServingNews] = []
        self.url = ""
        self.stop = asyncio.Event()
        self.opened = asyncio.Event()

    def program(self, on: str, body: str = _BODY) -> Program:
        return write_program(self.world.folder / "package", body, top=TOP, options=f'name="tick", on=[{on}]')

    @asynccontextmanager
    async def stage(self, program: Program, settings: Mapping[str, Any]) -> AsyncGenerator[ServedStage]:
        (self.world.folder / "settings.json").write_text(json.dumps(settings))
        env = {**os.environ, "HUB_SECRET": _SECRET}
        configuration = load_configuration(self.world.folder, env, self.world.redactor)
        async with self.world.host(program) as host:
            store = host._store  # pyright: ignore[reportPrivateUsage]
            environment = self.world.environment()
            yield ServedStage(
                store=store, host=host, programs=[program], configuration=configuration, environment=environment
            )

    def hear(self, news: ServingNews) -> None:
        self.news.append(news)
        if isinstance(news, OpenNews):
            self.url = news.url
            self.opened.set()

    @asynccontextmanager
    async def serving(self, on: str, settings: Mapping[str, Any], body: str = _BODY) -> AsyncGenerator[None]:
        async with self.stage(self.program(on, body), settings) as stage:
            task = asyncio.create_task(serve(stage, stop=self.stop, news=self.hear, listen=_ANYWHERE))
            await self.opened.wait()
            try:
                yield
            finally:
                self.stop.set()
                await task

    async def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> tuple[int, str]:
        """A real request."""

        def asked() -> tuple[int, str]:
            connection = http.client.HTTPConnection(self.url.removeprefix("http://"))
            connection.request(method, path, body, {**(headers or {})})
            response = connection.getresponse()
            return response.status, response.read().decode()

        return await asyncio.to_thread(asked)

    async def deliver(self, body: str, headers: Mapping[str, str] | None = None) -> tuple[int, str]:
        signature = hmac.digest(_SECRET.encode(), body.encode(), "sha256").hex()
        sent = {"X-Hub-Signature-256": f"sha256={signature}", **(headers or {})}
        return await self.ask("POST", "/webhooks/hub", body.encode(), sent)


@pytest.fixture
def served(tmp_path: Path) -> Served:
    return Served(HostWorld(tmp_path))


async def test_a_real_delivery_starts_a_run_and_what_is_forged_or_elsewhere_does_not(served: Served) -> None:
    async with served.serving('webhook("hub")', _HUB):
        assert await served.deliver('{"n": "a"}', {"X-GitHub-Delivery": "d-1"}) == (202, "Accepted.\n")
        await served.world.until_told("run-ended")
        assert served.world.calls.written() == ["a"]
        forged = {"X-Hub-Signature-256": f"sha256={'0' * 64}"}
        status, why = await served.ask("POST", "/webhooks/hub", b"{}", forged)
        assert (status, why) == (401, "The delivery is not proven to be of hub: its signature does not fit.\n")
        assert (await served.ask("GET", "/webhooks/hub"))[0] == 405
        assert (await served.ask("POST", "/webhooks/other"))[0] == 404
        assert (await served.deliver("x" * 1001))[0] == 413
    [run] = await served.world.runs()
    assert run["event"].get("headers", {}).get("x-github-delivery") == "d-1"
    # What the secret proves is nobody's to see.
    assert served.world.redactor.redact(_SECRET) == "[redacted HUB_SECRET]"
    # The lease is given back: the next process need not wait.
    assert await served.world.stored(lambda tx: tx.get_lease()) is None


async def test_a_body_that_is_sent_in_chunks_ends_at_the_limit(served: Served) -> None:
    async with served.serving('webhook("hub")', _HUB):
        host, port = served.url.removeprefix("http://").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(b"POST /webhooks/hub HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        writer.write(b"".join(b"64\r\n" + b"x" * 100 + b"\r\n" for _ in range(11)))
        assert (await reader.readline()).startswith(b"HTTP/1.1 413")
        writer.close()


async def test_it_tells_how_it_is(served: Served) -> None:
    async with served.serving('webhook("hub")', _HUB):
        assert await served.ask("GET", "/healthz") == (200, '{"status": "ok"}\n')
        status, said = await served.ask("GET", "/readyz")
        assert (status, json.loads(said)["role"]) == (200, "leader")
        assert (await served.ask("POST", "/readyz"))[0] == 405
        served.world.clock.at += 60_000
        assert (await served.ask("GET", "/healthz"))[0] == 503
    opened = next(one for one in served.news if isinstance(one, OpenNews))
    assert opened.paths == ["/webhooks/hub", "/healthz", "/readyz"]


async def test_headers_by_which_anybody_could_say_who_sent_it_are_not_believed(served: Served) -> None:
    rule = {"verify": "mtls", "proxy": "envoy", "fingerprint": "0" * 64, "from": "10.0.0.7"}
    async with served.serving('webhook("hub")', {"webhooks": {"hub": rule}}):
        sent = {"X-Forwarded-For": "10.0.0.7", "X-Forwarded-Client-Cert": f"Hash={'0' * 64}"}
        status, why = await served.ask("POST", "/webhooks/hub", b"{}", sent)
        assert (status, "does not come from the proxy" in why) == (401, True)


@pytest.mark.parametrize(
    ("on", "settings", "code"),
    [
        ('webhook("hub")', {}, "CONFIG_INVALID"),
        ('queue("jobs")', {}, "CONFIG_INVALID"),
        ('queue("jobs")', {"queues": {"jobs": {"kind": "sqs", "url": "https://x"}}}, "NOT_YET"),
        ('queue("jobs")', {"queues": {"jobs": {"kind": "redis", "url": "redis://:short@h"}}}, "SECRET_TOO_SHORT"),
        ('every("1m")', {"serve": {"metrics": True}}, "NOT_YET"),
        ('every("1m")', {"serve": {"reload": True}}, "NOT_YET"),
        ("", {}, "USAGE"),
        ('every("soon")', {}, "USAGE"),
        ('webhook("hub")', {"webhooks": {"hub": {"verify": "github", "secret": "${env:NONE}"}}}, "SECRET_MISSING"),
    ],
)
async def test_what_would_be_waited_for_in_vain_is_refused(
    served: Served, on: str, settings: dict[str, Any], code: str
) -> None:
    async with served.stage(served.program(on), settings) as stage:
        assert await code_of(serve(stage, stop=served.stop, news=served.hear)) == code
    assert served.news == []


async def test_an_address_that_somebody_else_has_is_told(served: Served) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = Listen("127.0.0.1", taken.getsockname()[1])
        async with served.stage(served.program('every("1m")'), {}) as stage:
            with pytest.raises(OffstageError) as raised:
                await serve(stage, stop=served.stop, news=served.hear, listen=place)
    assert raised.value.code == "PORT_UNAVAILABLE"


async def test_where_nobody_asks_for_an_address_none_is_opened(served: Served) -> None:
    async with served.stage(served.program('every("1m")'), {}) as stage:
        served.stop.set()
        await serve(stage, stop=served.stop, news=served.hear)
    assert [one.kind for one in served.news] == ["listening"]
