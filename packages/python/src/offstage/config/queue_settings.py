"""`queues` of `settings.json`: queues whose messages start runs."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .shape import Shape, read

_KNOWN = ("kind", "limit", "attempts", "hold", "url", "stream", "group", "field", "deadLetter")
_MIB = 1 << 20
_MOST_ATTEMPTS = 2**53 - 1
# As SQS has it.
_LONGEST_HOLD = "12h"


@dataclass(frozen=True, kw_only=True)
class RedisQueue:
    """A stream of Redis.

    `max_bytes`: a larger message is put aside; `max_attempts`: and so is one that was delivered more often. `hold_ms`: how long a message
    that was taken and not handled stays away from others. `url`: `redis:` or `rediss:`, with user and password. `field`: the one that holds
    the message as JSON; None: every field is a text of the message. `dead_letters`: a stream.
    """

    name: str
    max_bytes: int
    max_attempts: int
    hold_ms: int
    url: str
    stream: str
    group: str
    field: str | None
    dead_letters: str


@dataclass(frozen=True, kw_only=True)
class UnservedQueue:
    """One of a broker that the exported Python does not know yet: what it says was checked where the package was made."""

    name: str
    kind: str


QueueSettings: TypeAlias = RedisQueue | UnservedQueue
"""One queue. References in it are not resolved."""


def queue_settings(queues: Shape) -> list[QueueSettings]:
    """The queues, with their defaults. Errors: `CONFIG_INVALID`."""
    return [_queue(name, one) for name, one in queues.fields().items()]


def _queue(name: str, shape: Shape) -> QueueSettings:
    if re.fullmatch(r"[\w.-]+", name, re.ASCII) is None:
        raise shape.fault("A queue is named by letters, digits, _, . and -.")
    if "kind" not in shape.fields():
        raise shape.fault("it has no kind.")
    kind = shape.fields()["kind"].choice(("redis", "nats", "sqs", "pubsub"))
    if kind != "redis":
        return UnservedQueue(name=name, kind=kind)
    fields = shape.fields(_KNOWN)
    if "url" not in fields:
        raise shape.fault("it has no url.")
    return _redis(name, fields)


def _redis(name: str, fields: Mapping[str, Shape]) -> RedisQueue:
    stream = read(fields, "stream", Shape.text, name)
    return RedisQueue(
        name=name,
        max_bytes=_limit(fields),
        max_attempts=_attempts(fields),
        hold_ms=_hold(fields),
        url=fields["url"].text(),
        stream=stream,
        group=read(fields, "group", Shape.text, "offstage"),
        field=read(fields, "field", Shape.text, None),
        dead_letters=read(fields, "deadLetter", Shape.text, f"{stream}:dead"),
    )


def _limit(fields: Mapping[str, Shape]) -> int:
    return read(fields, "limit", lambda one: one.whole(1, 10 * _MIB), _MIB)


def _attempts(fields: Mapping[str, Shape]) -> int:
    return read(fields, "attempts", lambda one: one.whole(1, _MOST_ATTEMPTS), 10)


def _hold(fields: Mapping[str, Shape]) -> int:
    return read(fields, "hold", lambda one: one.duration(_LONGEST_HOLD, "1s"), 30_000)
