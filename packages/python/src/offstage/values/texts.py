"""Methods of texts, over UTF-16 units."""

from __future__ import annotations

import re
from typing import Any

from offstage.base import Object, lower_case, number_text, undefined, upper_case
from offstage.regexp import RegexMatch, Regexp, text_of, units_of
from offstage.values.kinds import (
    article,
    as_number,
    as_optional_number,
    as_text,
    check_length,
    check_size,
    integer_of,
    type_error,
)
from offstage.values.members import MatchList
from offstage.values.operators import checked_text

# ECMAScript's white space and line terminators.
_SPACE = "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"


def text_at(self: str, index: Any) -> Any:
    """`at`: the unit there, from the end with a negative number."""
    units = units_of(self)
    place = integer_of(as_number(index, "The argument of at"))
    place = len(units) + place if place < 0 else place
    return units[place] if 0 <= place < len(units) else undefined


def slice_bounds(count: int, start: Any, end: Any) -> tuple[int, int]:
    """Where `slice` begins and ends; the second is never before the first."""
    first, last = as_optional_number(start, "The start of slice"), as_optional_number(end, "The end of slice")
    begin = 0 if first is None else integer_of(first)
    stop = count if last is None else integer_of(last)
    begin = max(0, count + begin) if begin < 0 else min(begin, count)
    stop = max(0, count + stop) if stop < 0 else min(stop, count)
    return begin, max(begin, stop)


def text_slice(self: str, start: Any, end: Any) -> str:
    """`slice`."""
    units = units_of(self)
    begin, stop = slice_bounds(len(units), start, end)
    return text_of(units[begin:stop])


def text_includes(self: str, part: Any, start: Any) -> bool:
    """`includes`."""
    wanted = units_of(as_text(part, "The argument of includes"))
    units = units_of(self)
    return units.find(wanted, min(_place(start, "includes"), len(units))) != -1


def text_index_of(self: str, part: Any, start: Any) -> int:
    """`indexOf`."""
    wanted = units_of(as_text(part, "The argument of indexOf"))
    units = units_of(self)
    return units.find(wanted, min(_place(start, "indexOf"), len(units)))


def _place(start: Any, name: str) -> int:
    given = as_optional_number(start, f"The start of {name}")
    return 0 if given is None else max(0, integer_of(given))


def starts_with(self: Any, part: Any, start: Any = undefined) -> bool:
    """`startsWith`."""
    units, wanted = units_of(_text(self, "startsWith")), units_of(as_text(part, "The argument of startsWith"))
    return units.startswith(wanted, min(_place(start, "startsWith"), len(units)))


def ends_with(self: Any, part: Any, end: Any = undefined) -> bool:
    """`endsWith`."""
    units, wanted = units_of(_text(self, "endsWith")), units_of(as_text(part, "The argument of endsWith"))
    stop = as_optional_number(end, "The end of endsWith")
    last = len(units) if stop is None else min(max(0, integer_of(stop)), len(units))
    return units[:last].endswith(wanted)


def trim(self: Any) -> str:
    """`trim`: ECMAScript's white space, the byte order mark too."""
    return _text(self, "trim").strip(_SPACE)


def trim_start(self: Any) -> str:
    """`trimStart`."""
    return _text(self, "trimStart").lstrip(_SPACE)


def trim_end(self: Any) -> str:
    """`trimEnd`."""
    return _text(self, "trimEnd").rstrip(_SPACE)


def upper(self: Any) -> str:
    """`toUpperCase`."""
    return checked_text(upper_case(_text(self, "toUpperCase")), "The result of toUpperCase")


def lower(self: Any) -> str:
    """`toLowerCase`."""
    return checked_text(lower_case(_text(self, "toLowerCase")), "The result of toLowerCase")


