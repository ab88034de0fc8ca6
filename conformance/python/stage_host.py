"""One process of a stage: a host over the case's store. Its servers, its model and its time are the test's."""

import importlib
import os
import signal
from collections.abc import Awaitable, Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from offstage.base import Data, ErrorData, OffstageError, Redactor, undefined
from offstage.calls import Calls, CallsOptions, Rulebook, RunCalls
from offstage.host import (
    EmbeddedHost,
    Environment,
    Program,
    StoreBlobs,
    answer_approval,
    holder_is_alive,
    offer_event,
    open_approvals,
    this_process,
)
from offstage.host import (
    Offer as EventOffer,
)
from offstage.mcp.reply import CallOptions, Offer, OfferReply, OfferResult, RawError, RawReply, RawResult
from offstage.model import ApprovalRequest, Run
from offstage.state import Store
from offstage.stores.sqlite import open_sqlite_store
from offstage.testing.fake_clock import FakeClock
from offstage.testing.host_world import CALLED, VisitedStore, load_program
from stage_pipe import StagePipe

# Nothing is to be late because the machine was: time passes here while the disk is waited for.
_CALL_TIMEOUT_MS = 40_000
_BY = "tester"


@cache
def _program(folder: str) -> Program:
    return load_program(Path(folder), Path(folder).name)


@cache
def _profiles(folder: str) -> dict[str, Any]:
    files = sorted(Path(folder, "profiles").glob("[a-z]*.py"))
    return {file.stem: importlib.import_module(f"{Path(folder).name}.profiles.{file.stem}").PROFILE for file in files}


def load(task: dict[str, Any]) -> None:
    """Loads the package of a process before it begins, for all that come after it."""
    _program(task["package"])
    _profiles(task["package"])


class _WorldSession:
    """A server of the test's world."""

    def __init__(self, pipe: StagePipe) -> None:
        self._pipe = pipe

    async def call(self, tool: str, args: Data, options: CallOptions) -> RawReply:
        reply = await self._pipe.ask("call", tool, args)
        if reply["kind"] == "error":
            return _raw_error(reply)
        has_structured = reply["structured"] is not undefined
        return RawResult(
            is_error=reply["isError"],
            content=reply["content"],
            structured=reply["structured"] if has_structured else None,
            has_structured=has_structured,
        )

    async def offer(self, offer: Offer, options: CallOptions) -> OfferReply:
        asked = (
            {"kind": "resource", "uri": offer.name}
            if offer.kind == "resource"
            else {"kind": "prompt", "name": offer.name, "args": dict(offer.args)}
        )
        reply = await self._pipe.ask("offer", asked)
        return _raw_error(reply) if reply["kind"] == "error" else OfferResult(result=reply["result"])


def _raw_error(reply: Any) -> RawError:
    return RawError(error=reply["error"], sent=reply["sent"], text=reply.get("text"))


class _VisitedCalls:
    """Calls that are noted in the test, and tell before and after each of them."""

    def __init__(self, calls: RunCalls, visit: Callable[[str], None], pipe: StagePipe) -> None:
        self._calls = calls
        self._visit = visit
        self._pipe = pipe

    async def read(self, step: str, server: str, tool: str, args: Data) -> Any:
        self._pipe.tell("note", step, tool, args)
        return await self._visited(self._calls.read(step, server, tool, args))

    async def read_offer(self, step: str, server: str, offer: dict[str, Any]) -> Any:
        self._pipe.tell("note", step, offer["kind"], offer)
        return await self._visited(self._calls.read_offer(step, server, offer))

    async def call(self, server: str, tool: str, args: Data, deadline_at: float) -> Any:
        self._pipe.tell("note", None, tool, args)
        return await self._visited(self._calls.call(server, tool, args, deadline_at))

    async def _visited(self, call: Awaitable[Any]) -> Any:
        self._visit("before")
        answer = await call
        self._visit("after")
        return answer


class _Models:
    """The test's model."""

    def __init__(self, pipe: StagePipe) -> None:
        self._pipe = pipe

    async def ask(self, step: str, prompt: str, schema: Any, max_tokens: int, model: str | None) -> Any:
        self._pipe.tell("note", step, "ask", prompt)
        return await self._pipe.ask("model", prompt)


