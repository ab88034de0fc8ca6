"""Calls of one process under the same limits, in the order in which they came."""

import asyncio
from asyncio import Event, Future
from collections.abc import Callable, Coroutine, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

from offstage.base import Clock
from offstage.mcp.within import Cause, within

from .lane import LaneAnswer, LaneAsker, LaneAsking, LaneLimit, LaneStart, Moved, ask_lane
from .lanes import Lanes

# Whoever looks on wonders by then whether anything happens at all.
_LONG_WAIT_MS = 5_000


class Turn:
    """A turn, to be released when the call is over, with the pause that the server asked for."""

    def __init__(self, release: Callable[[float | None], None]) -> None:
        self._release: Callable[[float | None], None] | None = release

    def release(self, hold_back_ms: float | None = None) -> None:
        """Gives the turn back; a second time does nothing."""
        release, self._release = self._release, None
        if release is not None:
            release(hold_back_ms)


@dataclass(frozen=True, kw_only=True)
class TurnQueueOptions:
    """What a queue needs. `others_wait`: whether others of this process wait for turns with this credential."""

    clock: Clock
    lanes: Lanes
    credential: str
    limits: Sequence[LaneLimit]
    others_wait: Callable[[], bool]
    on_freed: Callable[[], None]


class TurnQueue:
    """Asks for the first of the queue, one turn after the other: so at most one start is given to a process before it is needed."""

    def __init__(self, options: TurnQueueOptions) -> None:
        lanes = options.lanes
        self._options = options
        self._clock = options.clock
        self._asker = LaneAsker(id=lanes.new_id(), process=lanes.me, limits=options.limits, alive=lanes.alive)
        self._has_slots = any(limit.rate.concurrent is not None for limit in options.limits)
        self._waiters: dict[Future[Turn], None] = {}
        self._running = 0
        # A start was given and is not used yet.
        self._is_coming = False
        self._is_pumping = False
        self._moved: Moved | None = None
        # Set when nobody waits any more.
        self._left = Event()
        # Set when a slot was freed after the last question.
        self._freed = Event()
        self._idle: Event | None = None
        # A slot was freed and nobody knows yet.
        self._is_untold = False
        self._is_lingering = False
        # One question after the other: what a queue holds is told as a number, and a later one has to come later.
        self._asking = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    async def turn(
        self, *, deadline_at: float | None, signal: Event | None, on_long_wait: Callable[[], None] | None
    ) -> Turn | Cause:
        """A turn, or why there was none."""
        if self._left.is_set():
            self._left = Event()
        waiter: Future[Turn] = asyncio.get_running_loop().create_future()
        self._waiters[waiter] = None
        if not self._is_pumping:
            self._is_pumping = True
            self._go(self._pump())
        telling = None if on_long_wait is None else asyncio.create_task(self._tell_long_wait(on_long_wait))
        left_ms = None if deadline_at is None else max(0, deadline_at - self._clock.now())
        try:
            return await within(waiter, self._clock.sleep, left_ms, signal)
        except asyncio.CancelledError:
            # It was given in the same moment: nobody would ever release it.
            if waiter.done() and not waiter.cancelled():
                waiter.result().release()
            raise
        finally:
            if telling is not None:
                telling.cancel()
            self._waiters.pop(waiter, None)
            if not self.has_waiters:
                self._left.set()
                self._freed.set()

    def hold_back(self, ms: float) -> None:
        """A server asked for a pause."""
        # The call that was told to wait freed its slot, too.
        self._go(self._ask_and_tell(ms))

    def look(self) -> None:
        """Somebody of this process freed a slot."""
        self._freed.set()

    @property
    def has_waiters(self) -> bool:
        """Whether a call waits for its turn."""
        # One whose wait is over is there for a moment still.
        return any(not waiter.done() for waiter in self._waiters)

    async def _pump(self) -> None:
        looks = False
        while self.has_waiters:
            self._freed.clear()
            answer = await self._ask(wants_turn=True, looks=looks)
            looks = answer == "busy"
            if isinstance(answer, LaneStart):
                await self._begin(answer)
            elif self.has_waiters:
                pace = self._options.lanes.shared
                await within(self._freed.wait(), self._clock.sleep, None if pace is None else pace.pause_ms(), None)
            # Nobody shall keep a place free for a queue that is empty.
            if not self.has_waiters and (looks or (self._moved is not None and self._moved.to is None)):
                await self._ask()
        self._is_pumping = False

    async def _begin(self, start: LaneStart) -> None:
        """Waits for a start and gives it to who is first in the queue by then."""
        asked = self._clock.now()
        if start.in_ms > 0:
            await within(self._left.wait(), self._clock.sleep, start.in_ms, None)
        self._is_coming = False
        first = next((waiter for waiter in self._waiters if not waiter.done()), None)
        if first is None:
            self._moved = Moved(start=start.at, to=None)
            return
        # A process that was held up begins later than it said: the others have to know.
        late_ms = round(self._clock.now() - asked - start.in_ms)
        if late_ms > 0:
            self._moved = Moved(start=start.at, to=start.at + late_ms)
        self._running += 1
        first.set_result(Turn(self._released))
        if self._options.lanes.shared is not None and self._has_slots and self._idle is None:
            self._idle = Event()
            self._go(self._renew(self._options.lanes.shared.renew_ms))

    def _released(self, hold_back_ms: float | None) -> None:
        self._running -= 1
        if self._running == 0 and self._idle is not None:
            self._idle.set()
        if hold_back_ms is not None:
            self.hold_back(hold_back_ms)
        elif self._has_slots:
            self._go(self._tell_freed())

    async def _tell_freed(self) -> None:
        """At once where somebody of this process waits for it. Others can wait a moment: the next call often comes by then, and tells it along with what it asks."""
        pace = self._options.lanes.shared
        self._is_untold = True
        if pace is not None and not self.has_waiters and not self._options.others_wait():
            if self._is_lingering:
                return
            self._is_lingering = True
            await self._clock.sleep(pace.linger_ms)
            self._is_lingering = False
        if self._is_untold:
            await self._ask()
        self._options.on_freed()

    async def _ask_and_tell(self, hold_back_ms: float) -> None:
        await self._ask(hold_back_ms=hold_back_ms)
        self._options.on_freed()

    async def _renew(self, renew_ms: float) -> None:
        """Says, while slots are held, that they are: others give those of a process that is gone away."""
        while self._idle is not None:
            while await within(self._idle.wait(), self._clock.sleep, renew_ms, None) == "deadline":
                await self._ask()
            self._idle = Event() if self._running > 0 else None

    async def _ask(
        self, *, wants_turn: bool = False, looks: bool = False, hold_back_ms: float | None = None
    ) -> LaneAnswer:
        async with self._asking:
            moved = self._moved
            self._is_untold = False

            def asking() -> LaneAsking:
                wants: Literal["turn", "place", "nothing"] = "turn" if wants_turn else "place"
                return LaneAsking(
                    held=self._running + (1 if self._is_coming else 0),
                    wants=wants if self.has_waiters else "nothing",
                    moved=moved,
                    hold_back_ms=hold_back_ms,
                )

            asked = await self._options.lanes.change(
                self._options.credential, lambda lane, now: ask_lane(lane, self._asker, asking(), now), looks=looks
            )
            if asked.is_news and self._moved is moved:
                self._moved = None
            if isinstance(asked.answer, LaneStart):
                self._is_coming = True
            return asked.answer

    async def _tell_long_wait(self, tell: Callable[[], None]) -> None:
        with suppress(asyncio.CancelledError):
            await self._clock.sleep(_LONG_WAIT_MS)
            tell()

    def _go(self, work: Coroutine[Any, Any, None]) -> None:
        """Beside whoever asked, and not ended with it."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
