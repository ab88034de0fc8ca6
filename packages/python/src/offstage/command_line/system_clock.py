"""The clock of this machine; everything below gets it as an argument."""

from __future__ import annotations

import asyncio
import time


class SystemClock:
    """The system's time."""

    def now(self) -> int:
        """Milliseconds since the epoch."""
        return time.time_ns() // 1_000_000

    async def sleep(self, ms: float) -> None:
        """By a clock that only goes forward: the other one may be set back by hours meanwhile."""
        await asyncio.sleep(ms / 1_000)
