"""What starts runs, as workflows say it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from offstage.model import EventSource


class Trigger:
    """What starts a run. `source`: where its events come from; None of a schedule."""

    def __init__(self, kind: str, source: EventSource | None, settings: Mapping[str, Any]) -> None:
        self.kind = kind
        self.source = source
        self.settings = {name: value for name, value in settings.items() if value is not None}


Overlap = Literal["queue", "skip", "replace"]


def every(
    interval: str,
    *,
    overlap: Overlap = "queue",
    sweep: bool = False,
    missed: Literal["skip", "once", "all"] | None = None,
    jitter: str | None = None,
    when: Any = None,
    key: Any = None,
) -> Trigger:
    """A run each so often."""
    return Trigger(
        "every",
        None,
        {
            "interval": interval,
            "overlap": overlap,
            "sweep": sweep,
            "missed": missed,
            "jitter": jitter,
            "when": when,
            "key": key,
        },
    )


def cron(
    expression: str,
    *,
    timezone: str,
    overlap: Overlap = "queue",
    sweep: bool = False,
    missed: Literal["skip", "once", "all"] | None = None,
    jitter: str | None = None,
    when: Any = None,
    key: Any = None,
) -> Trigger:
    """A run at the times of a cron line, in a time zone."""
    return Trigger(
        "cron",
        None,
        {
            "expression": expression,
            "timezone": timezone,
            "overlap": overlap,
            "sweep": sweep,
            "missed": missed,
            "jitter": jitter,
            "when": when,
            "key": key,
        },
    )


def webhook(
    source: str, *, when: Any = None, key: Any = None, overlap: Overlap = "queue", sweep: bool = False
) -> Trigger:
    """Deliveries of one source."""
    return Trigger(
        "webhook", {"kind": "webhook", "source": source}, {"when": when, "key": key, "overlap": overlap, "sweep": sweep}
    )


def queue(name: str, *, when: Any = None, key: Any = None, overlap: Overlap = "queue", sweep: bool = False) -> Trigger:
    """Messages of one queue."""
    return Trigger(
        "queue", {"kind": "queue", "name": name}, {"when": when, "key": key, "overlap": overlap, "sweep": sweep}
    )


def resource(
    server: Any, uri: str, *, when: Any = None, key: Any = None, overlap: Overlap = "queue", sweep: bool = False
) -> Trigger:
    """Changes of a server's resource."""
    name = getattr(server, "SERVER", str(server))
    return Trigger(
        "resource",
        {"kind": "resource", "server": name, "uri": uri},
        {"when": when, "key": key, "overlap": overlap, "sweep": sweep},
    )
