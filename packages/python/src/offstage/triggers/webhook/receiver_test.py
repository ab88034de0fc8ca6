from __future__ import annotations

import asyncio
import hmac
import multiprocessing
import signal
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from offstage.base import OffstageError, Redactor
from offstage.config import Rate
from offstage.host import serve_workflow
from offstage.model import Run
from offstage.testing.host_world import HostWorld
from offstage.testing.served_world import ServedProcess, ServedWorld
from offstage.testing.store_places import StoreIn, file_in
from offstage.triggers.webhook import Answer, DeliveryNews, Receiver, Request, Scheme, WebhookSource

_SECRET = "a-secret-of-some-length"
_ON = 'webhook("hub", when=lambda event: event["headers"].get("x-kind") == "push", key=lambda event: event["body"]["ref"])'
_BODY = """
n = context["event"]["body"]["n"]
await once(n, lambda: world.send(text=n))
if n == "waits":
    other = await wait_for(webhook("hub"), when=lambda one: one["headers"].get("x-kind") == "ping")
    await once("pinged", lambda: world.send(text=other["body"]["n"]))
"""


class Hub:
    """A source that sends to a process."""

    def __init__(self, served: ServedWorld, process: ServedProcess, rate: Rate | None = None) -> None:
        world = served.world
        environment = world.environment()
        self.news: list[DeliveryNews] = []
        self._world = world
        self._receiver = Receiver(
            store=process.store,
            clock=world.clock,
            random_bytes=environment.random_bytes,
            redactor=world.redactor,
            workflows=[serve_workflow(served.program(_ON, _BODY), environment)],
            sources=[
                WebhookSource(
                    name="hub", scheme=lambda: Scheme(kind="github", secrets=[_SECRET]), max_bytes=1_000, rate=rate
                ),
                WebhookSource(
                    name="chat", scheme=lambda: Scheme(kind="slack", secrets=[_SECRET]), max_bytes=1_000, rate=None
                ),
            ],
            news=self.news.append,
            came=process.bell.set,
        )

    async def send(
        self, body: str, id: str = "", *, headers: Mapping[str, str] | None = None, path: str = "/webhooks/hub"
    ) -> Answer:
        """A signed delivery."""
        signature = hmac.digest(_SECRET.encode(), body.encode(), "sha256").hex()
        sent = {"x-hub-signature-256": f"sha256={signature}", "x-kind": "push", **(headers or {})}
        if id:
            sent["x-github-delivery"] = id
        return await self.post(body.encode(), sent, path)

    async def post(self, body: bytes, headers: Mapping[str, str], path: str = "/webhooks/hub") -> Answer:
        async def parts() -> AsyncIterator[bytes]:
            for at in range(0, len(body), 7):
                yield body[at : at + 7]

        request = Request(method="POST", path=path, headers=headers, body=parts(), peer=None)
        return await self._receiver.receive(request)


def push(n: str, ref: str = "main") -> str:
    return f'{{"ref": "{ref}", "n": "{n}"}}'


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[ServedWorld]:
    made = ServedWorld(HostWorld(tmp_path))
    yield made
    await made.close()


async def begin(served: ServedWorld, pid: int = 1) -> ServedProcess:
    return await served.serve(pid, served.program(_ON, _BODY))


pytestmark = pytest.mark.anyio


async def test_a_delivery_is_in_the_store_when_it_is_accepted_and_starts_its_run_at_once(served: ServedWorld) -> None:
    process = await begin(served)
    hub = Hub(served, process)
    answer = await hub.send(push("a"), "d-1", headers={"cookie": "c", "x-other": "kept"})
    assert (answer.status, answer.text) == (202, "Accepted.")
    await served.settle()
    [run] = await served.world.runs()
    assert (run["status"], run["turn"], served.world.calls.written()) == ("succeeded", "main", ["a"])
    # What proves it is not in the event.
    assert run["event"].get("headers") == {"x-kind": "push", "x-other": "kept", "x-github-delivery": "d-1"}
    assert [one.kind for one in hub.news] == ["delivered"]


async def test_a_delivery_that_comes_again_changes_nothing_whichever_process_takes_it(served: ServedWorld) -> None:
    first = await begin(served, 1)
    second = await begin(served, 2)
    for process in (first, second, first):
        assert (await Hub(served, process).send(push("a"), "d-1")).status == 202
    await served.settle()
    assert served.world.calls.written() == ["a"]
    assert len(await served.world.runs()) == 1
    # Without an id each is its own: two equal bodies may well be two events.
    for _ in range(2):
        await Hub(served, second).send(push("b"))
    await served.advance(1_000)
    assert len(await served.world.runs()) == 3


async def test_what_is_not_proven_too_large_or_not_for_us_is_refused_and_nothing_is_kept(served: ServedWorld) -> None:
    hub = Hub(served, await begin(served))
    forged = {"x-hub-signature-256": "sha256=" + "00" * 32, "x-kind": "push"}
    assert (await hub.post(push("a").encode(), forged)).status == 401
    # Checked before it is parsed: what is no JSON is refused for its signature.
    assert (await hub.post(b"{", forged)).status == 401
    assert (await hub.send("x" * 1_001)).status == 413
    assert (await hub.send("x", headers={"content-length": "1001"})).status == 413
    assert (await hub.send(push("a"), path="/webhooks/other")).status == 404
    assert (await hub.send(push("a"), path="/")).status == 404
    # One that no trigger wants is taken and not kept.
    assert (await hub.send(push("a"), headers={"x-kind": "other"})).status == 202
    await served.advance(1_000)
    assert await served.world.runs() == []
    assert [one.status for one in hub.news if one.kind == "refused"] == [401, 401, 413, 413]


