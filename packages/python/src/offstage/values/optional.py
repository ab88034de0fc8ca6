"""What may be absent: `??`, `||` and `?.` whose other side is at hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from offstage.base import Undefined, undefined
from offstage.values.members import get
from offstage.values.operators import absent, truthy

T = TypeVar("T")
U = TypeVar("U")


def coalesce(value: T | Undefined | None, fallback: T) -> T:
    """`value ?? fallback`: the fallback in place of null and undefined."""
    return fallback if absent(value) else value  # pyright: ignore[reportReturnType]


def or_else(value: T | Undefined | None, fallback: T) -> T:
    """`value || fallback`: the fallback in place of `False`, an empty text, null and undefined."""
    return value if truthy(value) else fallback  # pyright: ignore[reportReturnType]


def maybe(value: Any, function: Callable[..., U], *more: Any) -> U | Undefined:
    """`value?.method(…)`: the function of a value that is there, else `undefined`."""
    return undefined if absent(value) else function(value, *more)


def maybe_get(value: Any, name: str) -> Any:
    """`value?.name`: the member of a value that is there, else `undefined`."""
    return undefined if absent(value) else get(value, name)
