"""Turns of calls under their rates, in this process: a credential's calls share what is known of it."""

import asyncio
import math
from asyncio import Event
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from offstage.base import Clock
from offstage.mcp.within import Cause, within

from .ports import RateLimit

# A server may ask for a longer pause; after this it is asked again. Ms.
_LONGEST_HOLD_BACK_MS = 60_000
# A higher rate is kept in shorter windows, so that no more starts have to be remembered.
_MOST_STARTS = 64


@dataclass(frozen=True, kw_only=True)
class LaneLimit:
    """A limit by name: calls under a limit of another name are counted apart."""

    name: str
    rate: RateLimit


@dataclass
class _Lane:
    """What is known of the calls that are made with one credential."""

    held_back_until: float = 0
    starts: dict[str, list[float]] = field(default_factory=lambda: dict[str, list[float]]())
    running: dict[str, int] = field(default_factory=lambda: dict[str, int]())
    freed: Event = field(default_factory=Event)
    queues: dict[tuple[LaneLimit, ...], asyncio.Lock] = field(
        default_factory=lambda: dict[tuple[LaneLimit, ...], asyncio.Lock]()
    )


class Turn:
    """A turn, to be released when the call is over, with the pause that the server asked for."""

    def __init__(self, release: Callable[[float | None], None]) -> None:
        self._release: Callable[[float | None], None] | None = release

    def release(self, hold_back_ms: float | None = None) -> None:
        """Gives the turn back; a second time does nothing."""
        release, self._release = self._release, None
        if release is not None:
            release(hold_back_ms)


class RateLimiter:
    """Gives calls their turn; within one queue first come, first served. Processes of one store do not share it yet."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lanes: dict[str, _Lane] = {}

    async def turn(
        self,
        credential: str,
        limits: Sequence[LaneLimit],
        *,
        deadline_at: float | None = None,
        signal: Event | None = None,
    ) -> Turn | Cause:
        """A turn, or why there was none."""
        if signal is not None and signal.is_set():
            return "aborted"
        lane = self._lanes.setdefault(credential, _Lane())
        real = tuple(limit for limit in limits if limit.rate != RateLimit())
        if self._try(lane, real) and not self._is_waited_for(lane, real):
            return self._begin(lane, real)
        left = None if deadline_at is None else max(0, deadline_at - self._clock.now())
        return await within(self._wait(lane, real), self._clock.sleep, left, signal)

    def _is_waited_for(self, lane: _Lane, limits: tuple[LaneLimit, ...]) -> bool:
        queue = lane.queues.get(limits)
        return queue is not None and queue.locked()

    async def _wait(self, lane: _Lane, limits: tuple[LaneLimit, ...]) -> Turn:
        async with lane.queues.setdefault(limits, asyncio.Lock()):
            while not self._try(lane, limits):
                if any(_is_taken(lane, limit) for limit in limits):
                    lane.freed.clear()
                    await lane.freed.wait()
                else:
                    await self._clock.sleep(_first_start(lane, limits, self._clock.now()) - self._clock.now())
            return self._begin(lane, limits)

    def _try(self, lane: _Lane, limits: tuple[LaneLimit, ...]) -> bool:
        now = self._clock.now()
        return not any(_is_taken(lane, limit) for limit in limits) and _first_start(lane, limits, now) <= now

    def _begin(self, lane: _Lane, limits: tuple[LaneLimit, ...]) -> Turn:
        now = self._clock.now()
        for limit in limits:
            if limit.rate.per_second is not None:
                span = _window_of(limit.rate.per_second)[1]
                lane.starts[limit.name] = [
                    *(start for start in lane.starts.get(limit.name, []) if now - span < start <= now),
                    now,
                ]
            lane.running[limit.name] = lane.running.get(limit.name, 0) + 1

        def release(hold_back_ms: float | None) -> None:
            for limit in limits:
                lane.running[limit.name] -= 1
            if hold_back_ms is not None:
                lane.held_back_until = max(
                    lane.held_back_until, self._clock.now() + min(hold_back_ms, _LONGEST_HOLD_BACK_MS)
                )
            lane.freed.set()

        return Turn(release)


def _is_taken(lane: _Lane, limit: LaneLimit) -> bool:
    concurrent = limit.rate.concurrent
    return concurrent is not None and lane.running.get(limit.name, 0) >= max(1, concurrent)


def _first_start(lane: _Lane, limits: Sequence[LaneLimit], now: float) -> float:
    """The first instant at which one call more may begin under all limits."""
    at, before = max(now, lane.held_back_until), math.nan
    while at != before:
        before = at
        for limit in limits:
            if limit.rate.per_second is not None:
                at = _start_under(_window_of(limit.rate.per_second), lane.starts.get(limit.name, []), at)
    return at


def _start_under(window: tuple[int, float], starts: Sequence[float], at: float) -> float:
    count, span = window
    if len(starts) < count:
        return at
    first = starts[-count]
    return math.ceil(first + span) if at - first < span else at


def _window_of(per_second: float) -> tuple[int, float]:
    """At most so many starts in any stretch of so many ms.

    Stricter than a token bucket, which after a pause allows twice the rate within a second; servers count in such
    stretches.
    """
    if per_second < 1:
        return 1, 1_000 / per_second
    parts = math.ceil(per_second / _MOST_STARTS)
    if parts > 1:
        return math.floor(per_second / parts), 1_000 / parts
    count = math.floor(per_second)
    return count, count / per_second * 1_000
