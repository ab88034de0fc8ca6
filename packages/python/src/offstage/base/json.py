"""JSON as values: what servers say, and what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn, TypeAlias, TypeGuard, final

from offstage.base.errors import OffstageError

# Any value that JSON can carry. Recursive aliases make pyright slow and say little more: shapes are checked where values come in.
Json: TypeAlias = Any
JsonObject: TypeAlias = dict[str, Any]
# JSON as it comes from a server: integers beyond 2^53-1 are UnsafeIntegers.
Data: TypeAlias = Any


@final
class UnsafeInteger:
    """An integral number beyond 2^53-1, which ECMAScript's numbers cannot hold exactly.

    It may be carried, stored and shown; using it (argument, key, template, comparison, hash, state) is `UNSAFE_INTEGER`
    (LANGUAGE.md §7). `digits` is None where a library had rounded it before anybody saw its text.
    """

    __slots__ = ("digits",)

    def __init__(self, digits: str | None) -> None:
        self.digits = digits

    def __eq__(self, other: object) -> bool:
        # Of two carried ones, for those who compare what was stored; programs compare by `same`, which refuses.
        if isinstance(other, int | float) and not isinstance(other, bool):
            raise unsafe_integer(self)
        return isinstance(other, UnsafeInteger) and other.digits == self.digits

    def __hash__(self) -> int:
        return hash(("UnsafeInteger", self.digits))

    def __repr__(self) -> str:
        return f"UnsafeInteger({self.digits!r})"

    def __str__(self) -> str:
        raise unsafe_integer(self)

    def __format__(self, spec: str) -> str:
        raise unsafe_integer(self)

    def __bool__(self) -> bool:
        raise unsafe_integer(self)

    def _use(self, _other: object) -> NoReturn:
        raise unsafe_integer(self)

    # What is printed of arithmetic and comparisons between what the types call numbers is Python's own.
    __add__ = __radd__ = __sub__ = __rsub__ = __lt__ = __le__ = __gt__ = __ge__ = _use


def unsafe_integer(value: UnsafeInteger) -> OffstageError:
    """The error for every use of a poisoned integer."""
    digits = value.digits if value.digits is not None else "(already rounded by a library)"
    return OffstageError(
        "UNSAFE_INTEGER",
        f"The integer {digits} is beyond 2^53-1 and cannot be used exactly.",
        hint="Use another field of the result, such as an id that is a string.",
    )


def is_fields(value: object) -> TypeGuard[dict[str, Any]]:
    """Whether the value is a JSON object."""
    return isinstance(value, dict)


def is_items(value: object) -> TypeGuard[Sequence[Any]]:
    """Whether the value is a JSON array."""
    return isinstance(value, list | tuple)
