"""What goes on by itself with what a run could not write: when the policy's time comes, when the day is over whose limit it met, when a pause ends."""

from __future__ import annotations

from offstage.base import hash_json
from offstage.gate import day_of
from offstage.host.environment import Making
from offstage.host.park_continuation import is_to_begin, park_continuation
from offstage.model import Run, is_ended
from offstage.state import StoreTx, paused_names

# How many of a workflow's parked runs are looked at for one that is there for the same already.
_LOOK = 100
# More than ever continue one run.
_CONTINUED = 10_000


async def continue_later(tx: StoreTx, making: Making, ended: Run) -> Run | None:
    """The run that goes on when the time comes for which the policy let writes of an ended one wait, when the day is over whose limit it met, or a pause.

    None where it let none, or one is there for the same. A schedule that comes all night leaves one: what the first of its runs goes on with
    is what the later ones would. Made in the transaction that stores the end.
    """
    if ended["phase"] != "run":
        return None
    if ended["status"] == "failed" and ended["error"] is not None and ended["error"]["code"] == "LIMIT_WRITES_PER_DAY":
        return await _after_the_day(tx, making, ended)
    pauses = list(dict.fromkeys(hold["paused"] for hold in ended["held"] if "paused" in hold))
    if pauses and _is_once(ended):
        return await _when_unpaused(tx, making, ended, pauses)
    times = [hold["until"] for hold in ended["held"] if "until" in hold]
    if not times or not _is_left(ended) or await _is_continued(tx, ended) or await _is_there(tx, ended):
        return None
    label = "the time at which the policy permits its writes"
    return await park_continuation(tx, making, ended, turn=None, until=min(times), label=label)


async def _after_the_day(tx: StoreTx, making: Making, ended: Run) -> Run | None:
    """An event is not lost for the day's limit: tomorrow has room again; and it keeps its turn, so that later events of its key come after it. The next time of a schedule comes anyway, and who called hears of it."""
    if not _is_once(ended) or await _is_continued(tx, ended):
        return None
    until = day_of(making.clock.now()).until
    label = "the next day, since today's limit of writes is met"
    return await park_continuation(tx, making, ended, turn=ended["turn"], until=until, label=label)


async def _when_unpaused(tx: StoreTx, making: Making, ended: Run, pauses: list[str]) -> Run | None:
    """Nor for a pause: what it held goes on when that is lifted (`lift_pauses`), at once where it was since; in its turn, so that a pause of hours leaves one run of a key, and what came meanwhile in its order."""
    if not _is_left(ended) or await _is_continued(tx, ended):
        return None
    paused = await paused_names(tx)
    until = None if all(name in paused for name in pauses) else making.clock.now()
    label = f"the end of the pause of {' and '.join('everything' if name == '*' else name for name in pauses)}"
    return await park_continuation(tx, making, ended, turn=ended["turn"], until=until, label=label)


def _is_once(run: Run) -> bool:
    """It comes once: no next time of a schedule, and nobody who was told of its end."""
    return run["event"]["kind"] not in ("call", "schedule")


def _is_left(run: Run) -> bool:
    return run["status"] in ("pending", "needs-attention")


async def _is_continued(tx: StoreTx, ended: Run) -> bool:
    """Something else has it go on already, a grant that was given meanwhile: what that run leaves is continued at its end."""
    runs = await tx.list_runs(root_run_id=ended["rootRunId"], limit=_CONTINUED)
    return any(run["id"] != ended["id"] and not is_ended(run["status"]) for run in runs)


async def _is_there(tx: StoreTx, ended: Run) -> bool:
    if ended["event"]["kind"] != "schedule":
        return False
    return any(
        is_to_begin(other)
        and other["event"]["kind"] == "schedule"
        and other["programHash"] == ended["programHash"]
        and hash_json(other["inputs"]) == hash_json(ended["inputs"])
        and {hold["effect"] for hold in ended["held"]} <= {hold["effect"] for hold in other["held"]}
        for other in await tx.list_runs(status=["parked"], workflow=ended["workflow"], limit=_LOOK)
    )
