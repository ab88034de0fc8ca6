"""Maps, sets and objects."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from offstage.base import (
    Map,
    Object,
    Set,
    UnsafeInteger,
    Withheld,
    fields_of,
    is_fields,
    is_items,
    is_map,
    is_set,
    undefined,
)
from offstage.values.kinds import (
    MAX_LENGTH,
    article,
    as_list,
    as_number,
    as_object,
    caller,
    check_length,
    integer_of,
    type_error,
    unsafe_use,
)
from offstage.values.members import get, iterate
from offstage.values.operators import to_text
from offstage.values.texts import no_method

T = TypeVar("T")
K = TypeVar("K")


def _keyed(value: Any, name: str) -> Any:
    if is_map(value) or is_set(value):
        return value
    raise no_method(value, name)


def _known(key: Any) -> Any:
    if isinstance(key, Withheld):
        key.end()
    if isinstance(key, UnsafeInteger):
        raise unsafe_use("a key")
    return key


def get_of(self: Any, key: Any) -> Any:
    """`get` of a map."""
    if not is_map(self):
        raise no_method(self, "get")
    return self.get(_known(key))


def set_of(self: Any, key: Any, value: Any) -> Any:
    """`set` of a map."""
    if not is_map(self):
        raise no_method(self, "set")
    check_length(len(self) + 1, "A map")
    return self.set(_known(key), value)


def add(self: Any, value: Any) -> Any:
    """`add` of a set."""
    if not is_set(self):
        raise no_method(self, "add")
    check_length(len(self) + 1, "A set")
    return self.add(_known(value))


def has(self: Any, key: Any) -> bool:
    """`has` of a map or set."""
    return _keyed(self, "has").has(_known(key))


def delete(self: Any, key: Any) -> bool:
    """`delete` of a map or set."""
    return _keyed(self, "delete").delete(_known(key))


def keys_of(self: Any) -> list[Any]:
    """`keys` of a map or set."""
    return _keyed(self, "keys").keys()


def values_of(self: Any) -> list[Any]:
    """`values` of a map or set."""
    return _keyed(self, "values").values()


def entries_of(self: Any) -> list[Any]:
    """`entries` of a map or set."""
    return _keyed(self, "entries").entries()


def new_map(entries: Any = undefined) -> Map[Any, Any]:
    """`new Map(…)`."""
    if entries is undefined or entries is None:
        return Map()
    made: Map[Any, Any] = Map()
    for entry in iterate(entries, "new Map"):
        key, value = _pair(entry, "new Map")
        made.set(_known(key), value)
    check_length(len(made), "A map")
    return made


def new_set(members: Any = undefined) -> Set[Any]:
    """`new Set(…)`."""
    if members is undefined or members is None:
        return Set()
    some = iterate(members, "new Set")
    check_length(len(some), "A set")
    return Set(_known(one) for one in some)


def _pair(entry: Any, name: str) -> tuple[Any, Any]:
    if not is_items(entry):
        raise type_error(f"{name} takes pairs [key, value], not {article(entry)}.")
    return (entry[0] if len(entry) > 0 else undefined), (entry[1] if len(entry) > 1 else undefined)


def group_by(items: Sequence[T] | Set[T], function: Callable[[T], K] | Callable[[T, int], K]) -> Map[K, list[T]]:
    """`groupBy` and `Map.groupBy`: key → the items that have it, in order."""
    some, call = iterate(items, "groupBy"), caller(function, "The function of groupBy")
    groups: Map[Any, list[Any]] = Map()
    for index, one in enumerate(some):
        key = _known(call(one, index))
        there = groups.get(key)
        if isinstance(there, list):
            there.append(one)
        else:
            groups.set(key, [one])
    return groups


def array_from(source: Any) -> list[Any]:
    """`Array.from`: of what can be gone through, or as many `undefined` as the `length` of an object says."""
    if is_fields(source):
        wanted = get(source, "length")
        size = 0 if wanted is undefined else integer_of(as_number(wanted, "A length"))
        check_length(size, "A list")
        return [undefined] * max(0, size)
    some = iterate(source, "Array.from")
    check_length(len(some), "A list")
    return [*some]


def _fields(value: Any, name: str) -> list[tuple[str, Any]]:
    if is_items(value):
        return [(str(index), one) for index, one in enumerate(value)]
    return fields_of(as_object(value, name))


def object_keys(value: Any) -> list[str]:
    """`Object.keys`."""
    return [key for key, _ in _fields(value, "Object.keys")]


def object_values(value: Any) -> list[Any]:
    """`Object.values`."""
    return [one for _, one in _fields(value, "Object.values")]


def object_entries(value: Any) -> list[list[Any]]:
    """`Object.entries`."""
    return [[key, one] for key, one in _fields(value, "Object.entries")]


def from_entries(entries: Any) -> Object:
    """`Object.fromEntries`."""
    made = Object()
    for entry in iterate(entries, "Object.fromEntries"):
        key, value = _pair(entry, "Object.fromEntries")
        made[to_text(_known(key))] = value
    return made


def chunk(items: Any, size: Any) -> list[list[Any]]:
    """`chunk`: lists of at most so many items."""
    some, count = as_list(items, "The list of chunk"), as_number(size, "The size of chunk")
    if not math.isfinite(count) or count != math.floor(count) or count < 1:
        raise type_error(f"The size of chunk must be a whole number from 1, not {to_text(count)}.")
    count = int(min(count, MAX_LENGTH))
    return [[*some[begin : begin + count]] for begin in range(0, len(some), count)]


def range_of(count: Any) -> list[int]:
    """`range`: the whole numbers from 0."""
    size = as_number(count, "The argument of range")
    if not isinstance(size, int) or size < 0:
        raise type_error(f"range takes a whole number from 0, not {to_text(size)}.")
    check_length(size, "The result of range")
    return [*range(min(size, MAX_LENGTH))]
