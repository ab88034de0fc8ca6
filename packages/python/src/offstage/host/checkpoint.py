"""What is asked at the start of each step."""

from __future__ import annotations

from typing import Literal

from offstage.base import Clock, OffstageError, format_duration
from offstage.host.program import Limits
from offstage.host.stops import Stops


class Checkpoint:
    """Ends a run that is cancelled, lost its store, or reached a limit of its program; counts its calls. `started_at` is this driving's, ms."""

    def __init__(self, *, limits: Limits, clock: Clock, started_at: int, stops: Stops) -> None:
        self._limits = limits
        self._clock = clock
        self._started_at = started_at
        self._stops = stops
        self.calls = 0

    def __call__(self, kind: Literal["call", "other"]) -> None:
        stopped = self._stops.error()
        if stopped is not None:
            raise stopped
        limits = self._limits
        if limits.duration_ms is not None and self._clock.now() - self._started_at > limits.duration_ms:
            raise OffstageError(
                "LIMIT_DURATION",
                f"The run took longer than limits.duration, {format_duration(limits.duration_ms)}.",
            )
        if kind == "other":
            return
        self.calls += 1
        if limits.calls is not None and self.calls > limits.calls:
            raise OffstageError("LIMIT_CALLS", f"The run wanted more than limits.calls, {limits.calls}.")
