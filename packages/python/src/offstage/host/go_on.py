"""What goes on with a run: with what a person permitted, or with what was settled."""

from __future__ import annotations

from offstage.base import OffstageError, new_run_id
from offstage.host.environment import Making
from offstage.host.keep_waits import keep_waits
from offstage.host.new_run import continuation_of, woken
from offstage.model import ApprovalRequest, Run, is_ended
from offstage.state import StoreTx

# More than ever continue one run.
_ALL = 10_000


async def need_run(tx: StoreTx, run_id: str) -> Run:
    """Errors: `RUN_UNKNOWN`."""
    run = await tx.get_run(run_id)
    if run is None:
        raise OffstageError("RUN_UNKNOWN", f"The store has no run {run_id}.")
    return run


async def continue_run(tx: StoreTx, making: Making, run_id: str) -> Run:
    """The run that goes on from where a run is: itself while it is not at its end, else a continuation of its root. It is not stored yet. Errors: `RUN_UNKNOWN`."""
    previous = woken(await need_run(tx, run_id))
    return await _continuation(tx, making, previous) if is_ended(previous["status"]) else previous


async def go_on_with_grant(tx: StoreTx, making: Making, granted: ApprovalRequest) -> ApprovalRequest:
    """Has a run go on with a grant, in the transaction that says so: one of its root that has not begun yet, one that is parked, or a new one.

    While one of them is driven, it may come to the effect itself; what it leaves is gone on with by `go_on_after`, in the transaction of its
    end. So there is exactly one, whatever is killed. Gives the request with the run that goes on.
    """
    runs = await tx.list_runs(root_run_id=granted["rootRunId"], limit=_ALL)
    going = {run["status"]: run for run in runs if not is_ended(run["status"])}
    if "queued" in going:
        return _continued(granted, going["queued"]["id"])
    if "running" in going:
        return granted
    parked = going.get("parked")
    if parked is None:
        # Somebody ended it, and a message of before is no word to begin it again: whatever run comes to the same next uses the grant.
        if runs and runs[0]["status"] == "cancelled":
            return _continued(granted, runs[0]["id"])
        if await tx.get_run(granted["runId"]) is None:
            return granted
    next = await continue_run(tx, making, granted["runId"]) if parked is None else woken(parked)
    await tx.put_run(next)
    return _continued(granted, next["id"])


async def go_on_after(tx: StoreTx, making: Making, run: Run, again: Run | None) -> Run:
    """What becomes of a run that came to its end, or is to be parked, with grants that were given while it went on: once for each, whether the run that goes on uses it or not.

    A parked one goes on at once, one that ended is continued, one that a person ended is not. `again`: the run that tries it again anyway. Gives the run as it is to be stored.
    """
    if run["phase"] == "plan":
        return run
    now = making.clock.now()
    owed = [
        one
        for one in await tx.owed_requests(run["rootRunId"])
        if one["expiresAt"] is not None and one["expiresAt"] > now
    ]
    if not owed:
        return run
    next = await _next_of(tx, making, run) if again is None else again["id"]
    for granted in owed:
        await tx.put_request(_continued(granted, next))
    return woken(run) if next == run["id"] else run


async def _next_of(tx: StoreTx, making: Making, run: Run) -> str:
    if not is_ended(run["status"]) or run["status"] == "cancelled":
        return run["id"]
    queued = await tx.list_runs(root_run_id=run["rootRunId"], status=["queued"], limit=1)
    if queued:
        return queued[0]["id"]
    next = await _continuation(tx, making, run)
    await tx.put_run(next)
    return next["id"]


async def _continuation(tx: StoreTx, making: Making, previous: Run) -> Run:
    now = making.clock.now()
    next = continuation_of(previous, new_run_id(now, making.random_bytes), now)
    await keep_waits(tx, previous, next)
    return next


def _continued(granted: ApprovalRequest, run_id: str) -> ApprovalRequest:
    told = granted.copy()
    told["continuedBy"] = run_id
    return told
