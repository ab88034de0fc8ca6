"""The one text of a JSON value (RFC 8785), and its hash."""

from __future__ import annotations

import hashlib
import json
import math
import re
from typing import Any

from offstage.base.errors import OffstageError
from offstage.base.json import UnsafeInteger, is_fields, is_items, unsafe_integer
from offstage.base.number_text import number_text
from offstage.base.undefined import undefined

# How deep JSON from outside may nest; deeper is `VALUE_TOO_DEEP`.
MAX_JSON_DEPTH = 256
_SURROGATE = re.compile("[\ud800-\udfff]")


def canonical_json(value: object) -> str:
    """Members sorted by UTF-16 code units, numbers as ECMAScript writes them, `-0` as `0`; members that are `undefined` are left out.

    Errors: `UNSAFE_INTEGER` for a poisoned integer; `VALUE_INVALID` for NaN, infinities, lone surrogates, `undefined`
    outside a member, and what JSON has no text for; `VALUE_TOO_DEEP` past 256 levels.
    """
    return _write(value, 0)


def hash_json(value: object) -> str:
    """SHA-256 (lower-case hex) of `canonical_json`: equal values have equal hashes."""
    return hash_text(canonical_json(value))


def hash_text(text: str) -> str:
    """SHA-256 (lower-case hex) of the text's UTF-8. Lone surrogates count as U+FFFD."""
    return hashlib.sha256(_SURROGATE.sub("\ufffd", text).encode()).hexdigest()


def utf16_order(text: str) -> bytes:
    """By this texts are sorted as ECMAScript sorts them: by their UTF-16 code units."""
    return text.encode("utf-16-be", "surrogatepass")


def _write(value: object, depth: int) -> str:
    if isinstance(value, str):
        return _write_string(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        if not math.isfinite(value):
            raise OffstageError("VALUE_INVALID", f"JSON cannot carry the number {number_text(value)}.")
        return number_text(value)
    if isinstance(value, UnsafeInteger):
        raise unsafe_integer(value)
    if value is undefined:
        raise OffstageError("VALUE_INVALID", "JSON cannot carry a value of type undefined.")
    if depth >= MAX_JSON_DEPTH:
        raise OffstageError("VALUE_TOO_DEEP", f"The value nests more than {MAX_JSON_DEPTH} levels.")
    if is_items(value):
        return "[" + ",".join([_write(item, depth + 1) for item in value]) + "]"
    if is_fields(value):
        return _write_object(value, depth)
    raise OffstageError("VALUE_INVALID", f"JSON cannot carry a {type(value).__name__}.")


def _write_object(members: dict[Any, Any], depth: int) -> str:
    keys = sorted(members) if all(map(str.isascii, members)) else sorted(members, key=utf16_order)
    return (
        "{"
        + ",".join(
            [f"{_write_string(key)}:{_write(members[key], depth + 1)}" for key in keys if members[key] is not undefined]
        )
        + "}"
    )


def _write_string(text: str) -> str:
    if not text.isascii() and _SURROGATE.search(text):
        raise OffstageError(
            "VALUE_INVALID", "A text holds half of a surrogate pair, which JSON's canonical form cannot carry."
        )
    return json.dumps(text, ensure_ascii=False)
