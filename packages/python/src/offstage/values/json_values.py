"""JSON.parse and JSON.stringify of programs."""

from __future__ import annotations

import math
from typing import Any

from offstage.base import (
    Failure,
    UnsafeInteger,
    Withheld,
    fields_of,
    is_fields,
    is_items,
    json_string,
    number_text,
    parse_exact,
    undefined,
)
from offstage.regexp import text_of, units_of
from offstage.values.kinds import (
    MAX_DEPTH,
    article,
    as_text,
    check_size,
    depth_limit,
    integer_of,
    is_number,
    type_error,
    unsafe_use,
)
from offstage.values.members import length


def parse_json(source: Any) -> Any:
    """`JSON.parse`, without rounding."""
    given = as_text(source, "The argument of JSON.parse")
    try:
        return parse_exact(given)
    except Failure as error:
        if error.code == "VALUE_TOO_DEEP":
            raise depth_limit() from None
        raise type_error(f"JSON.parse: {error.message}") from None


def to_json(value: Any, replacer: Any = None, indent: Any = undefined) -> Any:
    """`JSON.stringify(value, null, indent)`; maps, sets and patterns, which it would empty silently, are a TYPE_ERROR."""
    if replacer is not None and replacer is not undefined:
        raise type_error("The second argument of JSON.stringify must be null.")
    if indent is not undefined and not is_number(indent) and not isinstance(indent, str):
        raise type_error("The indent of JSON.stringify must be a number or a string.")
    written = _Writer(_gap(indent)).write(value, 0, "")
    if written is None:
        return undefined
    check_size(length(written), "The result of JSON.stringify")
    return written


def _gap(indent: Any) -> str | None:
    """Ten UTF-16 units or spaces at most; None where all is on one line. V8 takes a NUL for the end of the text, so both runtimes do."""
    if indent is undefined or indent == "":
        return None
    if isinstance(indent, str):
        return text_of(units_of(indent)[:10]).split("\0")[0]
    return " " * max(0, min(10, integer_of(indent))) or None


class _Writer:
    def __init__(self, gap: str | None) -> None:
        self._gap = gap or ""
        self._is_laid_out = gap is not None
        self._size = 0

    def _grow(self, by: int) -> None:
        self._size += by
        check_size(self._size, "The result of JSON.stringify")

    def write(self, value: Any, depth: int, margin: str) -> str | None:
        """The text of a value; None for what JSON leaves out."""
        self._grow(len(units_of(value)) if isinstance(value, str) else 1)
        if isinstance(value, str):
            return json_string(value)
        if value is None:
            return "null"
        if isinstance(value, bool):
            return "true" if value else "false"
        if is_number(value):
            return number_text(value) if math.isfinite(value) else "null"
        if value is undefined:
            return None
        return self._composed(value, depth, margin)

    def _composed(self, value: Any, depth: int, margin: str) -> str | None:
        if isinstance(value, Withheld):
            value.end()
        if isinstance(value, UnsafeInteger):
            raise unsafe_use("part of a text")
        if callable(value):
            return None
        if depth >= MAX_DEPTH:
            raise depth_limit()
        inner = margin + self._gap
        if is_items(value):
            parts = [self.write(one, depth + 1, inner) or "null" for one in value]
            return self._wrapped("[", parts, "]", margin)
        if not is_fields(value):
            raise type_error(
                f"JSON.stringify takes no {article(value).removeprefix('an ').removeprefix('a ')}: make an array or an object of it."
            )
        parts: list[str] = []
        for key, one in fields_of(value):
            self._grow(len(key))
            written = self.write(one, depth + 1, inner)
            if written is not None:
                parts.append(f"{json_string(key)}:{' ' if self._is_laid_out else ''}{written}")
        return self._wrapped("{", parts, "}", margin)

    def _wrapped(self, opening: str, parts: list[str], closing: str, margin: str) -> str:
        if not parts or not self._is_laid_out:
            return f"{opening}{','.join(parts)}{closing}"
        inner = margin + self._gap
        return f"{opening}\n{inner}" + f",\n{inner}".join(parts) + f"\n{margin}{closing}"
