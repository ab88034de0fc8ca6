"""Turns of calls under their rates: a credential's calls share what is known of it."""

from asyncio import Event
from collections.abc import Callable, Sequence

from offstage.base import Clock
from offstage.mcp.within import Cause

from .lane import LaneLimit
from .lanes import Lanes
from .ports import RateLimit
from .turn_queue import Turn, TurnQueue, TurnQueueOptions


class RateLimiter:
    """Gives calls their turn, and shares its limits with all who take turns in the same `lanes`. Within one of its queues: first come, first served."""

    def __init__(self, clock: Clock, lanes: Lanes) -> None:
        self._clock = clock
        self._lanes = lanes
        self._queues: dict[str, dict[tuple[LaneLimit, ...], TurnQueue]] = {}
        # Of these a server asked to wait, and they have no limit that would make anybody look.
        self._slowed: set[str] = set()

    async def turn(
        self,
        credential: str,
        limits: Sequence[LaneLimit],
        *,
        deadline_at: float | None = None,
        signal: Event | None = None,
        on_long_wait: Callable[[], None] | None = None,
    ) -> Turn | Cause:
        """A turn, or why there was none. All calls made with one credential share what is known of it: a limit of the same name is one limit, and a pause that a
        server asked for is for all. `on_long_wait` hears, once, that the call waits for seconds.
        """
        if signal is not None and signal.is_set():
            return "aborted"
        real = tuple(limit for limit in limits if limit.rate != RateLimit())
        if len(real) == 0 and credential not in self._slowed:
            return self._unlimited(credential)
        queue = self._queue_of(credential, real)
        turn = await queue.turn(deadline_at=deadline_at, signal=signal, on_long_wait=on_long_wait)
        if len(real) > 0 or isinstance(turn, str):
            return turn
        self._slowed.discard(credential)
        return self._unlimited(credential)

    def _unlimited(self, credential: str) -> Turn:
        def release(hold_back_ms: float | None) -> None:
            if hold_back_ms is not None:
                self._slowed.add(credential)
                self._queue_of(credential, ()).hold_back(hold_back_ms)

        return Turn(release)

    def _queue_of(self, credential: str, limits: tuple[LaneLimit, ...]) -> TurnQueue:
        siblings = self._queues.setdefault(credential, {})
        if limits not in siblings:

            def on_freed() -> None:
                for one in siblings.values():
                    one.look()

            siblings[limits] = TurnQueue(
                TurnQueueOptions(
                    clock=self._clock,
                    lanes=self._lanes,
                    credential=credential,
                    limits=limits,
                    others_wait=lambda: any(one.has_waiters for one in siblings.values()),
                    on_freed=on_freed,
                )
            )
        return siblings[limits]
