"""Objects, maps and sets as ECMAScript has them, in Python's clothes."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from typing import Any, Generic, TypeGuard, TypeVar, overload

from offstage.base.json import UnsafeInteger, unsafe_integer
from offstage.base.undefined import Undefined, undefined
from offstage.base.withheld import Withheld

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")


class Object(dict[str, Any]):
    """A JSON object whose absent members are `undefined`."""

    __slots__ = ()

    def __missing__(self, key: str) -> Undefined:
        return undefined


def fields_of(value: dict[str, Any]) -> list[tuple[str, Any]]:
    """Keys and values in ECMAScript's order: whole numbers first, then the others as they came."""
    if not any(map(_is_index, value)):
        return [*value.items()]
    numbers = sorted((key for key in value if _is_index(key)), key=int)
    return [(key, value[key]) for key in [*numbers, *(key for key in value if not _is_index(key))]]


def _is_index(key: str) -> bool:
    return key.isascii() and key.isdigit() and (key == "0" or key[0] != "0") and int(key) < 2**32 - 1


def key_of(value: object) -> object:
    """By this two values are one key (SameValueZero): `1`, `True` and `"1"` are three, `0` and `-0` one, NaN is one, objects are themselves."""
    if isinstance(value, str) or value is None or value is undefined:
        return value
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, int | float):
        return ("number", "NaN" if isinstance(value, float) and math.isnan(value) else value)
    if isinstance(value, UnsafeInteger):
        raise unsafe_integer(value)
    if isinstance(value, Withheld):
        value.end()
    return ("object", id(value))


def is_map(value: object) -> TypeGuard[Map[Any, Any]]:
    """Whether the value is a Map, of whatever."""
    return isinstance(value, Map)


def is_set(value: object) -> TypeGuard[Set[Any]]:
    """Whether the value is a Set, of whatever."""
    return isinstance(value, Set)


class _Entry(Generic[K, V]):
    """One key with its value; `number` says how early it came."""

    __slots__ = ("gone", "key", "number", "value")

    def __init__(self, key: K, value: V, number: int) -> None:
        self.key = key
        self.value = value
        self.number = number
        self.gone = False


class Map(Generic[K, V]):
    """ECMAScript's Map: keys of any kind, in the order in which they came.

    Who edits a text reads it as a dict: `items()`, `keys()`, `values()`, `get(key, default)`, `key in`, `len`. Gone through itself it gives pairs,
    as in ECMAScript.
    """

    __slots__ = ("_entries", "_order", "_seen")

    def __init__(self, entries: Iterable[tuple[K, V] | list[Any]] = ()) -> None:
        self._entries: dict[object, _Entry[K, V]] = {}
        # All that came, with some that are gone, for who goes through while it changes.
        self._order: list[_Entry[K, V]] = []
        self._seen = 0
        for key, value in entries:
            self.set(key, value)

    @overload
    def get(self, key: K) -> V | Undefined: ...
    @overload
    def get(self, key: K, default: D) -> V | D: ...
    def get(self, key: K, default: object = undefined) -> object:
        """The value, `default` where there is none."""
        found = self._entries.get(key_of(key))
        return default if found is None else found.value

    def set(self, key: K, value: V) -> Map[K, V]:
        """Puts a value under a key, at the place that the key has already."""
        place = key_of(key)
        there = self._entries.get(place)
        if there is not None:
            there.value = value
            return self
        # -0 is kept as 0.
        own: Any = 0 if isinstance(key, float) and key == 0.0 else key
        self._seen += 1
        entry = self._entries[place] = _Entry[K, V](own, value, self._seen)
        self._order.append(entry)
        return self

    def has(self, key: K) -> bool:
        """Whether there is such a key."""
        return key_of(key) in self._entries

    def delete(self, key: K) -> bool:
        """Takes a key away; whether it was there."""
        found = self._entries.pop(key_of(key), None)
        if found is None:
            return False
        found.gone = True
        if len(self._order) > 2 * len(self._entries) + 16:
            self._order = [*self._entries.values()]
        return True

    def keys(self) -> list[K]:
        """The keys, in order."""
        return [entry.key for entry in self._entries.values()]

    def values(self) -> list[V]:
        """The values, in the order of their keys."""
        return [entry.value for entry in self._entries.values()]

    def items(self) -> list[tuple[K, V]]:
        """Pairs of key and value, as a dict has them."""
        return [(entry.key, entry.value) for entry in self._entries.values()]

    def entries(self) -> list[list[Any]]:
        """Pairs of key and value, as ECMAScript's iterator gives them."""
        return [[entry.key, entry.value] for entry in self._entries.values()]

    def __iter__(self) -> Iterator[list[Any]]:
        # What is added while it is gone through is come to, as in ECMAScript; what is gone by then is not.
        order, at, last = self._order, 0, 0
        while True:
            if order is not self._order:
                order = self._order
                at = bisect_right(order, last, key=lambda entry: entry.number)
            if at >= len(order):
                return
            entry = order[at]
            at, last = at + 1, entry.number
            if not entry.gone:
                yield [entry.key, entry.value]

    def __contains__(self, key: object) -> bool:
        return key_of(key) in self._entries

    def __len__(self) -> int:
        return len(self._entries)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"Map({self.entries()!r})"


class Set(Generic[K]):
    """ECMAScript's Set: values of any kind, each once, in the order in which they came."""

    __slots__ = ("_map",)

    def __init__(self, values: Iterable[K] = ()) -> None:
        self._map: Map[K, None] = Map()
        for value in values:
            self.add(value)

    def add(self, value: K) -> Set[K]:
        """Adds a value that is not there yet."""
        self._map.set(value, None)
        return self

    def has(self, value: K) -> bool:
        """Whether it is there."""
        return self._map.has(value)

    def delete(self, value: K) -> bool:
        """Takes a value away; whether it was there."""
        return self._map.delete(value)

    def values(self) -> list[K]:
        """The values, in order."""
        return self._map.keys()

    def keys(self) -> list[K]:
        """The same as `values`."""
        return self._map.keys()

    def entries(self) -> list[list[K]]:
        """Each value twice, as ECMAScript has it."""
        return [[value, value] for value in self.values()]

    def __iter__(self) -> Iterator[K]:
        for key, _ in self._map:
            yield key

    def __contains__(self, value: object) -> bool:
        return value in self._map

    def __len__(self) -> int:
        return len(self._map)

    def __bool__(self) -> bool:
        return True

    def __repr__(self) -> str:
        return f"Set({self.values()!r})"
