"""Numbers as ECMAScript has and writes them."""

from __future__ import annotations

import math
from decimal import Decimal

# Beyond it not every integer has a number of its own.
MAX_SAFE_INTEGER = 2**53 - 1


def number_text(value: float) -> str:
    """A number as text (ECMA-262, Number::toString with radix 10): the shortest digits that read back as it."""
    if isinstance(value, int):
        if abs(value) <= MAX_SAFE_INTEGER:
            return str(value)
        value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == 0:
        return "0"
    sign, digits, exponent = Decimal(repr(value)).as_tuple()
    if not isinstance(exponent, int):
        raise AssertionError("a finite number has an exponent")
    text = "".join(map(str, digits)).rstrip("0")
    point = len(digits) + exponent
    minus = "-" if sign else ""
    count = len(text)
    if count <= point <= 21:
        return minus + text + "0" * (point - count)
    if 0 < point <= 21:
        return f"{minus}{text[:point]}.{text[point:]}"
    if -6 < point <= 0:
        return f"{minus}0.{'0' * -point}{text}"
    power = point - 1
    mantissa = text if count == 1 else f"{text[0]}.{text[1:]}"
    return f"{minus}{mantissa}e{'+' if power >= 0 else '-'}{abs(power)}"


def normal_number(value: float) -> float:
    """A number as all of Offstage keeps it: an `int` exactly when it is integral, not -0 and at most 2^53-1 from 0, else a `float`."""
    if isinstance(value, int):
        if -MAX_SAFE_INTEGER <= value <= MAX_SAFE_INTEGER:
            return value
        try:
            return float(value)
        except OverflowError:
            return math.inf if value > 0 else -math.inf
    if value.is_integer() and abs(value) <= MAX_SAFE_INTEGER and (value != 0.0 or math.copysign(1, value) > 0):
        return int(value)
    return value
