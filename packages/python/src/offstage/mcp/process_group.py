"""A server is a process group of its own, which is ended as a whole: wrappers (`npx`) leave no orphans."""

import atexit
import os
import signal
from asyncio.subprocess import Process
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from offstage.base import Clock

_POLL_MS = 20
# SIGKILL works at once; a zombie that nobody reaps would look alive for ever. Ms.
_AFTER_KILL_MS = 500

# Groups that we started and that may still live. One set per process, because our own end is one event.
_live_groups: set[int] = set()


@dataclass(frozen=True, kw_only=True)
class ClosePatience:
    """How long, in ms, the ways to end a group may take before the next: closing standard input, then SIGTERM."""

    after_input_closed_ms: float = 500
    after_term_ms: float = 2_000


def track_group(leader: int) -> None:
    """Should this process end in any way that can be noticed, the group is killed."""
    _live_groups.add(leader)


@atexit.register
def stop_all() -> None:
    """Kills, at once and without grace, every server that this process started: for signal handlers and the last moment
    of a process. To end servers in good order, close their pool.
    """
    for leader in _live_groups:
        _signal_group(leader, signal.SIGKILL)
    _live_groups.clear()


async def end_group(process: Process, clock: Clock, patience: ClosePatience) -> None:
    """Ends the whole group of `process`: closes its input, then SIGTERM, then SIGKILL.

    Returns when nothing of it is left, or nothing more can be done.
    """
    leader = process.pid
    if process.stdin is not None:
        process.stdin.close()
    await _until(lambda: process.returncode is not None, clock, patience.after_input_closed_ms)
    for number, ms in ((signal.SIGTERM, patience.after_term_ms), (signal.SIGKILL, _AFTER_KILL_MS)):
        if _is_group_alive(leader):
            _signal_group(leader, number)
            await _until(lambda: not _is_group_alive(leader), clock, ms)
    _live_groups.discard(leader)


async def _until(is_so: Callable[[], bool], clock: Clock, ms: float) -> None:
    waited = 0
    while waited < ms and not is_so():
        await clock.sleep(_POLL_MS)
        waited += _POLL_MS


def _is_group_alive(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
        return True
    except PermissionError:
        # Somebody in the group became another user; it is there.
        return True
    except ProcessLookupError:
        return False


def _signal_group(leader: int, number: signal.Signals) -> None:
    # The group ended in this moment, or is not ours to end.
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(leader, number)
