"""From what the settings say to a broker."""

from __future__ import annotations

from offstage.base import Clock, OffstageError
from offstage.config import RedisQueue
from offstage.triggers.queue.queue_port import QueueBroker


def create_broker(config: RedisQueue, *, clock: Clock, consumer: str) -> QueueBroker:
    """The broker of a queue; `consumer` tells this process from all others, also from those before it.

    Its client is imported here, so that who has no such queue does not need it. Errors: `QUEUE_CLIENT_MISSING` when it is not installed.
    """
    try:
        from offstage.triggers.queue.redis import create_redis_queue
    except ModuleNotFoundError as error:
        if (error.name or "").split(".")[0] != "redis":
            raise
        raise OffstageError(
            "QUEUE_CLIENT_MISSING",
            "The client of this queue's broker, redis, is not installed.",
            hint="Install the library with it: pip install 'offstage[redis]'.",
        ) from error
    return create_redis_queue(config, clock=clock, consumer=consumer)
