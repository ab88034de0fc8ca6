"""Values of a running program as text, and back."""

from __future__ import annotations

import json
import math
from typing import Any

from offstage.base.collections import Map, Object, Set, fields_of, is_map, is_set
from offstage.base.errors import OffstageError
from offstage.base.json import UnsafeInteger, is_fields, is_items
from offstage.base.json_text import json_string
from offstage.base.number_text import normal_number, number_text
from offstage.base.undefined import undefined

# Deeper than any value of a program (256) with what the engine wraps around it; also what ends a cycle.
_MAX_CODEC_DEPTH = 1024
# The one member of an object that stands for something else: {"$": [tag, …]}.
_TAG = "$"


def encode_value(value: object) -> str:
    """Writes a value so that `decode_value` gives back exactly the same: JSON, and `undefined` (as a member too), maps, sets, NaN, -0, infinities, poisoned integers, lone surrogates, members of any name.

    Errors: `VALUE_INVALID` for functions and other things; `VALUE_TOO_DEEP` past 1,024 levels.
    """
    return _write(value, 0)


def decode_value(text: str) -> Any:
    """Reads what `encode_value` wrote. Errors: `VALUE_INVALID` for anything else."""
    try:
        return _decode(json.loads(text, parse_float=_number, parse_int=_number))
    except ValueError as error:
        raise OffstageError("VALUE_INVALID", f"A stored value cannot be read: {error}") from None


def _number(digits: str) -> float:
    return -0.0 if digits == "-0" else normal_number(float(digits) if not digits.lstrip("-").isdigit() else int(digits))


def _write(value: object, depth: int) -> str:
    if isinstance(value, str):
        return json_string(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _write_number(value)
    if value is undefined:
        return _tagged("undefined")
    if isinstance(value, UnsafeInteger):
        return _tagged("integer", "null" if value.digits is None else json_string(value.digits))
    if depth >= _MAX_CODEC_DEPTH:
        raise OffstageError(
            "VALUE_TOO_DEEP", f"A value that is to be stored nests more than {_MAX_CODEC_DEPTH} levels."
        )
    if is_items(value):
        return "[" + ",".join([_write(item, depth + 1) for item in value]) + "]"
    if is_map(value):
        return _tagged("map", *(_write(part, depth + 1) for entry in value for part in entry))
    if is_set(value):
        return _tagged("set", *(_write(member, depth + 1) for member in value))
    if is_fields(value):
        return _write_object(value, depth)
    raise OffstageError("VALUE_INVALID", f"A {type(value).__name__} cannot be stored.")


def _write_number(value: float) -> str:
    if isinstance(value, float) and (not math.isfinite(value) or (value == 0.0 and math.copysign(1, value) < 0)):
        return _tagged("number", json_string("-0" if value == 0.0 else number_text(value)))
    return number_text(value)


def _write_object(fields: Any, depth: int) -> str:
    written = [(json_string(key), _write(item, depth + 1)) for key, item in fields_of(fields)]
    if _TAG in fields:
        return _tagged("object", *(part for pair in written for part in pair))
    return "{" + ",".join([f"{key}:{item}" for key, item in written]) + "}"


def _tagged(tag: str, *parts: str) -> str:
    return f'{{"$":[{",".join([json_string(tag), *parts])}]}}'


def _decode(value: Any) -> Any:
    if is_items(value):
        return [_decode(item) for item in value]
    if is_fields(value):
        return _untag(value[_TAG]) if _TAG in value else Object((key, _decode(item)) for key, item in value.items())
    return value


def _untag(content: Any) -> Any:
    items: list[Any] = list(content) if is_items(content) and content else [None]
    tag, parts = items[0], items[1:]
    match tag:
        case "undefined":
            return undefined
        case "number":
            return -0.0 if parts[0] == "-0" else float(parts[0].replace("Infinity", "inf"))
        case "integer":
            return UnsafeInteger(parts[0])
        case "map":
            return Map(_pairs(parts))
        case "set":
            return Set(_decode(part) for part in parts)
        case "object":
            return Object(_pairs(parts))
        case _:
            raise OffstageError("VALUE_INVALID", f"A stored value has the unknown tag {tag}.")


def _pairs(parts: list[Any]) -> list[tuple[Any, Any]]:
    return [(_decode(parts[index]), _decode(parts[index + 1])) for index in range(0, len(parts), 2)]
