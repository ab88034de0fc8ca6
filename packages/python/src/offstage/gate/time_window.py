"""Hours of a week, by the clocks of a time zone."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from offstage.model import TimeWindow

_MINUTE_MS = 60_000
_DAY_MINUTES = 1_440
# Clocks are changed at multiples of this, so that no step passes over a change.
_STEP_MINUTES = 15
# A window that does not change within so many days never does.
_SEARCH_MS = 9 * _DAY_MINUTES * _MINUTE_MS


class _LocalTime(NamedTuple):
    """`day`: 0 is Sunday. `minute`: of the day."""

    day: int
    minute: int


def is_within(window: TimeWindow, now: int) -> bool:
    """Whether an instant (ms) lies within a window, by the clocks of its time zone: the beginning belongs to it, the end does not."""
    return _holds_at(window, _local_time(window["timezone"], now))


def next_change(window: TimeWindow, now: int) -> int | None:
    """The first minute after `now` at which one is within a window where one is not now, or the other way around; ms. None: never."""
    before = is_within(window, now)
    at = now // _MINUTE_MS * _MINUTE_MS
    while at < now + _SEARCH_MS:
        minute = _local_time(window["timezone"], at).minute
        steps = [edge - minute for edge in (window["from"], window["to"], _DAY_MINUTES) if edge > minute]
        at += min(*steps, _STEP_MINUTES - minute % _STEP_MINUTES) * _MINUTE_MS
        if is_within(window, at) != before:
            return at
    return None


def _holds_at(window: TimeWindow, local: _LocalTime) -> bool:
    days, start, end = window["days"], window["from"], window["to"]
    if start < end:
        return local.day in days and start <= local.minute < end
    yesterday = (local.day + 6) % 7
    return (local.day in days and local.minute >= start) or (yesterday in days and local.minute < end)


def _local_time(timezone: str, at: int) -> _LocalTime:
    local = datetime.fromtimestamp(at // 1000, ZoneInfo(timezone))
    return _LocalTime(local.isoweekday() % 7, local.hour * 60 + local.minute)
