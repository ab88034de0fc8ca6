"""Members, elements, what is gone through, what is spread."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from typing import Any, TypeVar, overload

from offstage.base import Object, OffstageError, UnsafeInteger, Withheld, is_fields, is_items, is_map, is_set, undefined
from offstage.regexp import text_of, units_of
from offstage.values.kinds import article, is_number, kind_of, type_error, unsafe_use

T = TypeVar("T")


def get(value: Any, name: str) -> Any:
    """`value.name`: own data only, `undefined` where there is none; of null and undefined a TYPE_ERROR."""
    if is_fields(value):
        return value.get(name, undefined)
    if isinstance(value, str):
        return length(value) if name == "length" else undefined
    if value is None or value is undefined:
        raise type_error(f"Cannot read {name} of {kind_of(value)}.")
    if isinstance(value, Withheld):
        return value.member(name)
    if isinstance(value, MatchList) and name in ("index", "groups"):
        return value.index_ if name == "index" else value.groups
    if is_items(value):
        return len(value) if name == "length" else undefined
    if is_map(value) or is_set(value):
        return len(value) if name == "size" else undefined
    if isinstance(value, UnsafeInteger):
        raise unsafe_use("a value with members")
    return undefined


class MatchList(list[Any]):
    """What `match` answers: groups by number, with their place and the named ones."""

    __slots__ = ("groups", "index_")

    def __init__(self, items: Iterable[Any], index: int, groups: Any) -> None:
        super().__init__(items)
        self.index_ = index
        self.groups = groups


def item(value: Any, index: Any) -> Any:
    """`value[index]` with a number; `undefined` past the ends."""
    for one in (value, index):
        if isinstance(one, Withheld):
            return one.member(index)
    if value is None or value is undefined:
        raise type_error(f"Cannot read an element of {kind_of(value)}.")
    if isinstance(index, UnsafeInteger):
        raise unsafe_use("an index")
    if not is_number(index):
        raise type_error(f"An index must be a number, not {article(index)}: use a Map, or Object.entries.")
    elements: Sequence[Any] | None = units_of(value) if isinstance(value, str) else value if is_items(value) else None
    if elements is None:
        raise type_error(f"{article(value)} has no elements by number.")
    # -0 is a float here, and the first place there.
    whole = (isinstance(index, int) or index == 0.0) and 0 <= index < len(elements)
    return elements[int(index)] if whole else undefined


def length(value: Any) -> int:
    """`value.length`: of a text in UTF-16 units, of a list; of anything else a member like others, which may be absent."""
    if isinstance(value, str):
        return len(value) if value.isascii() else len(units_of(value))
    if isinstance(value, Withheld):
        value.end()
    return get(value, "length")


@overload
def iterate(value: Iterable[T], use: str = "A spread") -> Collection[T]: ...
@overload
def iterate(value: Any, use: str = "A spread") -> Collection[Any]: ...
def iterate(value: Any, use: str = "A spread") -> Collection[Any]:
    """What `for…of` and `...` go through: of a list or set its members, of a map pairs, of a text its characters.

    What is put into a list, map or set while it is gone through is come to.
    """
    if is_items(value) or is_map(value) or is_set(value):
        return value
    if isinstance(value, str):
        return [*text_of(value)]
    raise type_error(f"{use} takes an array, map, set or string, not {article(value)}.")


def items_of(value: Sequence[T]) -> Sequence[T]:
    """What `map` and `filter` go through: a list, and nothing else that Python could go through as well."""
    if is_items(value):
        return value
    raise type_error(f"Only an array is gone through so, not {article(value)}.")


def spread(value: Any) -> dict[str, Any]:
    """What `{ ...value }` takes over: nothing of null and undefined."""
    if value is None or value is undefined:
        return {}
    if is_fields(value):
        return value
    raise type_error(f"An object can spread objects, not {article(value)}.")


def without(value: Any, *names: str) -> Any:
    """The rest of an object that was taken apart: all but these."""
    if value is None or value is undefined:
        raise type_error(f"Cannot take {kind_of(value)} apart.")
    return Object((name, one) for name, one in spread(value).items() if name not in names)


def caught(error: OffstageError) -> Object:
    """What a handler sees of an error: its code and its message."""
    return Object(code=error.code, message=error.message)


def unpack(value: Any, count: int) -> Sequence[Any]:
    """What `const [a, b] = value` takes: the first so many elements, `undefined` where there are fewer."""
    items = [*islice(iterate(value), count)]
    return [*items, *[undefined] * (count - len(items))]
