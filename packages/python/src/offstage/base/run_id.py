"""Ids that sort by time."""

from __future__ import annotations

from collections.abc import Callable

# Crockford's base 32 in lower case: no i, l, o, u, which are misread.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_RANDOM_BYTES = 5


def new_run_id(now: int, random_bytes: Callable[[int], bytes]) -> str:
    """An id that sorts by time (ms since the epoch) and that a person can read out: `1hs5kzv40-7f3kq9zt`."""
    return f"{_base32(now, 9)}-{_base32(int.from_bytes(random_bytes(_RANDOM_BYTES), 'big'), 8)}"


def _base32(value: int, length: int) -> str:
    text = ""
    while len(text) < length:
        text = _ALPHABET[value % 32] + text
        value //= 32
    return text
