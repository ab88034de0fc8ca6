"""Whether arguments are what a rule says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from offstage.base import Data, Segment, UnsafeInteger, is_fields, is_items, number_text, parse_data_path
from offstage.gate.fold import fold
from offstage.gate.match import Match, all_of, any_of, at_most, opposite, yes_if
from offstage.gate.matches_glob import matches_glob
from offstage.model import ArgumentMatch

# `1.500` and `1,500` are one and a half to some, and fifteen hundred to others.
_PLAIN = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,2})?")


class _Found(NamedTuple):
    """What lies at a path. `sure`: false where it is there only if the server is generous, as with another case of a name."""

    absent: bool
    value: Data
    sure: bool


_ABSENT = _Found(True, None, True)
# What is not known, or not what the path speaks of.
_UNDECIDED = _Found(False, None, False)


def match_arguments(args: Mapping[str, ArgumentMatch], value: Data) -> Match:
    """`maybe` wherever a server could see it otherwise than it stands there: what is not known yet or None or absent (servers have defaults), a text in the place of a number, another case or width of letters, a list in the place of one value.

    Only data is looked at: nothing in it is a pattern or an operator.
    """
    return all_of(
        any_of(_match_found(match, found) for found in _find(value, parse_data_path(path) or ()))
        for path, match in args.items()
    )


def _find(value: Data, path: tuple[Segment, ...]) -> list[_Found]:
    if not path:
        return [_Found(False, value, True)]
    segment, rest = path[0], path[1:]
    if is_items(value):
        if segment.kind == "anywhere":
            return [_UNDECIDED]
        if segment.kind == "items":
            return [found for item in value for found in _find(item, rest)]
        return _unsure(found for item in value for found in _find(item, path)) if value else [_ABSENT]
    if not is_fields(value):
        return _unsure(_find(value, rest)) if segment.kind == "items" and value is not None else [_UNDECIDED]
    if segment.kind == "anywhere":
        return [_UNDECIDED]
    if segment.kind == "items":
        return _unsure(_find(value, rest))
    wanted = fold(segment.name)
    alike = [member for name, member in value.items() if name != segment.name and fold(name) == wanted]
    exact = _find(value[segment.name], rest) if segment.name in value else [_ABSENT]
    return [*exact, *_unsure(found for member in alike for found in _find(member, rest))]


def _unsure(found: Iterable[_Found]) -> list[_Found]:
    return [one if one.absent else one._replace(sure=False) for one in found]


def _match_found(match: ArgumentMatch, found: _Found) -> Match:
    value = found.value
    matches: list[Match] = []
    if "given" in match:
        given = match["given"]
        matches.append(yes_if(not given) if found.absent else "maybe" if value is None else yes_if(given))
    if "is" in match:
        matches.append(any_of(_match_scalar(wanted, value) for wanted in match["is"]))
    if "contains" in match:
        matches.append(any_of(_match_part(wanted, value) for wanted in match["contains"]))
    if "over" in match:
        over = match["over"]
        matches.append(_compare(value, lambda number: number > over))
    if "under" in match:
        under = match["under"]
        matches.append(_compare(value, lambda number: number < under))
    if "not" in match:
        matches.append(opposite(_match_found(match["not"], found)))
    every = all_of(matches)
    return every if found.absent or found.sure else at_most("maybe", every)


def _match_scalar(wanted: str | float | bool, value: Data) -> Match:
    if is_items(value):
        return at_most("maybe", any_of(_match_scalar(wanted, item) for item in value))
    if value is None or is_fields(value) or isinstance(value, UnsafeInteger):
        return "maybe"
    if isinstance(wanted, str):
        if isinstance(value, str) and matches_glob(wanted, value):
            return "yes"
        return "maybe" if matches_glob(fold(wanted), fold(_text(value))) else "no"
    if isinstance(wanted, bool) or isinstance(value, bool):
        return yes_if(wanted == value) if isinstance(wanted, bool) and isinstance(value, bool) else "maybe"
    return _compare(value, lambda number: number == wanted)


def _text(value: Any) -> str:
    """As ECMAScript's `String` writes a scalar."""
    if isinstance(value, str):
        return value
    return ("true" if value else "false") if isinstance(value, bool) else number_text(value)


def _match_part(wanted: str | float | bool, value: Data) -> Match:
    """An item of a list, or a part of a text."""
    if is_items(value):
        return any_of(_match_scalar(wanted, item) for item in value)
    if not isinstance(value, str):
        return at_most("maybe", _match_scalar(wanted, value))
    part = _match_scalar(f"*{_text(wanted)}*", value)
    return part if isinstance(wanted, str) else at_most("maybe", part)


def _compare(value: Data, holds: Callable[[float], bool]) -> Match:
    """A number is what it is; a text might be read as one, and how is the server's matter."""
    if is_items(value):
        return at_most("maybe", any_of(_compare(item, holds) for item in value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return yes_if(holds(value))
    if not isinstance(value, str):
        return "maybe"
    folded = fold(value)
    return "no" if _PLAIN.fullmatch(folded) and not holds(float(folded)) else "maybe"
