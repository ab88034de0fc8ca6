"""A value as it leaves the program."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

from offstage.base import (
    Object,
    UnsafeInteger,
    Withheld,
    fields_of,
    is_fields,
    is_items,
    number_text,
    undefined,
    withheld_in,
)
from offstage.values.kinds import (
    MAX_DEPTH,
    MAX_SIZE,
    article,
    depth_limit,
    is_number,
    size_limit,
    type_error,
    unsafe_use,
)
from offstage.values.members import length


class UnknownPlace(NamedTuple):
    """A part of a value that is not known yet."""

    path: tuple[str | int, ...]
    value: Withheld


class Partial(NamedTuple):
    """JSON, with null and a note where it is not known yet."""

    value: Any
    unknown: list[UnknownPlace]


def to_partial(value: Any, what: str, unsafe: Literal["refuse", "keep"] = "refuse") -> Partial:
    """Members that are undefined are dropped, undefined elements are null, as `JSON.stringify` does it; what JSON cannot carry is a TYPE_ERROR. `what` names the value in messages."""
    walk = _Outward(what, unsafe)
    copied = walk.copy(value, ())
    return Partial(None if copied is undefined else copied, walk.unknown)


def to_data(value: Any, what: str, unsafe: Literal["refuse", "keep"] = "refuse") -> Any:
    """The same for what must be known: a part that is not ends the item."""
    partial = to_partial(value, what, unsafe)
    if partial.unknown:
        partial.unknown[0].value.end()
    return partial.value


class _Outward:
    def __init__(self, what: str, unsafe: Literal["refuse", "keep"]) -> None:
        self.unknown: list[UnknownPlace] = []
        self._what = what
        self._unsafe = unsafe
        self._size = 0

    def copy(self, value: Any, path: tuple[str | int, ...]) -> Any:
        """`undefined` for what is left out."""
        if isinstance(value, str):
            return self._text(value, path)
        if value is None or value is undefined or isinstance(value, bool):
            return value
        if is_number(value):
            if not math.isfinite(value):
                raise type_error(f"{self._what} contains {number_text(value)}, which JSON cannot carry.")
            self._grow(8)
            return value
        if isinstance(value, Withheld):
            self.unknown.append(UnknownPlace(path, value))
            return None
        if isinstance(value, UnsafeInteger):
            if self._unsafe == "keep":
                return value
            raise unsafe_use(f"{self._what} ({'.'.join(map(str, path))})" if path else self._what)
        return self._composed(value, path)

    def _text(self, value: str, path: tuple[str | int, ...]) -> str | None:
        withheld = withheld_in(value)
        if withheld is not None:
            self.unknown.append(UnknownPlace(path, withheld))
            return None
        self._grow(length(value) + 2)
        return value

    def _composed(self, value: Any, path: tuple[str | int, ...]) -> Any:
        if len(path) >= MAX_DEPTH:
            raise depth_limit()
        if is_items(value):
            self._grow(2 + len(value))
            return [self._element(one, (*path, index)) for index, one in enumerate(value)]
        if not is_fields(value):
            raise type_error(f"{self._what} contains {article(value)}, which JSON cannot carry.")
        copied = Object()
        for key, one in fields_of(value):
            member = self.copy(one, (*path, key))
            if member is not undefined:
                self._grow(length(key) + 4)
                copied[key] = member
        return copied

    def _element(self, value: Any, path: tuple[str | int, ...]) -> Any:
        copied = self.copy(value, path)
        return None if copied is undefined else copied

    def _grow(self, by: int) -> None:
        self._size += by
        if self._size > MAX_SIZE:
            raise size_limit(self._what)


def same_data(a: Any, b: Any, depth: int = 0) -> bool:
    """Whether two values are the same data: what makes two items of an `each` one. Unknown parts are never the same."""
    if isinstance(a, Withheld) or isinstance(b, Withheld):
        return False
    if depth > MAX_DEPTH:
        raise depth_limit()
    if is_items(a) and is_items(b):
        return _same_items(a, b, depth)
    if is_fields(a) and is_fields(b):
        return len(a) == len(b) and all(key in b and same_data(one, b[key], depth + 1) for key, one in a.items())
    if is_number(a) and is_number(b):
        both_nan = a != a and b != b
        return both_nan or (a == b and (a != 0 or math.copysign(1, a) == math.copysign(1, b)))
    if isinstance(a, bool) or isinstance(b, bool):
        return a is b
    return a is b or (isinstance(a, str | UnsafeInteger) and type(a) is type(b) and a == b)


def _same_items(a: Sequence[Any], b: Sequence[Any], depth: int) -> bool:
    return len(a) == len(b) and all(same_data(one, other, depth + 1) for one, other in zip(a, b, strict=True))
