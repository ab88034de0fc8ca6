"""Math, Number, encodeURIComponent."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from offstage.base import UnsafeInteger, normal_number, undefined
from offstage.regexp import text_of
from offstage.values.kinds import article, as_number, as_text, is_number, type_error, unsafe_use

_SPACE = "\t\n\v\f\r \xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
_DECIMAL = re.compile(r"[+-]?(?:Infinity|(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)")
_PREFIXED = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")


def minimum(*values: Any) -> float:
    """`Math.min`."""
    return _extreme(values, "Math.min", math.inf, _is_less)


def maximum(*values: Any) -> float:
    """`Math.max`."""
    return _extreme(values, "Math.max", -math.inf, lambda one, best: _is_less(best, one))


def _is_less(one: float, other: float) -> bool:
    return one < other or (one == other == 0 and _is_minus(one) and not _is_minus(other))


def _extreme(values: tuple[Any, ...], name: str, best: float, better: Callable[[float, float], bool]) -> float:
    if len(values) > 50_000:
        raise type_error(f"{name} takes at most 50,000 numbers: use reduce.")
    numbers = [as_number(value, f"An argument of {name}") for value in values]
    if any(number != number for number in numbers):
        return math.nan
    for number in numbers:
        if better(number, best):
            best = number
    return best


def _is_minus(value: float) -> bool:
    return math.copysign(1, value) < 0


def floor(value: Any) -> float:
    """`Math.floor`."""
    return _whole(as_number(value, "The argument of Math.floor"), math.floor)


def ceil(value: Any) -> float:
    """`Math.ceil`: -0 above -1."""
    number = as_number(value, "The argument of Math.ceil")
    return -0.0 if -1 < number < 0 else _whole(number, math.ceil)


def round_half_up(value: Any) -> float:
    """`Math.round`: halves go up, to -0 too."""
    number = as_number(value, "The argument of Math.round")
    if -0.5 <= number < 0:
        return -0.0
    return _whole(number, lambda whole: math.floor(whole) + (1 if whole - math.floor(whole) >= 0.5 else 0))


def _whole(number: float, to: Callable[[float], float]) -> float:
    if isinstance(number, int):
        # What Python has reckoned may be beyond what a double tells apart.
        return normal_number(number)
    if math.isnan(number) or math.isinf(number) or number == 0.0 or abs(number) >= 2**52:
        return number
    return normal_number(to(number))


def absolute(value: Any) -> float:
    """`Math.abs`."""
    return normal_number(abs(as_number(value, "The argument of Math.abs")))


def number(value: Any = 0) -> float:
    """`Number(value)`: NaN for what is no number."""
    if isinstance(value, bool):
        return 1 if value else 0
    if value is None:
        return 0
    if value is undefined:
        return math.nan
    if is_number(value):
        return value
    if isinstance(value, UnsafeInteger):
        raise unsafe_use("a number")
    if not isinstance(value, str):
        raise type_error(f"Number takes a string, not {article(value)}.")
    return _number_in(re.sub(f"^[{_SPACE}]+|[{_SPACE}]+$", "", value))


def _number_in(digits: str) -> float:
    if digits == "":
        return 0
    if _PREFIXED.fullmatch(digits):
        return normal_number(int(digits, 0))
    if _DECIMAL.fullmatch(digits):
        return normal_number(float(digits))
    return math.nan


def encode_uri_component(value: Any) -> str:
    """`encodeURIComponent`; half a surrogate pair is a TYPE_ERROR."""
    return encode_component(as_text(value, "The argument of encodeURIComponent"))


def encode_component(value: str) -> str:
    """The same for a text."""
    try:
        return quote(text_of(value), safe="-_.!~*'()")
    except UnicodeEncodeError:
        raise type_error("A text with half a surrogate pair cannot be part of a URL.") from None
