"""ECMAScript's operators on what the language allows: no conversions, so mixed operands are a TYPE_ERROR."""

from __future__ import annotations

import math
import operator
from typing import Any, cast

from offstage.base import (
    UnsafeInteger,
    Withheld,
    is_fields,
    is_items,
    is_map,
    is_set,
    normal_number,
    number_text,
    undefined,
    utf16_length,
    utf16_order,
)
from offstage.regexp import text_of
from offstage.values.kinds import MAX_SIZE, article, check_size, is_number, type_error, unsafe_use


def num(value: float) -> float:
    """The result of Python's arithmetic on numbers as ECMAScript has it: rounded to a double, an `int` where it is a safe integer."""
    return normal_number(value)


def add_of(left: Any, right: Any) -> Any:
    """`+` of two numbers or two texts; of which one is not known, neither is what they make."""
    if isinstance(left, Withheld) or isinstance(right, Withheld):
        return left + right
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > MAX_SIZE // 2:
            return checked_text(left + right, "A text made by +")
        return text_of(left + right)
    return normal_number(_number(left, right, "+", "two numbers or two strings") + right)


def subtract(left: Any, right: Any) -> float:
    """`-`."""
    return normal_number(_number(left, right, "-") - right)


def multiply(left: Any, right: Any) -> float:
    """`*`; the sign of a zero counts."""
    product = _number(left, right, "*") * right
    if product == 0 and (math.copysign(1, left) < 0) != (math.copysign(1, right) < 0):
        return -0.0
    return normal_number(product)


def divide(left: Any, right: Any) -> float:
    """`/`, by zero too."""
    dividend, divisor = float(_number(left, right, "/")), float(right)
    if divisor != 0:
        return normal_number(dividend / divisor)
    if dividend == 0 or math.isnan(dividend):
        return math.nan
    return math.inf if (math.copysign(1, dividend) < 0) == (math.copysign(1, divisor) < 0) else -math.inf


def remainder(left: Any, right: Any) -> float:
    """`%`: it has the sign of the dividend."""
    dividend, divisor = float(_number(left, right, "%")), float(right)
    if divisor == 0 or math.isinf(dividend) or math.isnan(dividend) or math.isnan(divisor):
        return math.nan
    return normal_number(math.fmod(dividend, divisor))


def negative(value: Any) -> float:
    """Unary `-`."""
    return normal_number(-float(_operand("-", value)))


def number_of(value: Any) -> float:
    """Unary `+`, which takes a number."""
    return _operand("+", value)


def _operand(sign: str, value: Any) -> float:
    if is_number(value):
        return value
    if isinstance(value, UnsafeInteger):
        raise unsafe_use(f"an operand of {sign}")
    raise type_error(f"Unary {sign} takes a number, not {article(value)}.")


def _number(left: Any, right: Any, sign: str, wants: str = "two numbers") -> float:
    if is_number(left) and is_number(right):
        return left
    raise _mixed(left, right, sign, wants)


def _mixed(left: Any, right: Any, sign: str, wants: str) -> BaseException:
    for value in (left, right):
        if isinstance(value, Withheld):
            value.end()
    for value in (left, right):
        if isinstance(value, UnsafeInteger):
            return unsafe_use(f"an operand of {sign}")
    return type_error(f"{sign} takes {wants}, not {article(left)} and {article(right)}.")


def less(left: Any, right: Any) -> bool:
    """`<` of two numbers or two texts, by their UTF-16 units."""
    return _order(left, right, "<", operator.lt)


def at_most(left: Any, right: Any) -> bool:
    """`<=`."""
    return _order(left, right, "<=", operator.le)


def greater(left: Any, right: Any) -> bool:
    """`>`."""
    return _order(left, right, ">", operator.gt)


def at_least(left: Any, right: Any) -> bool:
    """`>=`."""
    return _order(left, right, ">=", operator.ge)


def _order(left: Any, right: Any, sign: str, compare: Any) -> bool:
    if isinstance(left, str) and isinstance(right, str):
        ascii_only = left.isascii() and right.isascii()
        return compare(left, right) if ascii_only else compare(utf16_order(left), utf16_order(right))
    _number(left, right, sign, "two numbers or two strings")
    return compare(left, right)


def same(left: Any, right: Any) -> bool:
    """`===`: objects by identity, `True` is no number; a poisoned integer that may equal a number is refused."""
    for value in (left, right):
        if isinstance(value, Withheld):
            value.end()
    if isinstance(left, UnsafeInteger) or isinstance(right, UnsafeInteger):
        for value, other in ((left, right), (right, left)):
            if isinstance(value, UnsafeInteger) and (is_number(other) or isinstance(other, UnsafeInteger)):
                raise unsafe_use("an operand of ===")
        return False
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, str) and isinstance(right, str):
        return left == right or (not left.isascii() and text_of(left) == text_of(right))
    if is_number(left) and is_number(right):
        return left == right
    return left is right


def truthy(value: Any) -> bool:
    """What a condition decides: ECMAScript's meaning (an empty list is true), but a number is refused, because 0 is easily forgotten."""
    if isinstance(value, bool):
        return value
    if value is None or value is undefined:
        return False
    if isinstance(value, str):
        return value != ""
    if isinstance(value, Withheld):
        value.end()
    if is_number(value):
        raise type_error("A condition cannot be a number: compare it (`> 0`).")
    if isinstance(value, UnsafeInteger):
        raise unsafe_use("a condition")
    return True


def absent(value: object) -> bool:
    """Whether it is `null` or `undefined`: what `??` and `?.` ask."""
    if isinstance(value, Withheld):
        value.end()
    return value is None or value is undefined


def text(value: Any) -> str:
    """A part of a template: a string, number or boolean as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if is_number(value):
        return number_text(value)
    if isinstance(value, UnsafeInteger):
        raise unsafe_use("part of a text")
    if isinstance(value, Withheld):
        # Whatever it becomes a part of is not known either.
        return cast(str, value)
    raise type_error(
        f'A template takes strings, numbers and booleans, not {article(value)}: write ?? "" or JSON.stringify.'
    )


def to_text(value: Any = "") -> str:
    """`String(value)`."""
    if value is None:
        return "null"
    if value is undefined:
        return "undefined"
    if is_items(value) or is_fields(value) or is_map(value) or is_set(value) or callable(value):
        raise type_error(
            f"String takes no {article(value).removeprefix('an ').removeprefix('a ')}: write JSON.stringify."
        )
    return text(value)


def checked_text(value: str, what: str) -> str:
    """Passes a text that is not too large, its halves put together."""
    check_size(len(value) if value.isascii() else utf16_length(value), what)
    return text_of(value)
