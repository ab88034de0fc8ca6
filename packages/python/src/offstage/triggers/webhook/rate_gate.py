"""Not more deliveries than a source's rate allows."""

from __future__ import annotations

import math

from offstage.config import Rate


class RateGate:
    """A token bucket: `count` at once, and from then on one for each `per_ms / count` that passes. A clock that is put back gives nothing and takes nothing."""

    def __init__(self, rate: Rate) -> None:
        self._per_ms = rate.per_ms
        self._cost = rate.per_ms / rate.count
        # In milliseconds: fractions of deliveries would not add up.
        self._saved: float = rate.per_ms
        self._since: int | None = None

    def wait(self, now: int) -> int:
        """0: a delivery passes. Otherwise after how many milliseconds the next one would."""
        if self._since is not None and now > self._since:
            self._saved = min(self._per_ms, self._saved + now - self._since)
        self._since = now
        if self._saved < self._cost:
            return math.ceil(self._cost - self._saved)
        self._saved -= self._cost
        return 0
