"""Sets of UTF-16 units: without the flag u, ECMAScript matches units, not characters."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import TypeAlias

from offstage.base import lower_case, upper_case

# Sorted, disjoint, inclusive ranges.
CharSet: TypeAlias = tuple[tuple[int, int], ...]

MAX_UNIT = 0xFFFF
ALL: CharSet = ((0, MAX_UNIT),)
DIGITS: CharSet = ((0x30, 0x39),)
WORD: CharSet = ((0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A))
# ECMAScript's \s: white space and line terminators, the byte order mark too.
SPACE: CharSet = (
    (9, 13),
    (0x20, 0x20),
    (0xA0, 0xA0),
    (0x1680, 0x1680),
    (0x2000, 0x200A),
    (0x2028, 0x2029),
    (0x202F, 0x202F),
    (0x205F, 0x205F),
    (0x3000, 0x3000),
    (0xFEFF, 0xFEFF),
)
# What `.` does not match, and what `^` and `$` see with m.
TERMINATORS: CharSet = ((0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029))


def normalise(ranges: Iterable[tuple[int, int]]) -> CharSet:
    """Sorts and joins ranges."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return tuple(joined)


def invert(chars: CharSet) -> CharSet:
    """All other units."""
    ranges: list[tuple[int, int]] = []
    after = 0
    for low, high in chars:
        if low > after:
            ranges.append((after, low - 1))
        after = high + 1
    if after <= MAX_UNIT:
        ranges.append((after, MAX_UNIT))
    return tuple(ranges)


def minus(chars: CharSet, other: CharSet) -> CharSet:
    """Those that are not in the other."""
    return invert(normalise((*invert(chars), *other)))


def ignore_case(chars: CharSet) -> CharSet:
    """All units that ECMAScript's `i` takes for a member."""
    if all(high < 0x80 for _, high in chars):
        others = [
            unit ^ 0x20
            for low, high in chars
            for unit in range(low, high + 1)
            if 0x41 <= unit <= 0x5A or 0x61 <= unit <= 0x7A
        ]
    else:
        table = _other_cases()
        others = [
            other for unit, group in table.items() if any(low <= unit <= high for low, high in chars) for other in group
        ]
    return normalise((*chars, *((other, other) for other in others)))


def _canonicalize(unit: int) -> int:
    """Canonicalize without `u` (ECMA-262): one upper-case unit; nothing beyond ASCII ever equals ASCII."""
    upper = upper_case(chr(unit))
    if len(upper) != 1 or ord(upper) > MAX_UNIT:
        return unit
    return unit if unit >= 0x80 and ord(upper) < 0x80 else ord(upper)


@cache
def _other_cases() -> dict[int, list[int]]:
    """Each unit that equals others → all that it equals. A constant of Unicode, made when first needed."""
    groups: dict[int, list[int]] = {}
    for unit in range(MAX_UNIT + 1):
        canonical = _canonicalize(unit)
        if canonical == unit and lower_case(chr(unit)) == chr(unit):
            continue
        groups.setdefault(canonical, []).append(unit)
    for canonical, group in groups.items():
        if canonical not in group:
            group.append(canonical)
    return {unit: group for group in groups.values() for unit in group}
