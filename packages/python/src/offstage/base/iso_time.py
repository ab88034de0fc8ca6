"""Instants as texts."""

from __future__ import annotations

from datetime import UTC, datetime


def iso_time(ms: int) -> str:
    """An instant (ms since the epoch) in UTC, as ECMAScript writes it: `2026-11-27T00:00:00.000Z`."""
    seconds, rest = divmod(ms, 1000)
    return f"{datetime.fromtimestamp(seconds, UTC).strftime('%Y-%m-%dT%H:%M:%S')}.{rest:03d}Z"
