"""A clock that a test moves."""

import asyncio
import heapq
from dataclasses import dataclass, field
from itertools import count


@dataclass
class FakeClock:
    """Sleeps end when the test says that so much time has passed."""

    at: int = 1_000_000
    _sleeping: list[tuple[float, int, "asyncio.Future[None]"]] = field(
        default_factory=lambda: list[tuple[float, int, "asyncio.Future[None]"]]()
    )
    _order: "count[int]" = field(default_factory=count)

    def now(self) -> int:
        return self.at

    async def sleep(self, ms: float) -> None:
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleeping, (self.at + ms, next(self._order), future))
        await future

    async def advance(self, ms: int) -> None:
        """Lets so much time pass, and whatever was waited for meanwhile happen."""
        until = self.at + ms
        await self.settle()
        while self._sleeping and self._sleeping[0][0] <= until:
            at, _, future = heapq.heappop(self._sleeping)
            self.at = max(self.at, int(at))
            if not future.done():
                future.set_result(None)
            await self.settle()
        self.at = until
        await self.settle()

    def next_at(self) -> float | None:
        """When the first sleep ends; None: nobody sleeps."""
        return min((at for at, _, future in self._sleeping if not future.done()), default=None)

    async def settle(self) -> None:
        """Lets everything happen that waits for no time."""
        for _ in range(50):
            await asyncio.sleep(0)
