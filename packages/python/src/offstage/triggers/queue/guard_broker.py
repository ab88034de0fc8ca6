"""A broker whose client fails as clients do, failing as the port says."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from offstage.base import OffstageError
from offstage.triggers.queue.queue_port import QueueBroker, QueueConnection, QueueMessage
from offstage.triggers.queue.unavailable import unavailable

T = TypeVar("T")


@dataclass(frozen=True)
class _Guard:
    name: str
    hint: str

    async def __call__(self, what: Awaitable[T]) -> T:
        try:
            return await what
        except OffstageError:
            raise
        except Exception as error:
            raise unavailable(self.name, error, self.hint) from error


class _Guarded:
    """A connection behind the guard."""

    def __init__(self, connection: QueueConnection, guard: _Guard) -> None:
        self._connection = connection
        self._guard = guard

    async def receive(self, limit: int, stopping: asyncio.Event) -> Sequence[QueueMessage]:
        return await self._guard(self._connection.receive(limit, stopping))

    async def acknowledge(self, messages: Sequence[QueueMessage]) -> None:
        await self._guard(self._connection.acknowledge(messages))

    async def give_back(self, messages: Sequence[QueueMessage]) -> None:
        await self._guard(self._connection.give_back(messages))

    async def dead_letter(self, message: QueueMessage, why: str) -> None:
        await self._guard(self._connection.dead_letter(message, why))

    async def close(self) -> None:
        await self._connection.close()


def guard_broker(broker: QueueBroker, hint: str) -> QueueBroker:
    """`hint` says what to look at when it fails."""
    guard = _Guard(broker.name, hint)

    async def open() -> QueueConnection:
        return _Guarded(await guard(broker.open()), guard)

    return replace(broker, open=open)
