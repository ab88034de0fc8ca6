"""The time, as an argument."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """Nothing below the host asks the system for the time."""

    def now(self) -> int:
        """Milliseconds since the epoch."""
        ...

    async def sleep(self, ms: float) -> None:
        """Ends after so many milliseconds; cancelled as any coroutine is."""
        ...


def back_off_ms(failures: int, *, first_ms: float, longest_ms: float) -> float:
    """How long to leave alone what failed so many times in a row, ms: after each failure twice as long."""
    return min(longest_ms, first_ms * 2 ** max(0, failures - 1))
