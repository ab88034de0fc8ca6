"""The queues of a process, as a source of events."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Sequence

from offstage.host import Looked
from offstage.model import Arrival
from offstage.triggers.queue.consume_queue import Consuming, QueueNews, consume_queue
from offstage.triggers.queue.queue_port import QueueBroker
from offstage.triggers.queue.take_messages import Desk

# Runs that go on want the rest of the time that a process has to stop. Ms.
_CLOSE_MS = 5_000
_GIVEN_UP_S = 1.0


class Queues:
    """Takes messages of the queues that triggers name, where this process leads: so they are taken in their order, by one that can start their runs.

    One that no trigger names is left alone: its messages would be gone. Nothing is fetched from a queue while `most_waiting` events wait to
    start a run of the workflows that listen to it: they wait in the broker, where others see them, and no look at what waits gets slow.
    `bell` is rung when something came. `look` raises what no waiting mends.
    """

    def __init__(
        self,
        desk: Desk,
        brokers: Sequence[QueueBroker],
        *,
        news: Callable[[QueueNews], None],
        bell: asyncio.Event,
        most_waiting: int = 1_000,
    ) -> None:
        topics = {trigger.topic for workflow in desk.workflows for trigger in workflow.triggers}
        self._desk = desk
        self._brokers = [one for one in brokers if f"queue:{one.name}" in topics]
        self._news = news
        self._bell = bell
        self._most_waiting = most_waiting
        # None: nothing is listened to.
        self._stopping: asyncio.Event | None = None
        self._working: set[asyncio.Task[None]] = set()
        self._failure: BaseException | None = None
        self._came: list[Arrival] = []

    async def look(self) -> Looked:
        """What came since; begins to listen where that was not done yet."""
        if self._stopping is None:
            self._stopping = asyncio.Event()
            for broker in self._brokers:
                self._listen(broker, self._stopping)
        if self._failure is not None:
            raise self._failure
        came, self._came = self._came, []
        return Looked(math.inf, came)

    def rest(self) -> None:
        """Fetches nothing more."""
        if self._stopping is not None:
            self._stopping.set()
            self._stopping = None

    async def close(self) -> None:
        """Stops listening; ends when what was in hand is durable. A broker that does not answer is not waited for longer than five seconds: what it gave comes again."""
        self.rest()
        if not self._working:
            return
        patience = asyncio.ensure_future(self._desk.clock.sleep(_CLOSE_MS))
        ended = asyncio.gather(*self._working, return_exceptions=True)
        try:
            await asyncio.wait([ended, patience], return_when=asyncio.FIRST_COMPLETED)
        finally:
            patience.cancel()
            ended.cancel()
        # Their connections are closed, if that goes quickly.
        await asyncio.wait([ended], timeout=_GIVEN_UP_S)

    def _listen(self, broker: QueueBroker, stopping: asyncio.Event) -> None:
        consuming = Consuming(
            desk=self._desk,
            broker=broker,
            news=self._news,
            most_waiting=self._most_waiting,
            came=self._hear,
            stopping=stopping,
        )
        task = asyncio.create_task(consume_queue(consuming))
        self._working.add(task)
        task.add_done_callback(self._ended)

    def _hear(self, arrivals: Sequence[Arrival]) -> None:
        self._came += arrivals
        # Also what starts nothing may have been offered to a step that waits.
        self._bell.set()

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._working.discard(task)
        failure = None if task.cancelled() else task.exception()
        if failure is not None:
            self._failure = failure
            self._bell.set()
