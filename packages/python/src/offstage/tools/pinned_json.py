"""What servers said, whatever it was, as a hash and as a text that people review."""

from __future__ import annotations

from offstage.base import (
    MAX_SAFE_INTEGER,
    Data,
    UnsafeInteger,
    hash_json,
    is_fields,
    is_items,
    number_text,
    utf16_order,
)

from .visible_text import json_text


def hash_data(data: Data) -> str:
    """SHA-256 (hex): two values that differ anywhere have two hashes, members in another order the same.

    What RFC 8785 cannot carry (integers beyond 2^53-1, halves of surrogate pairs) is written as a tagged object first, so that a schema with
    `"maximum": 18446744073709551615` can be pinned.
    """
    return hash_json(_carriable(data))


def print_sorted(data: Data) -> str:
    """The text of a file that people review: two spaces, members sorted, arrays as they are, a final newline. The bytes are those of TypeScript."""
    return f"{_print(data, '')}\n"


def _carriable(data: Data) -> Data:
    if isinstance(data, str):
        return {"offstage:units": _units(data)} if _is_broken(data) else data
    if _is_large(data):
        return {"offstage:integer": _digits(data)}
    if is_items(data):
        return [_carriable(item) for item in data]
    if is_fields(data):
        return {
            (f"offstage:units:{_units(key)}" if _is_broken(key) else key): _carriable(value)
            for key, value in data.items()
        }
    return data


def _print(data: Data, indent: str) -> str:
    inner = f"{indent}  "
    if isinstance(data, str):
        return json_text(data)
    if _is_large(data):
        return _digits(data) or '{ "offstage:integer": null }'
    if is_items(data):
        items = ",\n".join(inner + _print(item, inner) for item in data)
        return f"[\n{items}\n{indent}]" if items else "[]"
    if is_fields(data):
        names = sorted(data, key=utf16_order)
        members = ",\n".join(f"{inner}{json_text(name)}: {_print(data[name], inner)}" for name in names)
        return f"{{\n{members}\n{indent}}}" if members else "{}"
    if data is None:
        return "null"
    if isinstance(data, bool):
        return "true" if data else "false"
    assert isinstance(data, int | float)
    return "0" if data == 0 else number_text(data)


def _is_large(data: Data) -> bool:
    """An integer beyond 2^53-1, however it came: `1e16` is one too."""
    return isinstance(data, UnsafeInteger) or (
        isinstance(data, float) and data.is_integer() and abs(data) > MAX_SAFE_INTEGER
    )


def _digits(data: Data) -> str | None:
    """None when a library had rounded it."""
    return data.digits if isinstance(data, UnsafeInteger) else str(int(data)) if isinstance(data, float) else None


def _is_broken(text: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in text)


def _units(text: str) -> str:
    data = text.encode("utf-16-be", "surrogatepass")
    return " ".join(f"{int.from_bytes(data[at : at + 2]):x}" for at in range(0, len(data), 2))
