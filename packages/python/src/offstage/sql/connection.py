"""The one connection that a transaction runs on."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Protocol, TypeAlias

from offstage.base import OffstageError

SqlValue: TypeAlias = str | int | float | bytes | None
"""What a database takes in a column."""

SqlRow: TypeAlias = Mapping[str, Any]
"""A row by the names of its columns."""


class SqlConnection(Protocol):
    """Texts are SQLite's, with `?` for values. Errors are OffstageErrors already."""

    async def all(self, sql: str, parameters: Sequence[SqlValue] = ()) -> list[SqlRow]: ...
    async def run(self, sql: str, parameters: Sequence[SqlValue] = ()) -> int:
        """Returns how many rows were changed."""
        ...


_HALF = re.compile("[\ud800-\udfff]")


def refuse_unkeepable(parameters: Sequence[SqlValue]) -> None:
    """Refuses (`VALUE_INVALID`) a text with half of a surrogate pair: TypeScript's store would keep U+FFFD for it, and two different keys would be one."""
    for value in parameters:
        if isinstance(value, str) and not value.isascii() and _HALF.search(value):
            raise OffstageError(
                "VALUE_INVALID", f"The store cannot keep the text {value!a}: it holds half of a surrogate pair."
            )


def marks(values: Sequence[object]) -> str:
    """The inside of an `IN (…)`; a list of nothing holds for no row."""
    return ", ".join("?" * len(values)) or "NULL"
