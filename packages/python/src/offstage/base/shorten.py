"""Cutting texts for messages."""

from __future__ import annotations


def utf16_length(text: str) -> int:
    """How many UTF-16 code units a text has: what ECMAScript calls its length."""
    return len(text) if text.isascii() else sum(2 if ord(character) > 0xFFFF else 1 for character in text)


def shorten(text: str, length: int) -> str:
    """Cuts a text to at most `length` UTF-16 units, marking the cut with `…`; never through the middle of a character."""
    if utf16_length(text) <= length:
        return text
    kept, units = 0, 0
    for character in text:
        units += 2 if ord(character) > 0xFFFF else 1
        if units > length - 1:
            break
        kept += 1
    return f"{text[:kept]}…"
