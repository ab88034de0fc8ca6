"""Queues of every broker that there is, each empty and for one test."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Protocol

from offstage.config import RedisQueue, parse_settings
from offstage.testing.broker_process import PASSWORD, BrokerProcess
from offstage.testing.fake_clock import FakeClock
from offstage.testing.memory_queue import MemoryQueue
from offstage.testing.worlds import RealClock
from offstage.triggers.queue import QueueBroker, create_broker
from offstage.triggers.queue.redis.connect_redis import RedisConnection

HOLD_MS = 1_000
_NUMBERS = count(1)


class QueueUnderTest(Protocol):
    """A queue as those see it who send, and who look after it."""

    def broker(self, consumer: str) -> QueueBroker:
        """As one process has it."""
        ...

    async def send(self, text: str) -> None:
        """Sends JSON, as others do."""
        ...

    async def pass_hold(self) -> None:
        """Lets the time pass for which messages stay in hand."""
        ...

    async def aside(self) -> Sequence[tuple[str, str]]:
        """What lies aside: the message and why."""
        ...

    async def remove(self) -> None:
        """Ends what it made."""
        ...


class MemoryUnderTest:
    """What other tests take for a broker keeps what real ones promise."""

    def __init__(self) -> None:
        self._clock = FakeClock()
        self._queue = MemoryQueue("orders", self._clock)
        self._moving = asyncio.create_task(self._move())

    def broker(self, consumer: str) -> QueueBroker:
        return self._queue.broker

    async def send(self, text: str) -> None:
        self._queue.send(text)

    async def pass_hold(self) -> None:
        await self._clock.advance(30_000)

    async def aside(self) -> Sequence[tuple[str, str]]:
        return self._queue.dead_letters

    async def remove(self) -> None:
        self._moving.cancel()

    async def _move(self) -> None:
        while True:
            await asyncio.sleep(0.005)
            await self._clock.advance(1_000)


def queue_config(settings: dict[str, Any]) -> RedisQueue:
    """As the settings would have it."""
    [found] = parse_settings(json.dumps({"queues": {"orders": settings}}), "/").queues
    assert isinstance(found, RedisQueue)
    return found


@dataclass
class RedisUnderTest:
    """A stream of its own, whose messages are in the field `data`."""

    server: BrokerProcess
    stream: str = field(default_factory=lambda: f"orders-{next(_NUMBERS)}")
    password: str = PASSWORD

    @property
    def url(self) -> str:
        return f"redis://:{self.password}@127.0.0.1:{self.server.port}"

    def config(self, **more: Any) -> RedisQueue:
        """As the settings would have it."""
        said = {"kind": "redis", "url": self.url, "stream": self.stream, "field": "data", "hold": f"{HOLD_MS}ms"}
        return queue_config({**said, **more})

    def broker(self, consumer: str, **more: Any) -> QueueBroker:
        return create_broker(self.config(**more), clock=RealClock(), consumer=consumer)

    async def command(self, *words: str | bytes | int) -> Any:
        """Asks Redis itself."""
        redis = RedisConnection(self.url)
        try:
            return await redis.command(*words)
        finally:
            await redis.close()

    async def send(self, text: str) -> None:
        await self.command("XADD", self.stream, "*", "data", text)

    async def pass_hold(self) -> None:
        await asyncio.sleep(HOLD_MS / 1_000 + 0.1)

    async def aside(self) -> Sequence[tuple[str, str]]:
        redis: list[tuple[bytes, dict[bytes, bytes]]] = await self.command("XRANGE", f"{self.stream}:dead", "-", "+")
        return [(fields[b"data"].decode(), fields[b"offstage:why"].decode()) for _, fields in redis]

    async def remove(self) -> None:
        await self.command("DEL", self.stream, f"{self.stream}:dead")
