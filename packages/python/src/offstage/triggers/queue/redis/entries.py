"""Entries of a stream as messages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from offstage.triggers.queue.queue_port import JsonContent, PartsContent, QueueContent, Unfit
from offstage.triggers.queue.read_message import utf8


class Entry(NamedTuple):
    """What Redis calls it, and names and values in turn."""

    id: bytes
    fields: Sequence[bytes]


def content_of(entry: Entry, field: str | None) -> QueueContent:
    """`field`: the one that holds the message as JSON; None: all fields are texts of the message."""
    pairs = [*zip(entry.fields[::2], entry.fields[1::2], strict=True)]
    return _all_of(pairs) if field is None else _one_of(pairs, field)


def _one_of(pairs: Sequence[tuple[bytes, bytes]], field: str) -> QueueContent:
    values = [value for name, value in pairs if name == field.encode()]
    if not values:
        return Unfit(f"it has no field {field}")
    return JsonContent(values[0]) if len(values) == 1 else Unfit(f"it has the field {field} {len(values)} times")


def _all_of(pairs: Sequence[tuple[bytes, bytes]]) -> QueueContent:
    texts: dict[str, object] = {}
    for raw_name, raw_value in pairs:
        name, value = utf8(raw_name), utf8(raw_value)
        if name is None or value is None:
            return Unfit("a field of it is no UTF-8")
        if name in texts:
            return Unfit(f"it has the field {name} twice")
        texts[name] = value
    return PartsContent(texts, sum(len(name) + len(value) for name, value in pairs))