class _Process:
    """The host, and all that the test wants of it. `dies_at`: at this visit, from 1, it kills itself; 0: never."""

    def __init__(self, task: dict[str, Any], pipe: StagePipe) -> None:
        self._task = task
        self._pipe = pipe
        self._program = _program(task["package"])
        self._clock = FakeClock(task["now"])
        self._targets: dict[str, str] = task["targets"]
        self._visits = 0

    async def serve(self) -> None:
        """Until the test has no more words."""
        store = VisitedStore(await open_sqlite_store(Path(self._task["file"]), now=self._clock.now()), self._visit)
        self._store: Store = store
        self._host = EmbeddedHost(
            store=store,
            environment=self._environment(store),
            programs=[self._program],
            me=this_process(),
            alive=holder_is_alive,
        )
        await self._pipe.serve(self._do, self._told)

    def _visit(self, _point: str) -> None:
        self._visits += 1
        if self._visits == self._task["diesAt"]:
            os.kill(os.getpid(), signal.SIGKILL)

    async def _told(self, said: dict[str, Any]) -> None:
        self._targets.update(said["targets"])
        await self._clock.advance(said["now"] - self._clock.now())

    async def _do(self, what: str, args: list[Any]) -> Any:
        wish: Callable[..., Awaitable[Any]] | None = getattr(self, f"do_{what}", None)
        if wish is None:
            raise OffstageError("NOT_YET", f"The Python host does not {what} yet.")
        return await wish(*args)

    async def do_run(self, inputs: Any) -> Run:
        return await self._host.start(self._program, inputs=inputs, event=CALLED)

    async def do_show(self, run_id: str) -> Run:
        return await self._host.get(run_id)

    async def do_plan(self) -> Any:
        return (await self._host.plan(self._program, inputs={}, event=CALLED))[1]

    async def do_apply(self, plan_id: str) -> Run:
        return await self._host.apply(plan_id, self._program)

    async def do_resume(self, run_id: str) -> Run:
        return await self._host.go_on(run_id)

    async def do_rest(self) -> None:
        """Drives every run that can go on."""
        await self._host.work()

    async def do_answer_writes(self, verdict: Any) -> Run | None:
        """Answers every open request; what goes on with the first of them, to its end."""
        requests = await self._store.transact(_open_requests, durable=False, reads=True)
        if not requests:
            return None
        answered = await self._host.answer([one["id"] for one in requests], verdict, by=_BY)
        await self._host.work()
        continued = answered[0]["continuedBy"]
        return None if continued is None else await self._host.get(continued)

    async def do_answer(self, verdict: Any, text: str) -> int:
        """Answers what workflows ask, as far as its message holds the text; how many there were."""
        now = self._clock.now()
        asked = [one for one in await open_approvals(self._store, now) if text in one["message"]]
        for one in asked:
            await answer_approval(self._store, one["id"], {"verdict": verdict, "by": _BY, "at": now})
        return len(asked)

    async def do_offer(self, run_id: str, topic: str, event: Data) -> int:
        """Offers an event to a run; to how many of its steps it was new."""
        offer = EventOffer(run_id=run_id, topic=topic, event=event)
        return len((await offer_event(self._store, Redactor(), offer, self._clock.now())).steps)

    def _environment(self, store: Store) -> Environment:
        async def session(_server: str) -> _WorldSession:
            return _WorldSession(self._pipe)

        async def connect(_servers: Sequence[str]) -> None:
            return None

        rulebook, redactor = Rulebook(_profiles(self._task["package"])), Redactor()
        calls = Calls(
            CallsOptions(
                sessions=session,
                rules=rulebook,
                redactor=redactor,
                clock=self._clock,
                timeout_ms=lambda _: _CALL_TIMEOUT_MS,
                blobs=StoreBlobs(store, self._clock),
            )
        )
        return Environment(
            clock=self._clock,
            random_bytes=os.urandom,
            policy=self._task["policy"],
            redactor=redactor,
            tools=rulebook,
            calls=_VisitedCalls(RunCalls(calls), self._visit, self._pipe),
            connect=connect,
            lock_fault=_no_fault,
            target_of=lambda server: self._targets.get(server, f"{server}.example"),
            timeout_ms=lambda _: _CALL_TIMEOUT_MS,
            classes="world",
            profiles="world",
            news=lambda _: None,
            models=_Models(self._pipe),
        )


async def _open_requests(tx: Any) -> list[ApprovalRequest]:
    return await tx.list_requests(status=["open"], limit=100)


def _no_fault(_server: str, _tool: str) -> ErrorData | None:
    return None


async def serve(task: dict[str, Any]) -> None:
    """What a process of a stage does all its life."""
    await _Process(task, await StagePipe.open(task["socket"], task["name"])).serve()
