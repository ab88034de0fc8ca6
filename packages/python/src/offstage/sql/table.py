"""How what is kept becomes a row, and a row what is kept."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from offstage.base import encode_value

from .connection import SqlRow, SqlValue, marks
from .read_value import read_value

Kind: TypeAlias = Literal["plain", "flag", "value"]


class Table:
    """A table whose columns are members of what is kept, each under another name.

    A column whose name ends in `_value` is text of the codec's. `flags` are kept as 0 or 1. Any other holds the member as it is.
    """

    def __init__(self, name: str, key: Sequence[str], columns: Mapping[str, str], flags: Sequence[str] = ()) -> None:
        self.columns = columns
        self.select = f"SELECT {', '.join(f'{name}.{column}' for column in columns)} FROM {name}"
        self._kinds: dict[str, Kind] = {
            column: "flag" if column in flags else "value" if column.endswith("_value") else "plain"
            for column in columns
        }
        inserting = (
            f"INSERT INTO {name} ({', '.join(columns)}) VALUES ({marks(list(columns))}) ON CONFLICT ({', '.join(key)})"
        )
        self.insert = f"{inserting} DO NOTHING"
        self.upsert = f"{inserting} DO UPDATE SET {', '.join(f'{column} = excluded.{column}' for column in columns)}"

    def values(self, kept: Mapping[str, Any], columns: Sequence[str] | None = None) -> list[SqlValue]:
        """The values of all columns, or of some, in their order."""
        return [self._value(column, kept[self.columns[column]]) for column in columns or self.columns]

    def kept(self, row: SqlRow) -> dict[str, Any]:
        """What a row keeps."""
        return {member: self._member(column, row[column]) for column, member in self.columns.items()}

    def _value(self, column: str, member: Any) -> SqlValue:
        kind = self._kinds[column]
        return encode_value(member) if kind == "value" else int(member) if kind == "flag" else member

    def _member(self, column: str, value: Any) -> Any:
        kind = self._kinds[column]
        return read_value(value) if kind == "value" else value == 1 if kind == "flag" else value


class Conditions:
    """The `WHERE` of a list with filters; what is None filters nothing."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self.values: list[SqlValue] = []

    def equal(self, column: str, value: SqlValue) -> None:
        """The column is this."""
        if value is not None:
            self.that(f"{column} = ?", value)

    def one_of(self, column: str, values: Sequence[str] | None) -> None:
        """The column is one of these."""
        if values is not None:
            self.that(f"{column} IN ({marks(values)})", *values)

    def that(self, condition: str, *values: SqlValue) -> None:
        """Something else."""
        self._parts.append(condition)
        self.values.extend(values)

    @property
    def sql(self) -> str:
        """` WHERE …`, or nothing."""
        return f" WHERE {' AND '.join(self._parts)}" if self._parts else ""
