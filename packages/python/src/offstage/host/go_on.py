"""What goes on with a run: with what a person permitted, or with what was settled."""

from __future__ import annotations

import re

from offstage.base import OffstageError, decode_value, encode_value, new_run_id
from offstage.host.environment import Making
from offstage.host.new_run import continuation_of, woken
from offstage.model import ApprovalRequest, Run, is_ended
from offstage.state import JournalRow, StoreTx

# More than ever continue one run.
_ALL = 10_000
# Steps of which what they came to was done: time passed, an event came. Not `poll`, which reads; what a person answered is found by its topic.
_WAIT = re.compile(r"(?:^|/)(?:sleep|until|wait_for)#\d+$")
# When a `once` with a window was come to.
_WINDOW = re.compile(r"/window$")


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


async def go_on_after(tx: StoreTx, making: Making, run: Run) -> Run:
    """What becomes of a run that came to its end, or is to be parked, with grants that were given while it went on: once for each, whether the run that goes on uses it or not.

    A parked one goes on at once, one that ended is continued, one that a person ended is not. Gives the run as it is to be stored.
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
    next = await _next_of(tx, making, run)
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
    await _keep_waits(tx, previous, next)
    return next


async def _keep_waits(tx: StoreTx, previous: Run, next: Run) -> None:
    """Hands what a run waited for to the run that continues it: no time passes again, and an event that came, comes to it too.

    Waits within items of an `each` that were finished are not among it: their rows are compacted. And when it came to a `once` with a window:
    what a person permits of that is of that time; what was written then, also in items that were finished, the ledger knows.
    """
    rows: list[JournalRow] = []
    for row in await tx.load_journal(previous["id"]):
        if row["kind"] == "step" and _WAIT.search(row["key"]):
            earlier = {"hash": row["hash"], "answer": decode_value(row["value"])}
            value = encode_value({"result": earlier, "staged": []})
            rows.append({"key": f"{row['key']}/earlier", "kind": "item", "hash": "", "value": value})
        elif row["kind"] == "now" and _WINDOW.search(row["key"]):
            rows.append(row)
    if rows:
        await tx.append_journal(next["id"], rows)


def _continued(granted: ApprovalRequest, run_id: str) -> ApprovalRequest:
    told = granted.copy()
    told["continuedBy"] = run_id
    return told
