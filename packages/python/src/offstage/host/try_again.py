"""Another try, when a server could not be had."""

from __future__ import annotations

from offstage.base import back_off_ms
from offstage.host.environment import Environment
from offstage.host.park_continuation import park_continuation
from offstage.model import Run
from offstage.state import StoreTx

# A server that could not be had: it is gone, broken, shut to us, or left alone for that; or nothing was sent to it in time, by a machine that
# slept meanwhile. What it answered with an error is its answer, and no such thing.
_NOT_HAD = frozenset(
    {
        *("AUTH_FAILED", "DEADLINE_PASSED", "EFFECT_LATE", "LOGIN_NEEDED", "SERVER_AILING", "SERVER_EXITED"),
        *("SERVER_GARBAGE", "SERVER_REFUSED", "SERVER_SESSION_LOST", "SERVER_START", "SERVER_TIMEOUT"),
        "SERVER_UNREACHABLE",
    }
)
# Twice as long each time, so that it costs little and no outage is made much longer. Counted in tries: a machine that sleeps for days gives
# nothing up for that. Ms.
_FIRST_MS, _LONGEST_MS = 60_000, 3_600_000
# More than are ever made within the longest time.
_LOOKED_BACK = 1_024


async def try_again(tx: StoreTx, environment: Environment, failed: Run) -> Run | None:
    """The run that is to do what an event asked for, when one failed at it because a server could not be had: a continuation, which waits.

    None for any other run, for one that somebody called, who hears of it, and when it was tried for long enough (`retry_ms`). Made in the
    transaction that stores the failure, so that no event is lost between.
    """
    if environment.retry_ms == 0 or failed["phase"] != "run" or failed["event"]["kind"] == "call":
        return None
    if not _could_not_have(failed):
        return None
    waits = [_wait_ms(tries) for tries in range(1, await _tries_of(tx, failed) + 1)]
    if sum(waits) > environment.retry_ms:
        return None
    until = environment.clock.now() + waits[-1]
    label = f"another try, as run {failed['id']} could not have a server"
    return await park_continuation(tx, environment, failed, turn=failed["turn"], until=until, label=label)


def _wait_ms(tries: int) -> int:
    return int(back_off_ms(tries, first_ms=_FIRST_MS, longest_ms=_LONGEST_MS))


def _could_not_have(run: Run) -> bool:
    errors = [run["error"], *(failure["error"] for failure in run["failures"])]
    ended = run["status"] in ("partial", "pending", "needs-attention", "failed")
    return ended and any(error is not None and error["code"] in _NOT_HAD for error in errors)


async def _tries_of(tx: StoreTx, failed: Run) -> int:
    """How many runs of this root failed in a row because they could not have a server."""
    runs = await tx.list_runs(root_run_id=failed["rootRunId"], limit=_LOOKED_BACK)
    others = [run for run in runs if run["id"] != failed["id"]]
    ended = next((index for index, run in enumerate(others) if not _could_not_have(run)), len(others))
    return 1 + ended
