"""Methods of lists. Callbacks get the element, its index and the list, as many as they take."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar, cast, overload

from offstage.base import Undefined, Withheld, is_items, text_or_withheld, undefined
from offstage.regexp import Regexp, text_of
from offstage.values.kinds import (
    MAX_DEPTH,
    article,
    as_number,
    as_optional_number,
    as_text,
    caller,
    check_length,
    check_size,
    depth_limit,
    integer_of,
    is_number,
    type_error,
)
from offstage.values.members import length
from offstage.values.operators import same, text, truthy
from offstage.values.texts import no_method, slice_bounds, text_at, text_includes, text_index_of, text_slice

T = TypeVar("T")
U = TypeVar("U")
# A callback on an element: it takes as many as it wants of the element, its index and the list.
OfItem: TypeAlias = Callable[[T], U] | Callable[[T, int], U] | Callable[[T, int, Sequence[T]], U] | Callable[[], U]


def _list(value: Any, name: str) -> Sequence[Any]:
    if is_items(value):
        return value
    raise no_method(value, name)


def at(self: Any, index: Any) -> Any:
    """`at` of a list or text: from the end with a negative number; `undefined` past the ends."""
    if isinstance(self, str):
        return text_at(self, index)
    items = _list(self, "at")
    place = integer_of(as_number(index, "The argument of at"))
    place = len(items) + place if place < 0 else place
    return items[place] if 0 <= place < len(items) else undefined


@overload
def slice_of(self: str, start: Any = undefined, end: Any = undefined) -> str: ...
@overload
def slice_of(self: list[T], start: Any = undefined, end: Any = undefined) -> list[T]: ...
@overload
def slice_of(self: Any, start: Any = undefined, end: Any = undefined) -> Any: ...
def slice_of(self: Any, start: Any = undefined, end: Any = undefined) -> Any:
    """`slice` of a list or text."""
    if isinstance(self, str):
        return text_slice(self, start, end)
    items = _list(self, "slice")
    begin, stop = slice_bounds(len(items), start, end)
    return [*items[begin:stop]]


def includes(self: Any, wanted: Any, start: Any = undefined) -> bool:
    """`includes` of a list (which finds NaN) or text."""
    if isinstance(self, str):
        return text_includes(self, wanted, start)
    return _place_of(self, wanted, start, "includes", finds_nan=True) != -1


def index_of(self: Any, wanted: Any, start: Any = undefined) -> int:
    """`indexOf` of a list or text; -1 where it is not."""
    if isinstance(self, str):
        return text_index_of(self, wanted, start)
    return _place_of(self, wanted, start, "indexOf", finds_nan=False)


def _place_of(self: Any, wanted: Any, start: Any, name: str, *, finds_nan: bool) -> int:
    items = _list(self, name)
    given = as_optional_number(start, f"The start of {name}")
    first = 0 if given is None else integer_of(given)
    first = max(0, len(items) + first) if first < 0 else first
    for index in range(first, len(items)):
        one = items[index]
        if same(one, wanted) or (
            finds_nan and is_number(one) and is_number(wanted) and one != one and wanted != wanted
        ):
            return index
    return -1


def map_list(self: Sequence[T], function: OfItem[T, U]) -> list[U]:
    """`map`."""
    items, call = _list(self, "map"), caller(function, "The argument of map")
    return [call(one, index, items) for index, one in enumerate(items)]


def filter_list(self: Sequence[T], function: OfItem[T, object]) -> list[T]:
    """`filter`."""
    items, call = _list(self, "filter"), caller(function, "The argument of filter")
    return [one for index, one in enumerate(items) if truthy(call(one, index, items))]


def find(self: Sequence[T], function: OfItem[T, object]) -> T | Undefined:
    """`find`: the first for which the function holds, else `undefined`."""
    items, call = _list(self, "find"), caller(function, "The argument of find")
    return next((one for index, one in enumerate(items) if truthy(call(one, index, items))), undefined)


def find_last(self: Sequence[T], function: OfItem[T, object]) -> T | Undefined:
    """`findLast`."""
    items, call = _list(self, "findLast"), caller(function, "The argument of findLast")
    backwards = range(len(items) - 1, -1, -1)
    return next((items[index] for index in backwards if truthy(call(items[index], index, items))), undefined)


def find_index(self: Sequence[T], function: OfItem[T, object]) -> int:
    """`findIndex`; -1 where there is none."""
    items, call = _list(self, "findIndex"), caller(function, "The argument of findIndex")
    return next((index for index, one in enumerate(items) if truthy(call(one, index, items))), -1)


def some(self: Sequence[T], function: OfItem[T, object]) -> bool:
    """`some`."""
    items, call = _list(self, "some"), caller(function, "The argument of some")
    return any(truthy(call(one, index, items)) for index, one in enumerate(items))


def all_of(self: Sequence[T], function: OfItem[T, object]) -> bool:
    """`every`."""
    items, call = _list(self, "every"), caller(function, "The argument of every")
    return all(truthy(call(one, index, items)) for index, one in enumerate(items))


def flat_map(self: Sequence[T], function: OfItem[T, Sequence[U] | U]) -> list[U]:
    """`flatMap`."""
    items, call = _list(self, "flatMap"), caller(function, "The argument of flatMap")
    return _flatten([call(one, index, items) for index, one in enumerate(items)], 1)


def flat(self: Any, depth: Any = undefined) -> list[Any]:
    """`flat`."""
    items = _list(self, "flat")
    given = as_optional_number(depth, "The depth of flat")
    return _flatten(items, 1 if given is None else min(given, 257))


def _flatten(items: Sequence[Any], depth: float) -> list[Any]:
    flattened: list[Any] = []

    def add(some_items: Sequence[Any], left: float, level: int) -> None:
        if level > MAX_DEPTH:
            raise depth_limit()
        for one in some_items:
            if isinstance(one, Withheld):
                one.end()
            if is_items(one) and left >= 1:
                add(one, left - 1, level + 1)
            else:
                flattened.append(one)
        check_length(len(flattened), "A flattened list")

    add(items, depth, 1)
    return flattened


@overload
def reduce(self: Sequence[T], function: Callable[[T, T], T] | Callable[[T, T, int], T]) -> T: ...
@overload
def reduce(self: Sequence[T], function: Callable[[U, T], U] | Callable[[U, T, int], U], first: U, /) -> U: ...
def reduce(self: Sequence[Any], function: Callable[..., Any], *first: Any) -> Any:
    """`reduce`."""
    items, call = _list(self, "reduce"), caller(function, "The argument of reduce")
    if not first and not items:
        raise type_error("reduce of an empty array needs a first value.")
    result = first[0] if first else items[0]
    for index in range(0 if first else 1, len(items)):
        result = call(result, items[index], index, items)
    return result


def join(self: Any, separator: Any = undefined) -> str:
    """`join`: of strings, numbers and booleans; null and undefined are empty."""
    items = _list(self, "join")
    between = "," if separator is undefined else as_text(separator, "The separator of join")
    parts: list[str] = []
    size = length(between) * max(0, len(items) - 1)
    for one in items:
        if is_items(one):
            raise type_error("join takes strings, numbers and booleans, not an array: flat() first.")
        part = "" if one is None or one is undefined else f"{text(one)}"
        size += length(part)
        check_size(size, "The result of join")
        parts.append(part)
    check_size(size, "The result of join")
    # Of which a part is not known is not known itself.
    return cast(str, text_or_withheld(text_of(between.join(parts))))


def concat(self: Any, *others: Any) -> list[Any]:
    """`concat`: lists are taken apart, anything else is added."""
    result = [*_list(self, "concat")]
    for other in others:
        if isinstance(other, Withheld):
            other.end()
        if is_items(other):
            check_length(len(result) + len(other), "The result of concat")
            result.extend(other)
        else:
            result.append(other)
    return result


def push(self: Any, *items: Any) -> int:
    """`push`; what a tool returned cannot be changed."""
    whole = _list(self, "push")
    if not isinstance(whole, list):
        raise type_error("push cannot change what a tool returned: make a list of your own ([...list, item]).")
    check_length(len(whole) + len(items), "A list")
    own: list[Any] = whole
    own.extend(items)
    return len(own)


def to_sorted(self: Sequence[T], comparator: Callable[[T, T], float]) -> list[T]:
    """`toSorted`: stable, by a comparator."""
    items, call = _list(self, "toSorted"), caller(comparator, "The comparator of toSorted")

    def order(a: Any, b: Any) -> int:
        answer = call(a, b)
        if not is_number(answer):
            raise type_error(f"The comparator of toSorted must return a number, not {article(answer)}.")
        return 1 if answer > 0 else -1 if answer < 0 else 0

    # ECMAScript puts what is undefined last, without asking.
    known = [one for one in items if one is not undefined]
    last: list[Any] = [one for one in items if one is undefined]
    return [*sorted(known, key=functools.cmp_to_key(order)), *last]


def to_reversed(self: Sequence[T]) -> list[T]:
    """`toReversed`."""
    return [*reversed(_list(self, "toReversed"))]


def is_array(value: Any) -> bool:
    """`Array.isArray`."""
    if isinstance(value, Withheld):
        value.end()
    return is_items(value)


def test(self: Any, wanted: Any) -> bool:
    """`test` of a pattern."""
    if not isinstance(self, Regexp):
        raise no_method(self, "test")
    return self.test(as_text(wanted, "The argument of test"))
