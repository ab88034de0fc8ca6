"""Listening to one queue."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from offstage.base import Clock, OffstageError, back_off_ms
from offstage.model import Arrival
from offstage.triggers.queue.queue_port import QueueBroker, QueueConnection
from offstage.triggers.queue.take_messages import Desk, take_messages

# The most messages in hand. A kill costs no more than these a delivery.
_BATCH = 100
# How often it is looked whether fewer wait. Ms.
_ROOM_MS = 250


@dataclass(frozen=True, kw_only=True)
class QueueNews:
    """What happens to a queue while it is listened to.

    `queue-lost`: its broker is gone, or the store cannot take messages (`why`). `queue-full`: so many events wait (`waiting`) that nothing is
    fetched. `queue-aside`: a message (`id`) that can be no event lies in `place`; `queue-stuck`: it could not be put there (`error`).
    """

    kind: Literal["queue-ready", "queue-lost", "queue-full", "queue-flowing", "queue-aside", "queue-stuck"]
    queue: str
    why: str = ""
    waiting: int = 0
    id: str = ""
    place: str = ""
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Consuming:
    """What `consume_queue` works with. `most_waiting`: nothing is fetched while so many events wait. `came` hears what came, in order."""

    desk: Desk
    broker: QueueBroker
    news: Callable[[QueueNews], None]
    most_waiting: int
    came: Callable[[Sequence[Arrival]], None]
    stopping: asyncio.Event


async def consume_queue(consuming: Consuming) -> None:
    """Takes the messages of a queue until it is to stop; what is in hand then is brought to its end first.

    A broker that is gone is told of once, and tried again ever more slowly; so is a store that cannot take messages. Raises what no waiting
    mends.
    """
    telling = _Telling(consuming)
    while not consuming.stopping.is_set():
        try:
            await _while_connected(consuming, telling.well)
        except OffstageError as error:
            if error.code != "QUEUE_UNAVAILABLE" and not error.code.startswith("STORE_"):
                raise
            telling.lost(error.message)
            delay = back_off_ms(telling.failures, first_ms=250, longest_ms=30_000)
            await _pause(consuming.desk.clock, delay, consuming.stopping)


class _Telling:
    """Says once what is the case, and not at every try."""

    def __init__(self, consuming: Consuming) -> None:
        self._news = consuming.news
        self._queue = consuming.broker.name
        # The message of an error; empty while all is well, None before the first try.
        self._told: str | None = None
        self.failures = 0

    def well(self) -> None:
        if self._told != "":
            self._news(QueueNews(kind="queue-ready", queue=self._queue))
        self._told, self.failures = "", 0

    def lost(self, why: str) -> None:
        if self._told != why:
            self._news(QueueNews(kind="queue-lost", queue=self._queue, why=why))
        self._told = why
        self.failures += 1


async def _while_connected(consuming: Consuming, is_well: Callable[[], None]) -> None:
    connection = await consuming.broker.open()
    try:
        while not consuming.stopping.is_set():
            room = await _wait_for_room(consuming)
            if not consuming.stopping.is_set():
                await _take_some(consuming, connection, min(_BATCH, room), is_well)
    finally:
        await connection.close()


async def _take_some(
    consuming: Consuming, connection: QueueConnection, limit: int, is_well: Callable[[], None]
) -> None:
    broker, news = consuming.broker, consuming.news
    messages = await connection.receive(limit, consuming.stopping)
    if not messages:
        return is_well()
    taken = await take_messages(consuming.desk, broker, connection, messages)
    is_well()
    consuming.came(taken.arrivals)
    for id, why, error in taken.aside:
        if error is None:
            news(QueueNews(kind="queue-aside", queue=broker.name, id=id, why=why, place=broker.dead_letters))
        else:
            news(QueueNews(kind="queue-stuck", queue=broker.name, id=id, why=why, error=error))


async def _wait_for_room(consuming: Consuming) -> int:
    """How many events may still come; once there is no room, it goes on when half of it is free."""
    name, most, stopping = consuming.broker.name, consuming.most_waiting, consuming.stopping
    free = await _room(consuming)
    if free > 0:
        return free
    consuming.news(QueueNews(kind="queue-full", queue=name, waiting=most))
    while not stopping.is_set() and free < most / 2:
        await _pause(consuming.desk.clock, _ROOM_MS, stopping)
        free = await _room(consuming)
    if not stopping.is_set():
        consuming.news(QueueNews(kind="queue-flowing", queue=name))
    return free


async def _room(consuming: Consuming) -> int:
    topic, most = f"queue:{consuming.broker.name}", consuming.most_waiting
    listening = [
        one.program.name for one in consuming.desk.workflows if any(each.topic == topic for each in one.triggers)
    ]
    return most - await consuming.desk.store.transact(
        lambda tx: tx.count_waiting_arrivals(workflows=listening, limit=most), durable=False, reads=True
    )


async def _pause(clock: Clock, ms: float, stopping: asyncio.Event) -> None:
    """So long, unless it is to stop."""
    tasks = [asyncio.ensure_future(clock.sleep(ms)), asyncio.ensure_future(stopping.wait())]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
