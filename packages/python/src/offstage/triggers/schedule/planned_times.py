"""The planned times of schedules. All instants in ms since the epoch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from offstage.base import OffstageError, json_string
from offstage.engine import Trigger
from offstage.host import interval_ms
from offstage.triggers.schedule.cron_line import CronLine, parse_cron

_DAY = timedelta(days=1)
# A line that has a day at all has one within so many: 29 February, over a century without one, on a day without that hour.
_LONGEST_DAYS = 40 * 366


@dataclass(frozen=True)
class Every:
    """At the multiples of an interval since the epoch, in UTC, so that it comes at the same times whenever and wherever it is asked."""

    interval_ms: int


@dataclass(frozen=True)
class Cron:
    """By the clocks of a time zone.

    A line that names one time of a day comes once on each of its days: at the end of the gap where a change of the clock leaves that time
    out, at the first where it is repeated. Lines for several times come at each that the clocks show.
    """

    line: CronLine
    zone: ZoneInfo


Schedule: TypeAlias = Every | Cron


def schedule_of(trigger: Trigger) -> Schedule | None:
    """The schedule of a trigger; None where it is another one. Errors: `USAGE` for an interval, a line or a time zone that is none."""
    said = trigger.settings
    if trigger.kind == "every":
        return Every(interval_ms(trigger))
    if trigger.kind != "cron":
        return None
    return Cron(parse_cron(str(said["expression"])), _zone(str(said["timezone"])))


def next_planned_time(schedule: Schedule, after: int) -> int | None:
    """The first planned time after an instant; None when there is none."""
    if isinstance(schedule, Every):
        return (after // schedule.interval_ms + 1) * schedule.interval_ms
    return next((at for at in _forwards(schedule, after) if at > after), None)


def planned_times(schedule: Schedule, after: int, until: int, limit: int) -> list[int]:
    """The last planned times after `after`, up to and with `until`: at most `limit`, oldest first."""
    found: list[int] = []
    for at in _backwards(schedule, until):
        if at <= after or len(found) == limit:
            break
        found.append(at)
    return found[::-1]


def _backwards(schedule: Schedule, until: int) -> Iterator[int]:
    """Newest first."""
    if isinstance(schedule, Every):
        at = until // schedule.interval_ms * schedule.interval_ms
        while True:
            yield at
            at -= schedule.interval_ms
    day = _day_of(schedule, until) + _DAY
    for _ in range(_LONGEST_DAYS):
        if schedule.line.comes_on(day):
            yield from (at for at in reversed(_times_of(schedule, day)) if at <= until)
        day -= _DAY


def _forwards(schedule: Cron, after: int) -> Iterator[int]:
    day = _day_of(schedule, after) - _DAY
    for _ in range(_LONGEST_DAYS):
        if schedule.line.comes_on(day):
            yield from _times_of(schedule, day)
        day += _DAY


def _day_of(schedule: Cron, at: int) -> date:
    return datetime.fromtimestamp(at // 1000, schedule.zone).date()


def _times_of(schedule: Cron, day: date) -> list[int]:
    """When a line comes on a day, in order: not in that of the clocks, where they are put back."""
    line = schedule.line
    clocks = (datetime.combine(day, time(hour, minute)) for hour in line.hours for minute in line.minutes)
    return sorted({at for clock in clocks for at in _instants(clock, schedule.zone, is_fixed=line.is_fixed)})


def _instants(clock: datetime, zone: ZoneInfo, *, is_fixed: bool) -> list[int]:
    """The instants at which clocks show a time that counts."""
    first, second = (_utc(clock.replace(tzinfo=zone, fold=fold)) for fold in (0, 1))
    if first == second:
        return [first]
    if first < second:
        return [first] if is_fixed else [first, second]
    # Left out: read by the offset from before, it lies behind the change; by the one from after, before it.
    if not is_fixed:
        return []
    end = _change_between(second, first, zone)
    return [end] if datetime.fromtimestamp(end // 1000, zone).date() == clock.date() else []


def _change_between(before: int, after: int, zone: ZoneInfo) -> int:
    """The first second with the offset of `after`."""
    old = datetime.fromtimestamp(before // 1000, zone).utcoffset()
    while after - before > 1000:
        middle = (before + after) // 2000 * 1000
        if datetime.fromtimestamp(middle // 1000, zone).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def _utc(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp()) * 1000


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise OffstageError(
            "USAGE",
            f"This machine knows no time zone {json_string(name)}.",
            hint='Name one of the IANA database, "Europe/Berlin"; where the system has none, install the package tzdata.',
        ) from error