def repeat(self: Any, count: Any) -> str:
    """`repeat`."""
    whole = _text(self, "repeat")
    times = as_number(count, "The argument of repeat")
    if not 0 <= times < float("inf"):
        raise type_error(f"repeat takes a number from 0, not {number_text(times)}.")
    check_size(len(units_of(whole)) * int(times), "The result of repeat")
    return text_of(whole * int(times))


def pad_start(self: Any, length: Any, fill: Any = undefined) -> str:
    """`padStart`."""
    whole, filling = _padding(self, length, fill, "padStart")
    return text_of(filling + whole)


def pad_end(self: Any, length: Any, fill: Any = undefined) -> str:
    """`padEnd`."""
    whole, filling = _padding(self, length, fill, "padEnd")
    return text_of(whole + filling)


def _padding(self: Any, length: Any, fill: Any, name: str) -> tuple[str, str]:
    units = units_of(_text(self, name))
    size = as_number(length, f"The length of {name}")
    check_size(size, f"The result of {name}")
    filling = " " if fill is undefined else units_of(as_text(fill, f"The filling of {name}"))
    missing = integer_of(size) - len(units)
    if missing <= 0 or filling == "":
        return units, ""
    return units, (filling * (missing // len(filling) + 1))[:missing]


def split(self: Any, separator: Any, limit: Any = undefined) -> list[Any]:
    """`split`, by a text or a pattern."""
    whole = _text(self, "split")
    most = as_optional_number(limit, "The limit of split")
    count = 2**32 - 1 if most is None else integer_of(most) % 2**32
    if isinstance(separator, Regexp):
        parts = _split_by(separator, whole, count)
    else:
        by = units_of(as_text(separator, "The separator of split"))
        units = units_of(whole)
        found = [*units] if by == "" else units.split(by)
        parts = [text_of(part) for part in found[:count]]
    check_length(len(parts), "The result of split")
    return parts


def _split_by(pattern: Regexp, whole: str, most: int) -> list[Any]:
    """ECMAScript's split: captured groups are part of the result, an empty match at the end of a part is none."""
    parts: list[Any] = []
    if most == 0:
        return parts
    after = pattern.scan(whole)
    units = units_of(whole)
    if units == "":
        return [whole] if after(0) is None else []
    begin = at = 0
    while at < len(units):
        found = after(at)
        if found is None or found.start >= len(units):
            break
        if found.end == begin or (found.end == found.start and found.start == begin):
            at = max(found.start, at) + 1
            continue
        for part in (text_of(units[begin : found.start]), *found.groups[1:]):
            parts.append(undefined if part is None else part)
            if len(parts) == most:
                return parts
        begin = at = found.end
    parts.append(text_of(units[begin:]))
    return parts


def named_groups(pattern: Regexp, found: RegexMatch) -> Any:
    """The named groups of a match; `undefined` when the pattern has none."""
    named = pattern.named(found)
    if named is None:
        return undefined
    return Object((name, undefined if group is None else group) for name, group in named.items())


def _match_list(pattern: Regexp, found: RegexMatch) -> MatchList:
    groups = (undefined if group is None else group for group in found.groups)
    return MatchList(groups, found.start, named_groups(pattern, found))


def match(self: Any, pattern: Any) -> list[Any] | None:
    """`match`: the first one with its groups, or with `g` the texts of all; null when there is none."""
    whole = _text(self, "match")
    regexp = _pattern(pattern, "match")
    if regexp.is_global:
        regexp.last_index = 0
        return [found.groups[0] for found in regexp.all(whole)] or None
    found = regexp.scan(whole)(0)
    return None if found is None else _match_list(regexp, found)


def match_all(self: Any, pattern: Any) -> list[Any]:
    """`matchAll`: each with its groups."""
    whole = _text(self, "matchAll")
    regexp = _pattern(pattern, "matchAll")
    if not regexp.is_global:
        raise type_error("matchAll takes a regular expression with the flag g.")
    found = regexp.all(whole, regexp.last_index)
    check_length(len(found), "The result of matchAll")
    return [_match_list(regexp, one) for one in found]


def _pattern(value: Any, name: str) -> Regexp:
    if isinstance(value, Regexp):
        return value
    if not isinstance(value, str):
        article(value)
    raise type_error(f"{name} takes a regular expression.")


def replace(self: Any, pattern: Any, replacement: Any) -> str:
    """`replace`, with `$1` and its kind in the replacement."""
    return _replace(_text(self, "replace"), pattern, replacement, "replace")


def replace_all(self: Any, pattern: Any, replacement: Any) -> str:
    """`replaceAll`."""
    return _replace(_text(self, "replaceAll"), pattern, replacement, "replaceAll")


def _replace(whole: str, pattern: Any, replacement: Any, name: str) -> str:
    units = units_of(whole)
    regexp = pattern if isinstance(pattern, Regexp) else None
    found = (
        _text_matches(units, units_of(as_text(pattern, f"The pattern of {name}")), name)
        if regexp is None
        else _regexp_matches(regexp, whole, name)
    )
    template = units_of(as_text(replacement, f"The replacement of {name}"))
    parts: list[str] = []
    size = end = 0
    for one in found:
        made = _substitute(template, units, one, None if regexp is None else regexp.named(one))
        before = units[end : one.start]
        size += len(before) + len(made)
        check_size(size, f"The result of {name}")
        parts += [before, made]
        end = one.end
    result = "".join(parts) + units[end:]
    check_size(len(result), f"The result of {name}")
    return text_of(result)


def _regexp_matches(pattern: Regexp, whole: str, name: str) -> list[RegexMatch]:
    if pattern.is_global:
        pattern.last_index = 0
        return pattern.all(whole)
    if name == "replaceAll":
        raise type_error("replaceAll takes a string, or a regular expression with the flag g.")
    first = pattern.scan(whole)(0)
    return [] if first is None else [first]


def _text_matches(units: str, part: str, name: str) -> list[RegexMatch]:
    found: list[RegexMatch] = []
    at = units.find(part)
    while at != -1:
        found.append(RegexMatch(at, at + len(part), (part,)))
        if name == "replace" or at == len(units):
            break
        at = units.find(part, at + max(1, len(part)))
    return found


# Without names `$<` is text, and what follows it is looked at.
_NUMBERED = re.compile(r"\$(?:([$&`'])|([0-9][0-9]?))")
_NAMED = re.compile(r"\$(?:([$&`'])|([0-9][0-9]?)|<([^>]*)>)")


def _substitute(template: str, units: str, found: RegexMatch, named: dict[str, str | None] | None) -> str:
    """ECMAScript's GetSubstitution: `$$`, `$&`, `` $` ``, `$'`, `$1`, and `$<name>` where groups have names."""
    if "$" not in template:
        return template
    groups = [units_of(group) if group is not None else "" for group in found.groups]

    def put(mark: re.Match[str]) -> str:
        if mark[1] is not None:
            return {"$": "$", "&": groups[0], "`": units[: found.start], "'": units[found.end :]}[mark[1]]
        if mark[2] is not None:
            return _group(mark[0], mark[2], groups)
        return units_of((named or {}).get(mark[3]) or "")

    return (_NUMBERED if named is None else _NAMED).sub(put, template)


def _group(whole: str, digits: str, groups: list[str]) -> str:
    two = int(digits)
    if 1 <= two < len(groups):
        return groups[two]
    one = int(digits[0])
    if len(digits) == 2 and 1 <= one < len(groups):
        return groups[one] + digits[1]
    return whole


def _text(value: Any, name: str) -> str:
    if isinstance(value, str):
        return value
    raise no_method(value, name)


def no_method(value: Any, name: str) -> BaseException:
    """The error of a method that its receiver does not have."""
    kind = article(value)
    if value is None or value is undefined:
        return type_error(f"Cannot call {name} of {kind}.")
    return type_error(f"{kind} has no method {name}.")
