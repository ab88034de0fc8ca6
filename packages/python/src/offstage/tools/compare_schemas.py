"""What differs between two JSON Schemas, in words for people."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from offstage.base import fields_of, is_fields, is_items, shorten, undefined, utf16_length, utf16_order

from .pinned_json import hash_data, print_sorted
from .text_change import text_change
from .visible_text import json_text, visible_line

Weight: TypeAlias = Literal["breaking", "compatible", "wording"]
SchemaSide: TypeAlias = Literal["argument", "result"]
"""What a schema is about: what a call gives, or what it gets. A narrower argument breaks, and so does a wider result."""


@dataclass(frozen=True)
class Difference:
    """One thing that differs. `where`: `argument labels[].name`. `weight`: `breaking` where calls or uses that were right may be wrong now; `wording` where only words differ."""

    where: str
    what: str
    weight: Weight


_MOST_DIFFERENCES, _DEEPEST = 200, 32
# UTF-16 units of two texts that are read at one look.
_SHORT_TEXTS = 120
_PLAIN_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9_]+")


@dataclass(frozen=True)
class _Comparison:
    side: SchemaSide
    depth: int
    found: list[Difference]

    def add(self, path: str, what: str, weight: Weight) -> None:
        if len(self.found) < _MOST_DIFFERENCES:
            self.found.append(Difference(self.side if path == "" else f"{self.side} {path}", what, weight))

    def wider(self, is_wider: bool) -> Weight:
        """The weight of taking more (or less) than before: less breaks arguments, more breaks results."""
        return "compatible" if (self.side == "argument") == is_wider else "breaking"


def compare_schemas(side: SchemaSide, before: Any, after: Any) -> list[Difference]:
    """What differs; `undefined` is a schema that is not there. Empty only when they say the same."""
    found: list[Difference] = []
    _compare(_Comparison(side, 0, found), "", before, after)
    return found


def _compare(c: _Comparison, path: str, before: Any, after: Any) -> None:
    if same_data(before, after):
        return
    if not is_fields(before) or not is_fields(after) or c.depth > _DEEPEST:
        what = f"changed from {shown(before)} to {shown(after)}"
        if before is undefined or after is undefined:
            what = "is described now" if before is undefined else "is no longer described"
        c.add(path, what, c.wider(False) if before is undefined else "breaking")
        return
    inner = replace(c, depth=c.depth + 1)
    for keyword in dict.fromkeys(name for one in (before, after) for name, _ in fields_of(one)):
        old, now = field(before, keyword), field(after, keyword)
        if not same_data(old, now):
            _KEYWORDS.get(keyword, _other)(inner, path, old, now, keyword)
    _required(inner, path, before, after)


def _nothing(c: _Comparison, path: str, before: Any, after: Any, keyword: str) -> None:
    """`required` is told name by name."""


def _properties(c: _Comparison, path: str, before: Any, after: Any, keyword: str) -> None:
    for name in _names(before, after):
        at = _member_path(path, name)
        old, now = field(before, name), field(after, name)
        if old is undefined:
            c.add(at, "is new", "compatible")
        elif now is undefined:
            c.add(at, "is gone", "breaking")
        else:
            _compare(c, at, old, now)


def _required(c: _Comparison, path: str, before: Any, after: Any) -> None:
    old, now = ([name for name in _listed(field(one, "required")) if isinstance(name, str)] for one in (before, after))
    for name in now:
        if name not in old:
            c.add(_member_path(path, name), "became required", c.wider(False))
    for name in old:
        if name not in now:
            c.add(_member_path(path, name), "is no longer required", c.wider(True))


def _sets(c: _Comparison, path: str, old: Any, now: Any, keyword: str) -> None:
    """Types and enumerations: sets of which an argument may be any. Absent is everything."""
    before, after, noun = _listed(old), _listed(now), "value" if keyword == "enum" else keyword
    if not before:
        return c.add(path, f"may only be {_listing(after)} now", c.wider(False))
    if not after:
        return c.add(path, f"is no longer bound to {_listing(before)}", c.wider(True))
    lost = [one for one in before if not any(same_data(one, other) for other in after)]
    gained = [one for one in after if not any(same_data(one, other) for other in before)]
    if lost and gained and noun == "type":
        return c.add(path, f"changed its type from {_listing(before)} to {_listing(after)}", "breaking")
    if lost:
        c.add(path, f"lost the {noun} {_listing(lost)}", c.wider(False))
    if gained:
        c.add(path, f"gained the {noun} {_listing(gained)}", c.wider(True))
    if not lost and not gained:
        c.add(path, f"lists its {noun}s in another order", "compatible")
    return None


def _items(c: _Comparison, path: str, before: Any, after: Any, keyword: str) -> None:
    _compare(c, f"{path}[]", before, after)


def _words(c: _Comparison, path: str, before: Any, after: Any, keyword: str) -> None:
    c.add(path, words_change(keyword, before, after), "wording")


def words_change(name: str, before: Any, after: Any) -> str:
    """How a text changed, for people: both texts where they are short, else the words that went and came."""
    if isinstance(before, str) and isinstance(after, str) and utf16_length(before) + utf16_length(after) > _SHORT_TEXTS:
        return f"changed its {name}: {text_change(before, after)}"
    if before is undefined:
        return f"has {name if name.endswith('s') else f'a {name}'} now: {shown(after)}"
    if after is undefined:
        return f"lost its {name}: {shown(before)}"
    return f"changed its {name} from {shown(before)} to {shown(after)}"


def _alternatives(c: _Comparison, path: str, before: Any, after: Any, keyword: str) -> None:
    old, now = _listed(before), _listed(after)
    if len(old) == len(now):
        for index, one in enumerate(old):
            _compare(c, f"{path}<{keyword} {index + 1}>", one, now[index])
        return
    is_wider = keyword != "allOf" and all(any(same_data(one, other) for other in now) for one in old)
    what = f"has {len(now)} instead of {len(old)} alternatives ({keyword})"
    c.add(path, what, c.wider(True) if is_wider and old else "breaking")


def _definitions(c: _Comparison, _path: str, before: Any, after: Any, keyword: str) -> None:
    for name in _names(before, after):
        old, now = field(before, name), field(after, name)
        at = f"<{keyword} {visible_line(name)}>"
        if old is undefined or now is undefined:
            c.add(at, "is new" if old is undefined else "is gone", "compatible")
        else:
            _compare(c, at, old, now)


def _extra(c: _Comparison, path: str, before: Any, after: Any, keyword: str) -> None:
    if is_fields(before) and is_fields(after):
        _compare(c, f"{path}{{}}", before, after)
    elif after is False:
        c.add(path, "takes no other members now", c.wider(False))
    elif before is False:
        c.add(path, "takes other members now", c.wider(True))
    else:
        _other(c, path, before, after, keyword)


def _bound(side: Literal["lower", "upper"]) -> Callable[[_Comparison, str, Any, Any, str], None]:
    """A bound that moves outwards takes more than before."""

    def compare(c: _Comparison, path: str, before: Any, after: Any, keyword: str) -> None:
        if not _is_number(before) or not _is_number(after):
            return _other(c, path, before, after, keyword)
        is_wider = after > before if side == "upper" else after < before
        return c.add(path, f"changed {keyword} from {shown(before)} to {shown(after)}", c.wider(is_wider))

    return compare


def _other(c: _Comparison, path: str, before: Any, after: Any, keyword: str) -> None:
    """Patterns, formats, defaults and whatever a server invents: said as they are, and taken to matter."""
    name = visible_line(keyword)
    if before is undefined:
        c.add(path, f"has {name} {shown(after)} now", c.wider(False))
    elif after is undefined:
        c.add(path, f"lost {name} {shown(before)}", c.wider(True))
    else:
        c.add(path, f"changed {name} from {shown(before)} to {shown(after)}", "breaking")


_BOUNDS = ("imum", "Length", "Items", "Properties", "Contains")
_KEYWORDS: Mapping[str, Callable[[_Comparison, str, Any, Any, str], None]] = {
    "required": _nothing,
    "properties": _properties,
    "items": _items,
    "additionalProperties": _extra,
    **dict.fromkeys(("type", "enum"), _sets),
    **dict.fromkeys(("description", "title", "$comment", "examples", "$schema"), _words),
    **dict.fromkeys(("anyOf", "oneOf", "allOf", "prefixItems"), _alternatives),
    **dict.fromkeys(("$defs", "definitions"), _definitions),
    **dict.fromkeys((*(f"min{of}" for of in _BOUNDS), "exclusiveMinimum"), _bound("lower")),
    **dict.fromkeys((*(f"max{of}" for of in _BOUNDS), "exclusiveMaximum"), _bound("upper")),
}


def same_data(a: Any, b: Any) -> bool:
    """True when two values say the same; the order of members says nothing."""
    if a is undefined or b is undefined:
        return a is b
    return hash_data(a) == hash_data(b)


def shown(value: Any) -> str:
    """A value for people: short, on one line, nothing hidden in it."""
    return "nothing" if value is undefined else shorten(visible_line(print_sorted(value)), 120)


def field(value: Any, name: str) -> Any:
    """An own field of an object; `undefined` when it has none."""
    return value.get(name, undefined) if is_fields(value) else undefined


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _listed(value: Any) -> Sequence[Any]:
    return [] if value is undefined else value if is_items(value) else [value]


def _names(before: Any, after: Any) -> list[str]:
    return sorted({name for one in (before, after) if is_fields(one) for name in one}, key=utf16_order)


def _member_path(path: str, name: str) -> str:
    written = name if _PLAIN_NAME.fullmatch(name) else json_text(visible_line(name))
    return written if path == "" else f"{path}.{written}"


def _listing(values: Sequence[Any]) -> str:
    if len(values) > 8:
        return f"{_listing(values[:8])} and {len(values) - 8} more"
    return ", ".join(one if isinstance(one, str) and _PLAIN_WORD.fullmatch(one) else shown(one) for one in values)
