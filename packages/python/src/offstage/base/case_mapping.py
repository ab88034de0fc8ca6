"""Upper and lower case by Unicode 17, whatever the tables of this Python are."""

from __future__ import annotations

# Pairs that Unicode 15 to 17 added, as ranges: (first upper, first lower, how many). Python 3.11 has Unicode 14.
_LATER: tuple[tuple[int, int, int], ...] = (
    (0x1C89, 0x1C8A, 1),
    (0xA7CB, 0x0264, 1),
    (0xA7CC, 0xA7CD, 1),
    (0xA7CE, 0xA7CF, 1),
    (0xA7D2, 0xA7D3, 1),
    (0xA7D4, 0xA7D5, 1),
    (0xA7DA, 0xA7DB, 1),
    (0xA7DC, 0x019B, 1),
    (0x10D50, 0x10D70, 22),
    (0x16EA0, 0x16EBB, 25),
)
_TO_LOWER = {upper + step: lower + step for upper, lower, count in _LATER for step in range(count)}
_TO_UPPER = {lower: upper for upper, lower in _TO_LOWER.items()}


def upper_case(text: str) -> str:
    """The text in upper case, characters that become several too."""
    return text.upper() if text.isascii() else text.upper().translate(_TO_UPPER)


def lower_case(text: str) -> str:
    """The text in lower case."""
    return text.lower() if text.isascii() else text.lower().translate(_TO_LOWER)
