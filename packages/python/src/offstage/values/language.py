"""Functions of `offstage` over texts and times."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from offstage.base import (
    Object,
    OffstageError,
    hash_json,
    is_fields,
    json_string,
    number_text,
    parse_duration,
    shorten,
    undefined,
)
from offstage.regexp import Regexp, text_of, units_of
from offstage.values.csv import csv_rows
from offstage.values.data import to_data
from offstage.values.kinds import (
    article,
    as_number,
    as_optional_number,
    as_text,
    check_length,
    type_error,
)
from offstage.values.members import length
from offstage.values.texts import named_groups, trim

_SHOWN = 200
_ISO = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})(T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:[.,]([0-9]{1,9}))?)?(Z|[+-][0-9]{2}:?[0-9]{2}))?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def regexp(source: str, flags: str = "") -> Regexp:
    """A pattern with ECMAScript's meaning, in linear time."""
    return Regexp(source, flags)


def _as_pattern(value: Any, name: str) -> Regexp:
    if isinstance(value, Regexp):
        return value
    article(value)
    raise type_error(f"The pattern of {name} must be a regular expression.")


def capture(source: Any, pattern: Any) -> str:
    """The first group, or the whole match when the pattern has none. Errors: CAPTURE_NOT_FOUND, showing the text."""
    given, known = as_text(source, "The text of capture"), _as_pattern(pattern, "capture")
    found = known.scan(given)(0)
    if found is None:
        raise OffstageError(
            "CAPTURE_NOT_FOUND",
            f"capture: /{known.source}/{known.flags} finds nothing in {json_string(shorten(given, _SHOWN))}.",
        )
    if known.program.syntax.groups == 0:
        return found.groups[0] or ""
    return found.groups[1] or ""


def captures(source: Any, pattern: Any, options: Any = undefined, *, count: Any = undefined) -> list[Any]:
    """The named groups of every match; `count` checks how many."""
    given, known = as_text(source, "The text of captures"), _as_pattern(pattern, "captures")
    found = known.all(given)
    wanted = as_optional_number(option(options, "count", count), "The count of captures")
    if wanted is not None and len(found) != wanted:
        raise OffstageError(
            "CAPTURE_NOT_FOUND",
            f"captures: /{known.source}/{known.flags} matches {len(found)} times, not {number_text(wanted)}, in {json_string(shorten(given, _SHOWN))}.",
        )
    return [Object() if (groups := named_groups(known, one)) is undefined else groups for one in found]


def option(options: Any, name: str, given: Any) -> Any:
    """An option by its name: as a keyword, or in an object."""
    if options is undefined:
        return given
    if not is_fields(options):
        article(options)
        raise type_error(f"The options with {name} must be an object.")
    return options.get(name, undefined)


def lines(source: Any) -> list[str]:
    """Lines end with CR LF, LF or CR; the end of the last line may be missing, an empty text has none."""
    every = re.split("\r\n|\n|\r", as_text(source, "The argument of lines"))
    if every[-1] == "":
        every.pop()
    check_length(len(every), "The result of lines")
    return every


def parse_csv(source: Any, options: Any = undefined, *, separator: Any = undefined) -> list[Any]:
    """Rows of comma-separated values (RFC 4180), named by the header line. Short rows lack the members, long ones lose theirs."""
    given = as_text(source, "The text of parseCsv")
    by = option(options, "separator", separator)
    between = "," if by is undefined else as_text(by, "The separator of parseCsv")
    if length(between) != 1 or between in '"\r\n':
        raise type_error("The separator of parseCsv must be one character, not a quote or a line end.")
    header, *rows = csv_rows(units_of(given.removeprefix("\ufeff")), between) or [[]]
    names = [*map(text_of, header)]
    return [Object(zip(names, map(text_of, row), strict=False)) for row in rows]


def hash_of(value: Any) -> Any:
    """SHA-256 of a value's canonical JSON."""
    data = to_data(value, "The argument of hash")
    return undefined if data is undefined else hash_json(data)


def fail(message: Any) -> OffstageError:
    """The error that ends an item or a run with a message: `raise fail(…)`. Where it stands in an expression, see `failing`."""
    return OffstageError("FAILED", as_text(message, "The message of fail"))


def failing(message: Any) -> Any:
    """`?? fail(…)`: raises, where only an expression may stand."""
    raise fail(message)


def time(source: Any) -> int:
    """ISO 8601 text → milliseconds since the epoch. A date alone is midnight UTC; a time of day must say its zone."""
    given = as_text(source, "The argument of time")
    found = _ISO.fullmatch(trim(given))
    milliseconds = None if found is None else _instant(found)
    if milliseconds is None:
        raise type_error(f'time: "{shorten(given, 80)}" is no ISO 8601 date or time with its zone.')
    return milliseconds


def _instant(found: re.Match[str]) -> int | None:
    year, month, day = int(found[1]), int(found[2]), int(found[3])
    hour, minute, second = int(found[5] or 0), int(found[6] or 0), int(found[7] or 0)
    fraction = int((found[8] or "").ljust(9, "0")[:3])
    zone = found[9] or "Z"
    offset = 0 if zone == "Z" else int(zone[1:3]) * 60 + int(zone[-2:])
    past_midnight = hour == 24 and minute == second == fraction == 0
    if (
        (hour > 23 and not past_midnight)
        or minute > 59
        or second > 59
        or (offset > 23 * 60 + 59 or int(zone[-2:] if zone != "Z" else 0) > 59)
    ):
        return None
    try:
        # Years that Python does not have are moved by whole cycles of the calendar.
        cycles = 0 if year >= 1 else 1
        at_day = datetime(year + 400 * cycles, month, day, tzinfo=UTC)
    except ValueError:
        return None
    days = (at_day - _EPOCH) // timedelta(days=1) - cycles * 146_097
    minutes = (hour * 60 + minute) - (offset if zone[0] != "-" else -offset)
    return ((days * 1440 + minutes) * 60 + second) * 1000 + fraction


def iso(ms: Any) -> str:
    """Milliseconds since the epoch → ISO 8601 in UTC."""
    given = as_number(ms, "The argument of iso")
    if not abs(given) <= 8.64e15:
        raise type_error(f"iso: {number_text(given)} is no instant.")
    whole = int(given)
    days, rest = divmod(whole, 86_400_000)
    cycles = days // 146_097
    date = _EPOCH + timedelta(days=days - cycles * 146_097)
    year = date.year + cycles * 400
    shown = f"{year:04d}" if 0 <= year <= 9999 else f"{'-' if year < 0 else '+'}{abs(year):06d}"
    seconds, milliseconds = divmod(rest, 1000)
    return f"{shown}-{date:%m-%d}T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}.{milliseconds:03d}Z"


def duration(source: Any) -> int:
    """`"90m"` → milliseconds."""
    given = as_text(source, "The argument of duration")
    milliseconds = parse_duration(given)
    if milliseconds is None:
        raise type_error(f'"{shorten(given, 80)}" is no duration: write "90s", "10m", "1h" or "7d".')
    return milliseconds