async def test_more_than_the_rate_allows_is_put_off_and_what_is_not_proven_takes_nobodys_place(
    served: ServedWorld,
) -> None:
    hub = Hub(served, await begin(served), Rate(2, 60_000))
    for _ in range(5):
        await hub.post(b"{}", {})
    assert [(await hub.send(push(n), n)).status for n in ("a", "b", "c")] == [202, 202, 429]
    late = await hub.send(push("c"), "c")
    assert late.headers["retry-after"] == "30"
    await served.advance(30_000)
    assert (await hub.send(push("c"), "c")).status == 202


async def test_a_delivery_whose_key_no_store_can_keep_is_refused_for_good(served: ServedWorld) -> None:
    hub = Hub(served, await begin(served))
    answer = await hub.send(push("a", r"\ud800"), "d-1")
    assert (answer.status, "retry-after" in answer.headers) == (400, False)
    assert (hub.news[-1].kind, hub.news[-1].status) == ("refused", 400)
    assert (await hub.send(push("a"), "d-1")).status == 202


async def test_a_store_that_cannot_take_it_has_it_sent_again(served: ServedWorld) -> None:
    process = await begin(served)
    hub = Hub(served, process)
    process.store.fault = OffstageError("STORE_LOCKED", "Busy.")
    answer = await hub.send(push("a"), "d-1")
    assert (answer.status, answer.headers["retry-after"]) == (503, "5")
    process.store.fault = None
    assert (await hub.send(push("a"), "d-1")).status == 202
    await served.settle()
    assert served.world.calls.written() == ["a"]


async def test_an_event_is_offered_to_the_step_that_waits_for_it_and_once(served: ServedWorld) -> None:
    hub = Hub(served, await begin(served))
    await hub.send(push("waits"), "d-1")
    await served.settle()
    assert [run["status"] for run in await served.world.runs()] == ["parked"]
    for _ in range(2):
        await hub.send(push("zen"), "d-2", headers={"x-kind": "ping"})
    await served.advance(1_000)
    assert [run["status"] for run in await served.world.runs()] == ["succeeded"]
    assert served.world.calls.written() == ["waits", "zen"]


async def test_slack_is_answered_its_challenge_only_when_it_is_signed(served: ServedWorld) -> None:
    hub = Hub(served, await begin(served))
    body = b'{"type": "url_verification", "challenge": "c-1"}'
    time = str(served.world.clock.now() // 1_000)
    signature = hmac.digest(_SECRET.encode(), b"v0:" + time.encode() + b":" + body, "sha256").hex()
    headers = {"x-slack-request-timestamp": time, "x-slack-signature": f"v0={signature}"}
    asked = await hub.post(body, headers, "/webhooks/chat")
    assert (asked.status, asked.text) == (200, "c-1")
    assert (await hub.post(body, {**headers, "x-slack-signature": "v0=00"}, "/webhooks/chat")).status == 401


async def test_a_secret_in_a_delivery_is_taken_out_before_it_is_stored(served: ServedWorld) -> None:
    redactor = Redactor()
    redactor.register("hunter2-hunter2", "a password")
    served.world.redactor = redactor
    await Hub(served, await begin(served)).send(push("x hunter2-hunter2"), "d-1")
    await served.settle()
    assert served.world.calls.written() == ["x [redacted a password]"]


def _take(world: HostWorld) -> None:
    """A process that serves and takes a delivery, and dies at a step. What it answered stays."""
    asyncio.run(_taken(world, 1))


async def _taken(world: HostWorld, pid: int) -> list[Run]:
    """Sends what was not answered yet, as a source does."""
    served = ServedWorld(world)
    process = await begin(served, pid)
    answered = world.folder / "answered"
    if not answered.exists() and (await Hub(served, process).send(push("a"), "d-1")).status == 202:
        answered.write_text("202")
    await served.advance(1_000)
    await served.stop(process)
    await served.close()
    return await world.runs()


def test_a_process_killed_between_any_two_transactions_loses_no_delivery_and_runs_none_twice(
    tmp_path: Path, store_in: StoreIn
) -> None:
    fork = multiprocessing.get_context("fork")
    answered, every = 0, 1 if store_in is file_in else 9
    for dies_at in range(1, 200, every):
        folder = tmp_path / str(dies_at)
        folder.mkdir()
        process = fork.Process(target=_take, args=(HostWorld(folder, store_in, dies_at=dies_at),))
        process.start()
        process.join()
        if process.exitcode == 0:
            assert dies_at > 30
            # It was killed before it said so, and after.
            assert every > 1 or 5 < answered < dies_at - 5
            return
        assert process.exitcode == -signal.SIGKILL
        answered += (folder / "answered").exists()
        later = HostWorld(folder, store_in)
        [run] = asyncio.run(_taken(later, 2))
        unsure = len(run["ambiguous"])
        assert run["status"] == ("needs-attention" if unsure else "succeeded"), (dies_at, run)
        assert len(later.calls.written()) in ((0, 1) if unsure else (1,)), dies_at
    raise AssertionError("It never came to its end.")
