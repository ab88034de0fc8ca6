"""A stream of Redis and its consumer group."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any
from weakref import WeakKeyDictionary

from redis.exceptions import RedisError, ResponseError

from offstage.base import Clock
from offstage.config import RedisQueue
from offstage.triggers.queue.guard_broker import guard_broker
from offstage.triggers.queue.queue_port import QueueBroker, QueueMessage
from offstage.triggers.queue.redis.connect_redis import RedisConnection
from offstage.triggers.queue.redis.entries import Entry, content_of

# How long a read waits for messages: a process that is to stop waits no longer. Ms.
_BLOCK_MS = 1_000
# A consumer that is gone is forgotten after this; until then people see it. Ms.
_FORGET_MS = 3_600_000
# Consumers that have nothing pending, by the beginning of their name: with something pending they would take it along. One script, because
# they may get something between two commands.
_FORGET = """for _, c in ipairs(redis.call('XINFO', 'CONSUMERS', KEYS[1], ARGV[1])) do
  if string.sub(c[2], 1, string.len(ARGV[2])) == ARGV[2] and c[4] == 0 and c[6] >= tonumber(ARGV[3]) then redis.call('XGROUP', 'DELCONSUMER', KEYS[1], ARGV[1], c[2]) end
end"""
# Whoever takes it next takes what this consumer has.
_RETURNED = "offstage:returned"
# Where the stream, and a look at all that is pending, begins.
_START = "0-0"


def create_redis_queue(config: RedisQueue, *, clock: Clock, consumer: str) -> QueueBroker:
    """A stream and its consumer group, which is made when it is not there, from the stream's beginning.

    `consumer` has to be this process's alone. What a process that ended had in hand is claimed when its time is over. Needs Redis 6.2.
    """

    async def open() -> _RedisQueueConnection:
        redis = RedisConnection(config.url)
        try:
            await redis.command("XLEN", config.stream)
        except BaseException:
            await redis.close()
            raise
        return _RedisQueueConnection(config, redis, clock, f"offstage:{consumer}")

    broker = QueueBroker(
        name=config.name,
        max_bytes=config.max_bytes,
        max_attempts=config.max_attempts,
        dead_letters=f"the stream {config.dead_letters}",
        open=open,
    )
    looked_at = f"the Redis of queues.{config.name} runs, takes this user, and has a stream {config.stream} or none"
    return guard_broker(broker, f"Look whether {looked_at}.")


class _RedisQueueConnection:
    def __init__(self, config: RedisQueue, redis: RedisConnection, clock: Clock, consumer: str) -> None:
        self._config = config
        self._redis = redis
        self._clock = clock
        self._consumer = consumer
        self._in_hand: WeakKeyDictionary[QueueMessage, Entry] = WeakKeyDictionary()
        self._claim_at: float = 0
        self._cursor = _START

    async def receive(self, limit: int, stopping: asyncio.Event) -> Sequence[QueueMessage]:
        now, config = self._clock.now(), self._config
        # A clock that was put back must not make them wait for it.
        if now >= self._claim_at or self._claim_at - now > config.hold_ms:
            claimed = await self._claim(limit)
            if claimed:
                return [self._message(entry, await self._deliveries_of(entry)) for entry in claimed]
        read = ("XREADGROUP", "GROUP", config.group, self._consumer, "COUNT", limit, "BLOCK", _BLOCK_MS, "STREAMS")
        reply = await self._in_group(lambda: self._redis.command(*read, config.stream, ">"))
        came: list[tuple[bytes, list[bytes]]] = reply[0][1] if reply else []
        return [self._message(Entry(*entry), 1) for entry in came]

    async def acknowledge(self, messages: Sequence[QueueMessage]) -> None:
        ids = [self._in_hand[message].id for message in messages]
        await self._redis.command("XACK", self._config.stream, self._config.group, *ids)

    async def give_back(self, messages: Sequence[QueueMessage]) -> None:
        config = self._config
        for message in messages:
            # As if its time were over, and without this delivery.
            taken = ("XCLAIM", config.stream, config.group, _RETURNED, 0, self._in_hand[message].id)
            await self._redis.command(*taken, "IDLE", config.hold_ms, "RETRYCOUNT", message.attempt - 1, "JUSTID")
        self._claim_at = 0

    async def dead_letter(self, message: QueueMessage, why: str) -> None:
        config, entry = self._config, self._in_hand[message]
        told = ("offstage:id", entry.id, "offstage:deliveries", message.attempt, "offstage:why", why)
        await self._redis.together(
            [
                ("XADD", config.dead_letters, "*", *entry.fields, *told),
                ("XACK", config.stream, config.group, entry.id),
            ]
        )

    async def close(self) -> None:
        await self._forget(self._consumer, 0)
        await self._redis.close()

    async def _claim(self, limit: int) -> list[Entry]:
        """What others took and did not handle in time, or gave back."""
        config = self._config
        asked = ("XAUTOCLAIM", config.stream, config.group, self._consumer, config.hold_ms, self._cursor)
        reply = await self._in_group(lambda: self._redis.command(*asked, "COUNT", limit))
        self._cursor = reply[0].decode()
        if self._cursor == _START:
            self._claim_at = self._clock.now() + config.hold_ms / 2
            await self._forget("offstage:", _FORGET_MS)
        # Those that were deleted from the stream meanwhile have nothing in them.
        return [Entry(*entry) for entry in reply[1] if entry is not None and entry[1] is not None]

    def _message(self, entry: Entry, attempt: int) -> QueueMessage:
        # Ids are told apart by their stream: a queue may be given another one.
        id = f"{self._config.stream} {entry.id.decode()}"
        message = QueueMessage(id=id, attempt=attempt, content=content_of(entry, self._config.field))
        self._in_hand[message] = entry
        return message

    async def _deliveries_of(self, entry: Entry) -> int:
        pending = await self._redis.command("XPENDING", self._config.stream, self._config.group, entry.id, entry.id, 1)
        return int(pending[0][3]) if pending else 1

    async def _in_group(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        """Makes the group where it is not there."""
        try:
            return await ask()
        except ResponseError as error:
            if not str(error).startswith("NOGROUP"):
                raise
        await self._make_group()
        return await ask()

    async def _make_group(self) -> None:
        try:
            made = ("XGROUP", "CREATE", self._config.stream, self._config.group, _START, "MKSTREAM")
            await self._redis.command(*made)
        except ResponseError as error:
            # Another process was faster.
            if not str(error).startswith("BUSYGROUP"):
                raise

    async def _forget(self, consumer: str, idle_ms: int) -> None:
        """Only so that there are no thousands of them one day."""
        with suppress(RedisError):
            await self._redis.command("EVAL", _FORGET, 1, self._config.stream, self._config.group, consumer, idle_ms)
