"""The brokers of the queues that triggers name, with their secrets in place."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import replace

from offstage.base import Clock, OffstageError
from offstage.config import SETTINGS_FILE, Configuration, RedisQueue, resolve_queue
from offstage.host import Program
from offstage.triggers.queue import QueueBroker, QueueConnection, create_broker


def queues_named(programs: Sequence[Program]) -> list[str]:
    """The names of the queues that triggers listen to."""
    sources = [trigger.source for one in programs for trigger in one.workflow.settings.get("on") or ()]
    return [*dict.fromkeys(one["name"] for one in sources if one is not None and one["kind"] == "queue")]


def described_queue(name: str, configuration: Configuration) -> RedisQueue:
    """What the settings say of a queue. Errors: `CONFIG_INVALID` where they say nothing, `NOT_YET` for a broker that this library does not know."""
    found = next((one for one in configuration.settings.queues if one.name == name), None)
    if found is None:
        raise OffstageError(
            "CONFIG_INVALID",
            f"A workflow listens to the queue {name}, of which {SETTINGS_FILE} says nothing.",
            hint=f'Say where it is: "queues": {{ "{name}": {{ "kind": "redis", "url": "${{env:REDIS_URL}}", "stream": "{name}" }} }}',
        )
    if not isinstance(found, RedisQueue):
        raise OffstageError(
            "NOT_YET",
            f"A workflow listens to the queue {name}, which is one of {found.kind}: of that the Python library takes no messages yet, but of redis.",
            hint="Run the TypeScript export for it.",
        )
    return found


def brokers_of(
    programs: Sequence[Program], configuration: Configuration, clock: Clock, random_bytes: Callable[[int], bytes]
) -> list[QueueBroker]:
    """Nothing is connected yet. Errors: those of `described_queue`, `QUEUE_CLIENT_MISSING`, `SECRET_MISSING`, `SECRET_TOO_SHORT`."""
    # People see it in the broker; the random part tells it from a process that had this pid before, or has it in another container.
    consumer = f"{socket.gethostname()}-{os.getpid()}-{random_bytes(4).hex()}"

    def broker_of(name: str) -> QueueBroker:
        settings = described_queue(name, configuration)

        def made() -> QueueBroker:
            resolved = resolve_queue(settings, configuration.sources, configuration.redactor)
            return create_broker(resolved, clock=clock, consumer=consumer)

        async def open() -> QueueConnection:
            # A connection that breaks may be made with another password: secrets are rotated.
            return await made().open()

        return replace(made(), open=open)

    return [broker_of(name) for name in queues_named(programs)]
