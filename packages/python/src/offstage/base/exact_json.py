"""JSON without rounding."""

from __future__ import annotations

import json
import math
import re
from typing import NoReturn

from offstage.base.canonical_json import MAX_JSON_DEPTH
from offstage.base.collections import Object, fields_of
from offstage.base.errors import OffstageError
from offstage.base.json import Data, UnsafeInteger, is_fields, is_items, unsafe_integer
from offstage.base.json_text import json_string
from offstage.base.number_text import MAX_SAFE_INTEGER, normal_number, number_text
from offstage.base.undefined import undefined

_INTEGRAL = re.compile(r"(-?\d+)(?:\.0+)?")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.S)


def parse_exact(text: str) -> Data:
    """Reads JSON: integers beyond 2^53-1 become `UnsafeInteger`s with their digits, objects `Object`s.

    Errors: `VALUE_TOO_DEEP` beyond 256 levels; `VALUE_INVALID` for what is not JSON (the message quotes none of it), or a
    number beyond every double (`1e400`).
    """
    _refuse_deep(text)
    try:
        return json.loads(
            text, parse_int=_integer, parse_float=_fraction, parse_constant=_constant, object_pairs_hook=Object
        )
    except OffstageError:
        raise
    except ValueError as error:
        why = error.msg if isinstance(error, json.JSONDecodeError) else "it holds what JSON does not know"
        raise OffstageError("VALUE_INVALID", f"This is not JSON: {why}.") from None


def stringify_exact(value: object) -> str:
    """Writes JSON; `UnsafeInteger`s as the digits they came with. Members that are `undefined` are left out, `-0` is `0`.

    Errors: `UNSAFE_INTEGER` when a library had rounded the integer already; `VALUE_INVALID`; `VALUE_TOO_DEEP`.
    """
    text = _write(value, 0)
    if text is None:
        raise OffstageError("VALUE_INVALID", f"JSON has no text for a value of type {type(value).__name__}.")
    return text


def _integer(digits: str) -> float | UnsafeInteger:
    if len(digits) > 17 or abs(int(digits)) > MAX_SAFE_INTEGER:
        return UnsafeInteger(digits)
    # -0 is a number of its own.
    return -0.0 if digits == "-0" else int(digits)


def _fraction(digits: str) -> float | UnsafeInteger:
    value = float(digits)
    integral = _INTEGRAL.fullmatch(digits)
    if integral is not None and abs(value) > MAX_SAFE_INTEGER:
        return UnsafeInteger(integral[1])
    if math.isinf(value):
        raise OffstageError("VALUE_INVALID", f"The number {digits} is too large to be read.")
    return normal_number(value)


def _constant(name: str) -> NoReturn:
    raise ValueError(name)


def _refuse_deep(text: str) -> None:
    # Every level needs an opening and a closing bracket.
    if len(text) <= 2 * MAX_JSON_DEPTH:
        return
    depth = 0
    for bracket in re.finditer(r"[\[\]{}]", _STRING.sub("", text)):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > MAX_JSON_DEPTH:
            raise OffstageError("VALUE_TOO_DEEP", f"The JSON nests more than {MAX_JSON_DEPTH} levels.")


def _write(value: object, depth: int) -> str | None:
    if isinstance(value, str):
        return json_string(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value) if math.isfinite(value) else "null"
    if isinstance(value, UnsafeInteger):
        if value.digits is None:
            raise unsafe_integer(value)
        return value.digits
    if depth >= 4 * MAX_JSON_DEPTH:
        raise OffstageError("VALUE_TOO_DEEP", "The value cannot be written as JSON: it is nested too deeply.")
    if is_items(value):
        return "[" + ",".join([_write(item, depth + 1) or "null" for item in value]) + "]"
    if is_fields(value):
        written = [(key, _write(member, depth + 1)) for key, member in fields_of(value) if member is not undefined]
        return "{" + ",".join([f"{json_string(key)}:{text}" for key, text in written if text is not None]) + "}"
    return None
