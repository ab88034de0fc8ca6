"""What is asked of a broker, whichever it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from offstage.base import Data


@dataclass(frozen=True)
class JsonContent:
    """JSON that is to be read."""

    bytes: bytes


@dataclass(frozen=True)
class PartsContent:
    """A value that its broker has in parts; `size`: of all of them, bytes."""

    data: Data
    size: int


@dataclass(frozen=True)
class Unfit:
    """What cannot be an event, however often it comes, and why."""

    why: str


QueueContent: TypeAlias = JsonContent | PartsContent | Unfit
"""What a message holds."""


@dataclass(frozen=True, eq=False)
class QueueMessage:
    """A message in hand: the broker gives it to nobody else before it is given back, or its time is over.

    `id` tells it from every other one of the queue, and is the same when it comes again. `attempt`: how often it was delivered, this time
    included. Two are the same only when they are one object: a message that came again is another delivery.
    """

    id: str
    attempt: int
    content: QueueContent


class QueueConnection(Protocol):
    """A connection to the broker of one queue.

    Everything raises `QUEUE_UNAVAILABLE` when the broker cannot be reached or refuses: then the connection is of no use any more, and what
    was in hand comes again when its time is over. Messages are those that `receive` of this connection gave.
    """

    async def receive(self, limit: int, stopping: asyncio.Event) -> Sequence[QueueMessage]:
        """At most `limit` messages: those that are there, else those that come within a second or some; then none. First what others took and did not handle in time."""
        ...

    async def acknowledge(self, messages: Sequence[QueueMessage]) -> None:
        """They do not come again."""
        ...

    async def give_back(self, messages: Sequence[QueueMessage]) -> None:
        """They come again at once, to whoever asks first."""
        ...

    async def dead_letter(self, message: QueueMessage, why: str) -> None:
        """Puts it where somebody can look at it, with the reason; it does not come again. A kill in the middle may leave it in both places."""
        ...

    async def close(self) -> None:
        """Never raises. What is in hand comes again."""
        ...


@dataclass(frozen=True, kw_only=True)
class QueueBroker:
    """A queue of a broker, before anybody is connected to it.

    `name`: in the package. `max_bytes`: a larger message is put aside. `max_attempts`: one that was delivered more often, and was handled by
    nobody, is put aside. `dead_letters`: where, for people. `open` raises `QUEUE_UNAVAILABLE`.
    """

    name: str
    max_bytes: int
    max_attempts: int
    dead_letters: str
    open: Callable[[], Awaitable[QueueConnection]]
