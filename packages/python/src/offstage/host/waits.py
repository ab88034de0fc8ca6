"""What the steps of a run wait for, over a store. A row is durable before the run is parked, with all that led to it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from typing import Any, Literal, TypeVar

from offstage.base import Clock, Data
from offstage.effects import why_others
from offstage.engine import WaitAnswer
from offstage.host.journal import StoreJournal
from offstage.model import ApprovalAnswer, Approvers, EventSource, Run, RunWait, Wait
from offstage.state import Store, StoreTx

T = TypeVar("T")


class StoreWaits:
    """The engine's port of waiting."""

    def __init__(
        self,
        *,
        store: Store,
        run: Run,
        clock: Clock,
        fence: int | None,
        journal: StoreJournal,
        new_id: Callable[[], str],
        approvers: Approvers,
    ) -> None:
        self._store = store
        self._run = run
        self._clock = clock
        self._fence = fence
        self._journal = journal
        self._new_id = new_id
        self._approvers = approvers

    async def sleep(
        self, *, step: str, hash: str, label: str, kind: Literal["sleep", "poll"], after_ms: int | None, at: int | None
    ) -> WaitAnswer:
        """For a time, or until an instant."""

        async def slept(tx: StoreTx, now: int) -> WaitAnswer:
            until = at if after_ms is None else now + after_ms
            wait = await self._look(
                tx, step, hash, lambda: _any({**self._begin(step, hash, label, now, until), "kind": kind}), now
            )
            return {"kind": "over", "value": None} if wait["status"] == "over" else _open(wait)

        return await self._in_turn(slept)

    async def approve(
        self,
        *,
        step: str,
        hash: str,
        label: str,
        topic: str,
        message: str,
        show: Data | None,
        by: list[str] | None,
        within_ms: int | None,
    ) -> WaitAnswer:
        """For a person's answer; what was answered here last, to the same question, holds."""

        async def approved(tx: StoreTx, now: int) -> WaitAnswer:
            if await _known_wait(tx, self._run["id"], step, hash) is None:
                kept = await _kept_answer(tx, topic, hash)
                if kept is not None and not await self._why_others(tx, by, kept["by"]):
                    return {"kind": "over", "value": kept}
            until = None if within_ms is None else now + within_ms
            asked = {"kind": "approval", "topic": topic, "message": message, "show": show, "by": by, "answer": None}
            wait: Any = await self._look(
                tx, step, hash, lambda: _any({**self._begin(step, hash, label, now, until), **asked}), now
            )
            if wait["status"] != "over":
                return _open(wait)
            nobody = {"verdict": None, "at": now if wait["until"] is None else wait["until"]}
            return {"kind": "over", "value": nobody if wait["answer"] is None else wait["answer"]}

        return await self._in_turn(approved)

    async def event(
        self, *, step: str, hash: str, label: str, source: EventSource, topic: str, within_ms: int | None, seen: int
    ) -> WaitAnswer:
        """For an event behind the place `seen`."""
        run_id = self._run["id"]

        async def came(tx: StoreTx, now: int) -> WaitAnswer:
            known = await _known_wait(tx, run_id, step, hash)
            until = None if within_ms is None else now + within_ms
            begun = {**self._begin(step, hash, label, now, until), "kind": "event", "topic": topic, "source": source}
            wait = _any(begun) if known is None else known
            over = known is not None and known["status"] == "over"
            next = None if known is None or over else await tx.next_event(run_id, step, seen)
            if next is not None:
                return {"kind": "over", "value": {"place": next.place, "event": next.event}}
            # What came at the last moment was looked at first. From here on nothing is taken any more, whatever another process's clock says.
            status = "over" if over or is_past(wait, now) else "open"
            if known is None or known["status"] != status or seen > 0:
                await self._journal.flush(tx)
                if known is None:
                    await tx.remove_wait(run_id, step)
                else:
                    await tx.clear_events(run_id, step, seen)
                await tx.put_wait(_any({**wait, "status": status}))
            return {"kind": "over", "value": None} if status == "over" else _open(wait)

        return await self._in_turn(came)

    async def _in_turn(self, body: Callable[[StoreTx, int], Awaitable[T]]) -> T:
        return await self._store.transact(lambda tx: body(tx, self._clock.now()), durable=True, fence=self._fence)

    async def _look(self, tx: StoreTx, step: str, hash: str, make: Callable[[], Wait], now: int) -> Wait:
        """The row of a step as it is now: made when the step is first reached, over when something came or its time has."""
        known = await _known_wait(tx, self._run["id"], step, hash)
        current = make() if known is None else known
        past = current["status"] == "ready" or (current["status"] == "open" and is_past(current, now))
        looked = _any({**current, "status": "over"}) if past else current
        if looked is known or (known is None and looked["status"] == "over"):
            return looked
        await self._journal.flush(tx)
        await tx.put_wait(looked)
        return looked

    def _begin(self, step: str, hash: str, label: str, now: int, until: int | None) -> dict[str, Any]:
        run = self._run
        return {
            "id": self._new_id(),
            "runId": run["id"],
            "rootRunId": run["rootRunId"],
            "workflow": run["workflow"],
            "step": step,
            "hash": hash,
            "label": label,
            "since": now,
            "until": until,
            "status": "open",
        }

    async def _why_others(self, tx: StoreTx, by: list[str] | None, who: str) -> bool:
        return await why_others(tx, by, self._run["rootRunId"], who, self._approvers) is not None


def is_past(wait: Wait, now: int) -> bool:
    """Whether a wait is over by itself."""
    return wait["until"] is not None and now >= wait["until"]


async def forget_waits(tx: StoreTx, run_id: str, waits: Sequence[RunWait]) -> None:
    """Forgets what a run does not wait for any more: what it went on from is in its journal. `waits` is what it is parked at; none when it has ended.

    What people were asked is kept, so that later runs need not ask it again.
    """
    kept = {wait["step"] for wait in waits}
    if not waits:
        await tx.forget_events(run_id)
    for wait in await tx.waits_of(run_id):
        answered = wait["kind"] == "approval" and wait["status"] == "over"
        if wait["step"] not in kept and not answered:
            await tx.remove_wait(run_id, wait["step"])


async def _known_wait(tx: StoreTx, run_id: str, step: str, hash: str) -> Wait | None:
    known = await tx.get_wait(run_id, step)
    return known if known is not None and known["hash"] == hash else None


async def _kept_answer(tx: StoreTx, topic: str, hash: str) -> ApprovalAnswer | None:
    """What a person said at this place, when it was asked last and was asked the same."""
    last = next(iter(await tx.list_waits(topic=topic, status=["ready", "over"], limit=1)), None)
    return last["answer"] if last is not None and last["kind"] == "approval" and last["hash"] == hash else None


def _open(wait: Wait) -> WaitAnswer:
    told: RunWait = {
        "id": wait["id"],
        "kind": wait["kind"],
        "step": wait["step"],
        "label": wait["label"],
        "since": wait["since"],
        "until": wait["until"],
    }
    return {"kind": "open", "wait": told}


def _any(wait: dict[str, Any]) -> Any:
    return wait
