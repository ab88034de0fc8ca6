"""Cron lines of five fields, as the values that each takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from offstage.base import OffstageError, json_string


class _Field(NamedTuple):
    """`first`: what the first of its words stands for."""

    name: str
    least: int
    most: int
    words: str = ""
    first: int = 0


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, "jan feb mar apr may jun jul aug sep oct nov dec", 1),
    _Field("day of week", 0, 7, "sun mon tue wed thu fri sat"),
)
_STEP = re.compile(r"[0-9]{1,3}")
_VALUE = re.compile(r"[0-9]{1,2}")


@dataclass(frozen=True)
class CronLine:
    """The days on which a line comes, and the times of a day.

    `weekdays`: 0 is Sunday. `any_day`, `any_weekday`: nothing is said of it; where something is said of both, either is enough. `is_fixed`:
    it names one time of a day, which comes once, whatever is done to the clocks.
    """

    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]
    any_day: bool
    any_weekday: bool
    is_fixed: bool

    def comes_on(self, day: date) -> bool:
        """Whether it comes on a day."""
        if day.month not in self.months:
            return False
        by_day, by_weekday = day.day in self.days, day.isoweekday() % 7 in self.weekdays
        if self.any_day or self.any_weekday:
            return by_day and by_weekday
        return by_day or by_weekday


def parse_cron(expression: str) -> CronLine:
    """Reads a line. Errors: `USAGE`, which says what is wrong."""
    parts = expression.split()
    if len(parts) != len(_FIELDS):
        raise _fault(expression, f"a cron line has five fields; this has {len(parts)}.")
    sets = [_values(part, field, expression) for part, field in zip(parts, _FIELDS, strict=True)]
    minutes, hours, days, months, weekdays = sets
    single = len(minutes) == 1 and len(hours) == 1
    return CronLine(
        minutes=tuple(sorted(minutes)),
        hours=tuple(sorted(hours)),
        days=frozenset(days),
        months=frozenset(months),
        weekdays=frozenset(day % 7 for day in weekdays),
        any_day=parts[2] == "*",
        any_weekday=parts[4] == "*",
        is_fixed=single and not any(mark in part for part in parts[:2] for mark in "*/"),
    )


def _values(part: str, field: _Field, expression: str) -> set[int]:
    found: set[int] = set()
    for item in part.split(","):
        taken = set(_item(item, field))
        if not taken:
            raise _fault(expression, f"{json_string(part)} is no {field.name}.")
        found |= taken
    return found


def _item(item: str, field: _Field) -> Iterator[int]:
    """`*`, `5`, `1-5`, each also with a step; nothing for what is none of them."""
    taken, *steps = item.split("/")
    if len(steps) > 1 or any(_STEP.fullmatch(step) is None or not 0 < int(step) <= field.most for step in steps):
        return
    if taken == "*":
        # A week has seven days, of which Sunday has two numbers.
        low, high = field.least, 6 if field.name == "day of week" else field.most
    else:
        ends = [_value(end, field) for end in taken.split("-")]
        if len(ends) > 2 or ends[0] is None or ends[-1] is None or (len(ends) == 1 and steps):
            return
        low, high = ends[0], ends[-1]
    yield from range(low, high + 1, int(steps[0]) if steps else 1)


def _value(text: str, field: _Field) -> int | None:
    words = field.words.split()
    if text.lower() in words:
        return words.index(text.lower()) + field.first
    value = int(text) if _VALUE.fullmatch(text) else -1
    return value if field.least <= value <= field.most else None


def _fault(expression: str, what: str) -> OffstageError:
    return OffstageError(
        "USAGE", f"cron({json_string(expression)}): {what}", hint='Five fields, as in "30 2 * * 1-5": see LANGUAGE.md.'
    )
