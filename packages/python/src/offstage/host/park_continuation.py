"""Runs that go on from where another one ended, when their time comes."""

from __future__ import annotations

from offstage.base import new_run_id
from offstage.host.environment import Making
from offstage.host.keep_waits import keep_waits
from offstage.host.new_run import continuation_of
from offstage.model import Run, RunWait, SleepWait
from offstage.state import StoreTx

# The wait of a run that has not begun; no step of a program has this key.
_BEGIN = "again"


async def park_continuation(
    tx: StoreTx, making: Making, ended: Run, *, turn: str | None, until: int | None, label: str
) -> Run:
    """The continuation of a run that ended, parked until its time, with what is known to be held. Stored; call it in the transaction that stores the end.

    `turn`: the key whose turn it keeps. `until`: from when on, ms; None: when something wakes it. `label`: why, for people.
    """
    now = making.clock.now()
    id = new_run_id(now, making.random_bytes)
    wait: RunWait = {
        "id": new_run_id(now, making.random_bytes),
        "kind": "sleep",
        "step": _BEGIN,
        "label": label,
        "since": now,
        "until": until,
    }
    next = continuation_of(ended, id, now)
    next["status"], next["turn"], next["held"], next["waits"] = "parked", turn, ended["held"], [wait]
    row: SleepWait = {
        "id": wait["id"],
        "kind": "sleep",
        "step": _BEGIN,
        "label": label,
        "since": now,
        "until": until,
        "runId": id,
        "rootRunId": ended["rootRunId"],
        "workflow": ended["workflow"],
        "hash": "",
        "status": "open",
    }
    await tx.put_run(next)
    await tx.put_wait(row)
    await keep_waits(tx, ended, next)
    return next


async def wake_to_begin(tx: StoreTx, run_id: str) -> bool:
    """Lets a run that has not begun go on now, whatever it waits for; where it waits for nothing, nothing changes."""
    wait = await tx.get_wait(run_id, _BEGIN)
    if wait is None:
        return False
    ready = wait.copy()
    ready["status"] = "ready"
    await tx.put_wait(ready)
    return True


def is_to_begin(run: Run) -> bool:
    """Whether a parked run has not begun: it waits for its time."""
    return any(wait["step"] == _BEGIN for wait in run["waits"])
