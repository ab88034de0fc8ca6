"""Lists in an order, and sums: what `toSorted` and `reduce` are mostly for."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar, cast

from offstage.base import OffstageError, is_items, undefined, utf16_order
from offstage.values.kinds import is_number
from offstage.values.operators import add_of, greater, less, subtract
from offstage.values.texts import no_method

T = TypeVar("T")


def sorted_by_number(self: Sequence[T], key: Callable[[T], Any] | None = None, *, reverse: bool = False) -> list[T]:
    """`toSorted((a, b) => key(a) - key(b))`: by numbers, stable in either direction."""
    return _sorted(self, key, reverse, subtract, numbers_only=True)


def sorted_by(self: Sequence[T], key: Callable[[T], Any] | None = None, *, reverse: bool = False) -> list[T]:
    """`toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0))`: by numbers or by texts, stable in either direction."""
    return _sorted(self, key, reverse, _order, numbers_only=False)


def _order(a: Any, b: Any) -> float:
    return -1 if less(a, b) else 1 if greater(a, b) else 0


def _sorted(
    self: Sequence[T],
    key: Callable[[T], Any] | None,
    reverse: bool,
    compare: Callable[[Any, Any], float],
    *,
    numbers_only: bool,
) -> list[T]:
    if not is_items(self):
        raise no_method(self, "toSorted")
    # ECMAScript puts what is undefined last, without asking.
    known = [one for one in self if one is not undefined]
    last: list[Any] = [one for one in self if one is undefined]
    if len(known) < 2:
        return [*known, *last]

    def of(one: Any) -> Any:
        return one if key is None else key(one)

    keys = _plain_keys(known, of, numbers_only)
    if keys is not None:
        return [*(known[place] for place in sorted(range(len(known)), key=keys.__getitem__, reverse=reverse)), *last]

    def comparator(a: T, b: T) -> int:
        answer = compare(of(b), of(a)) if reverse else compare(of(a), of(b))
        return 1 if answer > 0 else -1 if answer < 0 else 0

    # Whatever the comparator says of these, and what of it it refuses first, only it knows.
    return [*sorted(known, key=functools.cmp_to_key(comparator)), *last]


def _plain_keys(known: Sequence[Any], of: Callable[[Any], Any], numbers_only: bool) -> list[Any] | None:
    """What Python orders as ECMAScript does: numbers that are some, or texts. None: there is anything else."""
    try:
        keys = [of(one) for one in known]
    except (Exception, OffstageError):
        return None
    if all(is_number(one) and one == one for one in keys):
        return keys
    if numbers_only or not all(isinstance(one, str) for one in keys):
        return None
    return keys if all(one.isascii() for one in keys) else [utf16_order(one) for one in keys]


def sum_of(numbers: Iterable[Any]) -> float:
    """`reduce((sum, one) => sum + one, 0)`: one after the other, where Python's `sum` may round in another way."""
    result: Any = 0
    for one in numbers:
        result = add_of(result, one)
    return cast(float, result)
