"""A broker in memory, with one queue, that can be made to fail."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field

from offstage.base import Clock, OffstageError
from offstage.triggers.queue import JsonContent, QueueBroker, QueueConnection, QueueMessage


@dataclass
class _Kept:
    """`until`: in hand until then."""

    id: str
    text: str
    attempt: int = 0
    until: float = 0


@dataclass
class MemoryQueue:
    """`asked`: how often somebody connected, or asked for messages."""

    name: str
    clock: Clock
    hold_ms: int = 30_000
    max_attempts: int = 3
    max_bytes: int = 1_000
    # While it is gone nothing answers; what is in hand stays in hand.
    gone: bool = False
    # It is gone before the next acknowledgement is heard.
    goes_unheard: bool = False
    refuses_dead_letters: bool = False
    silent: bool = False
    dead_letters: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    asked: int = 0
    _kept: list[_Kept] = field(default_factory=list[_Kept])
    _sent: int = 0

    @property
    def broker(self) -> QueueBroker:
        """As one process has it."""
        return QueueBroker(
            name=self.name,
            max_bytes=self.max_bytes,
            max_attempts=self.max_attempts,
            dead_letters="the dead",
            open=self._open,
        )

    def send(self, *texts: str) -> None:
        """As others do."""
        for text in texts:
            self._sent += 1
            self._kept.append(_Kept(f"m{self._sent}", text))

    def left(self) -> list[str]:
        """Texts of messages that were neither acknowledged nor put aside."""
        return [one.text for one in self._kept]

    async def _open(self) -> QueueConnection:
        self.asked += 1
        self._refuse()
        if self.silent:
            await asyncio.Event().wait()
        return self

    async def receive(self, limit: int, stopping: asyncio.Event) -> Sequence[QueueMessage]:
        self.asked += 1
        self._refuse()
        now = self.clock.now()
        mine = [one for one in self._kept if one.until <= now][:limit]
        if not mine:
            await self.clock.sleep(1_000)
        self._refuse()
        for one in mine:
            one.attempt += 1
            one.until = now + self.hold_ms
        return [QueueMessage(one.id, one.attempt, JsonContent(one.text.encode())) for one in mine]

    async def acknowledge(self, messages: Sequence[QueueMessage]) -> None:
        self.gone, self.goes_unheard = self.gone or self.goes_unheard, False
        self._refuse()
        for message in messages:
            self._remove(message.id)

    async def give_back(self, messages: Sequence[QueueMessage]) -> None:
        self._refuse()
        ids = {one.id for one in messages}
        for one in self._kept:
            if one.id in ids:
                one.attempt, one.until = one.attempt - 1, 0

    async def dead_letter(self, message: QueueMessage, why: str) -> None:
        self._refuse()
        if self.refuses_dead_letters:
            raise OffstageError("QUEUE_UNAVAILABLE", "The place is full.")
        self.dead_letters += [(one.text, why) for one in self._kept if one.id == message.id]
        self._remove(message.id)

    async def close(self) -> None:
        return None

    def _remove(self, id: str) -> None:
        self._kept = [one for one in self._kept if one.id != id]

    def _refuse(self) -> None:
        if self.gone:
            raise OffstageError("QUEUE_UNAVAILABLE", f"The queue {self.name} cannot be used: it is gone.")
