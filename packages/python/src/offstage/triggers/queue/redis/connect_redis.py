"""Redis, asked in its own words."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

# Replies that are taken as they came: what the client makes of them loses fields that are there twice.
_RAW = ("XREADGROUP", "XAUTOCLAIM", "XPENDING", "XCLAIM")
_CONNECT_S = 5.0
# Longer than a read waits for messages.
_ANSWER_S = 10.0


class RedisConnection:
    """Connections to Redis, as many as commands are under way. One that breaks fails its command: nothing is sent twice by the client."""

    def __init__(self, url: str) -> None:
        client: Any = Redis
        # Protocol 2 is what every version and every relative of Redis speaks.
        self._redis = client.from_url(
            url,
            protocol=2,
            client_name="offstage",
            socket_connect_timeout=_CONNECT_S,
            socket_timeout=_ANSWER_S,
            retry=Retry(NoBackoff(), 0),
        )
        for command in _RAW:
            self._redis.set_response_callback(command, _as_it_came)

    async def command(self, *words: str | bytes | int) -> Any:
        """Gives the reply, texts as bytes. Raises what Redis answers, or why the connection broke."""
        return await self._redis.execute_command(*words)

    async def together(self, commands: Sequence[Sequence[str | bytes | int]]) -> list[Any]:
        """All or none of them."""
        async with self._redis.pipeline(transaction=True) as transaction:
            for words in commands:
                transaction.execute_command(*words)
            return await transaction.execute()

    async def close(self) -> None:
        """Never raises."""
        with suppress(Exception):
            await self._redis.aclose()


def _as_it_came(reply: Any, **_options: Any) -> Any:
    return reply
