from __future__ import annotations

import math
import random
from collections.abc import Callable
from typing import Any

import pytest

from offstage import values as v
from offstage.base import Object, OffstageError, UnsafeInteger, undefined

NUMBERS: list[Any] = [0, -0.0, 1, -1, 2, 2.5, 1e21, math.inf, -math.inf, 2**53 - 1, 5e-324]
TEXTS: list[Any] = ["", "a", "b", "ab", "é", "\uffff", "\U0001f600", "\U00010000", "\ud83d"]
LISTS: list[list[Any]] = [
    NUMBERS,
    [*NUMBERS, math.nan],
    [*NUMBERS, "a"],
    [True, 1, 2],
    [UnsafeInteger("9007199254740993"), 1, 2],
    TEXTS,
    [None, "a"],
]


def _drawn(members: list[Any]) -> list[list[Any]]:
    draw = random.Random(7)
    return [[draw.choice([*members, undefined]) for _ in range(draw.randrange(9))] for _ in range(200)]


def _told(run: Callable[..., Any], *args: Any, **named: Any) -> Any:
    """What comes out, with the sign of zeros; or the code of what it ends with."""
    try:
        return [repr(one) for one in run(*args, **named)]
    except OffstageError as error:
        return error.code


def _order(a: Any, b: Any) -> int:
    return -1 if v.less(a, b) else 1 if v.greater(a, b) else 0


def _n(one: Any) -> Any:
    return one["n"]


@pytest.mark.parametrize("compare", [v.subtract, _order])
@pytest.mark.parametrize("members", LISTS)
def test_sorts_as_the_comparator_would(members: list[Any], compare: Callable[[Any, Any], Any]) -> None:
    sort = v.sorted_by_number if compare is v.subtract else v.sorted_by

    def backwards(a: Any, b: Any) -> Any:
        return compare(b, a)

    def by_member(a: Any, b: Any) -> Any:
        return compare(a["n"], b["n"])

    for items in _drawn(members):
        assert _told(sort, items) == _told(v.to_sorted, items, compare)
        assert _told(sort, items, reverse=True) == _told(v.to_sorted, items, backwards)
        # Of items with one key the order is kept.
        kept = [Object(n=one, at=place) for place, one in enumerate(items)]
        assert _told(sort, kept, _n) == _told(v.to_sorted, kept, by_member)


def test_asks_nothing_of_a_list_that_has_nothing_to_compare() -> None:
    assert _told(v.sorted_by_number, ["a", undefined], _n) == ["'a'", "undefined"]
    assert _told(v.sorted_by_number, "ba") == "TYPE_ERROR"


def _sum(numbers: Any) -> Any:
    return [v.sum_of(numbers)]


def test_adds_numbers_one_after_the_other() -> None:
    # Python's own sum of these is 0.6 from 3.12 on.
    assert _told(_sum, [0.1, 0.2, 0.3]) == ["0.6000000000000001"]
    assert _told(_sum, [2**53 - 1, 2]) == ["9007199254740992.0"]
    assert _told(_sum, [0.5, 0.5]) == ["1"]
    assert _told(_sum, []) == ["0"]
    assert _told(_sum, ["a"]) == "TYPE_ERROR"
    assert _told(_sum, iter([1, True])) == "TYPE_ERROR"


def test_takes_a_list_apart() -> None:
    assert _told(v.unpack, [1, 2, 3], 2) == ["1", "2"]
    assert _told(v.unpack, [1], 3) == ["1", "undefined", "undefined"]
    assert v.unpack("a\U0001f600b", 2) == ["a", "\U0001f600"]
    assert _told(v.unpack, None, 2) == "TYPE_ERROR"


def test_what_is_absent_has_something_else_in_its_place() -> None:
    some: list[Any] = [None, undefined, "", False, "a"]
    assert [v.coalesce(one, "-") for one in [*some, 0]] == ["-", "-", "", False, "a", 0]
    assert [v.or_else(one, "-") for one in some] == ["-", "-", "-", "-", "a"]
    assert _told(v.or_else, 1, "-") == "TYPE_ERROR"
    assert [v.maybe(one, v.upper) for one in (None, undefined, "a")] == [undefined, undefined, "A"]
    assert v.maybe([1, 2], v.at, -1) == 2
    assert [v.maybe_get(one, "length") for one in (None, undefined, "\U0001f600", [1])] == [undefined, undefined, 2, 1]
    assert _told(v.maybe, 1, v.upper) == "TYPE_ERROR"
