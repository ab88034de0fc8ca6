"""What became of a text, on one line."""

from __future__ import annotations

import re

from offstage.base import shorten, utf16_length

from .utf16_slice import utf16_slice
from .visible_text import SPACE, visible_line
from .word_diff import TextPart, diff_words

# UTF-16 units of one stretch of what changed: enough for any honest sentence, and `offstage.lock` has the rest.
_LONGEST_CHANGE = 1_000
# How much of what stayed is shown around it.
_CONTEXT = 40
# White space that is longer hides something.
_TELLING_SPACE = 20
_BLANK = re.compile(f"[{SPACE}]*")


def text_change(before: str, after: str) -> str:
    """Its words that went and came are marked: `Lists [-all-] {+open+} issues.` Nothing hides in it."""
    every = diff_words(before, after)
    telling = [part for part in every if not _is_blank(part)]
    parts = telling if any(part.kind != "same" for part in telling) else every
    last = len(parts) - 1
    shown = (_part_text(part, is_first=at == 0, is_last=at == last) for at, part in enumerate(parts))
    return " ".join(text for text in shown if text != "")


def _is_blank(part: TextPart) -> bool:
    is_space = _BLANK.fullmatch(part.text) is not None
    return part.kind != "same" and is_space and utf16_length(part.text) < _TELLING_SPACE


def _part_text(part: TextPart, *, is_first: bool, is_last: bool) -> str:
    shown = visible_line(part.text)
    if part.kind == "same":
        return _context(shown, is_first=is_first, is_last=is_last)
    # What is white space alone would be invisible, and so would be what it pushes out of sight.
    said = f"{utf16_length(part.text)} × white space" if shown == "" else shorten(shown, _LONGEST_CHANGE)
    return f"[-{said}-]" if part.kind == "gone" else f"{{+{said}+}}"


def _context(text: str, *, is_first: bool, is_last: bool) -> str:
    if is_first and is_last:
        return text
    length = utf16_length(text)
    if is_first:
        return f"…{utf16_slice(text, length - _CONTEXT, length)}" if length > _CONTEXT else text
    if is_last:
        return shorten(text, _CONTEXT)
    cut = f"{utf16_slice(text, 0, _CONTEXT)}…{utf16_slice(text, length - _CONTEXT, length)}"
    return cut if length > 2 * _CONTEXT else text
