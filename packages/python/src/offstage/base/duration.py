"""Durations as people write them."""

from __future__ import annotations

import re

_UNITS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_DURATION = re.compile(r"([0-9]{1,15})(ms|s|m|h|d)")
_MAX = 2**53 - 1


def parse_duration(text: str) -> int | None:
    """Milliseconds of `250ms`, `90s`, `10m`, `1h`, `7d`; None for anything else. One number and one unit: `1h30m` is `90m`."""
    match = _DURATION.fullmatch(text)
    if match is None:
        return None
    milliseconds = int(match[1]) * _UNITS[match[2]]
    return milliseconds if milliseconds <= _MAX else None


def format_duration(ms: float) -> str:
    """The shortest text that `parse_duration` reads back as `ms` (a whole number ≥ 0): 90000 is `90s`, 3600000 is `1h`."""
    if ms == 0:
        return "0s"
    for unit in ("d", "h", "m", "s"):
        if ms % _UNITS[unit] == 0:
            return f"{int(ms // _UNITS[unit])}{unit}"
    return f"{int(ms)}ms"
