"""What workflows themselves ask of people, `approve(…)`, and what people answer."""

from __future__ import annotations

from offstage.base import OffstageError, iso_time
from offstage.effects import refuse_others, why_others
from offstage.host.waits import is_past
from offstage.model import DEFAULT_POLICY, ApprovalAnswer, ApprovalWait, Approvers
from offstage.state import Store, StoreTx

# More than anybody is asked.
_ALL = 1_000_000


async def open_approvals(store: Store, now: int) -> list[ApprovalWait]:
    """What workflows ask of people now, oldest first. One whose time is over is not asked any more, also when its run has not seen that yet."""
    asked = await store.transact(_open, durable=False, reads=True)
    return [wait for wait in reversed(asked) if not is_past(wait, now)]


async def answer_approval(
    store: Store, id: str, answer: ApprovalAnswer, approvers: Approvers = DEFAULT_POLICY["approvers"]
) -> list[str]:
    """Stores a person's answer to a step that waits for one, and to every other run that asks the same at the same place, unless its answer has to be somebody else's.

    Needs no lease: whoever drives the runs next goes on with them. Gives the runs that can. Errors: `REQUEST_UNKNOWN` when it is not open
    (any more), `ANSWER_NOT_ALLOWED` when others were named to answer; nothing is kept then.
    """

    async def answered(tx: StoreTx) -> list[str]:
        asking = await _open(tx)
        asked = next((wait for wait in asking if wait["id"] == id), None)
        if asked is None:
            raise OffstageError(
                "REQUEST_UNKNOWN",
                f"No run waits for an answer to {id}.",
                hint="`offstage approve` lists what is open.",
            )
        if is_past(asked, answer["at"]):
            raise OffstageError(
                "REQUEST_UNKNOWN",
                f"{id} could be answered until {iso_time(asked['until'] or 0)}.",
                hint="Its run goes on without an answer: `offstage resume`.",
            )
        await refuse_others(tx, asked["by"], asked["rootRunId"], answer["by"], approvers)
        told: list[str] = []
        for wait in asking:
            if (wait["topic"], wait["hash"]) != (asked["topic"], asked["hash"]) or is_past(wait, answer["at"]):
                continue
            # One that this person started asks somebody else still.
            if await why_others(tx, wait["by"], wait["rootRunId"], answer["by"], approvers) is None:
                ready = wait.copy()
                ready["status"], ready["answer"] = "ready", answer
                await tx.put_wait(ready)
                told.append(wait["runId"])
        return told

    return await store.transact(answered, durable=True)


async def _open(tx: StoreTx) -> list[ApprovalWait]:
    """The newest first."""
    waits = await tx.list_waits(kind="approval", status=["open"], limit=_ALL)
    return [wait for wait in waits if wait["kind"] == "approval"]
