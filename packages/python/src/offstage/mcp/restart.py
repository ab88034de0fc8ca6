"""When a server may be started again."""

from dataclasses import dataclass

from offstage.base import OffstageError, back_off_ms

# A server that lived so long was well; its end counts as the first. Ms.
_STABLE_MS = 60_000
_FIRST_MS = 250
_LONGEST_MS = 30_000


@dataclass(frozen=True, kw_only=True)
class RestartState:
    """A value; the pool keeps the newest."""

    failures: int = 0
    """Ends in a row: failed starts, and deaths soon after a start."""
    not_before: float = 0
    """Instant (ms) before which it is not started."""
    start_error: OffstageError | None = None
    """Why the last start failed; None when the server lived."""


def wait_before_start(state: RestartState, now: float) -> float:
    """Ms to wait.

    A server that lived and died is waited for; one that could not even start is not, so that a loop over many items
    does not wait for it item by item: then the error of the last start is raised.
    """
    if now >= state.not_before:
        return 0
    if state.start_error is not None:
        raise state.start_error
    return state.not_before - now


def after_failed_start(state: RestartState, error: OffstageError, now: float) -> RestartState:
    """After a start that failed."""
    failures = state.failures + 1
    return RestartState(
        failures=failures,
        not_before=now + back_off_ms(failures, first_ms=_FIRST_MS, longest_ms=_LONGEST_MS),
        start_error=error,
    )


def after_death(state: RestartState, started_at: float, now: float, has_answered: bool) -> RestartState:
    """After the end of a server that had been ready since `started_at`.

    One that answered a call in its life was well: what it is needed for goes on.
    """
    failures = 1 if has_answered or now - started_at >= _STABLE_MS else state.failures + 1
    return RestartState(
        failures=failures, not_before=now + back_off_ms(failures, first_ms=_FIRST_MS, longest_ms=_LONGEST_MS)
    )
