"""What became of a text, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

from .visible_text import SPACE

PartKind: TypeAlias = Literal["same", "gone", "new"]


@dataclass(frozen=True)
class TextPart:
    """A part of a text: in both versions, only in the old one, or only in the new one."""

    kind: PartKind
    text: str


# Between texts that differ in more words than this, all of what differs is shown as gone and new.
_MOST_WORDS = 600
# Words with the space before them, so that nothing of a text is lost.
_WORD = re.compile(rf"[{SPACE}]*\w+|[{SPACE}]*[^\w{SPACE}]|[{SPACE}]+\Z")


def diff_words(before: str, after: str) -> list[TextPart]:
    """Joined, the parts that are not new are the old text, those that are not gone the new one."""
    old, now = _WORD.findall(before), _WORD.findall(after)
    head = 0
    while head < len(old) and head < len(now) and old[head] == now[head]:
        head += 1
    tail = 0
    while tail < len(old) - head and tail < len(now) - head and old[-1 - tail] == now[-1 - tail]:
        tail += 1
    middle = _middle(old[head : len(old) - tail], now[head : len(now) - tail])
    return _joined([TextPart("same", "".join(old[:head])), *middle, TextPart("same", "".join(old[len(old) - tail :]))])


def _middle(old: list[str], now: list[str]) -> list[TextPart]:
    if len(old) > _MOST_WORDS or len(now) > _MOST_WORDS:
        return [TextPart("gone", "".join(old)), TextPart("new", "".join(now))]
    common = _longest_common(old, now)
    parts: list[TextPart] = []
    at = to = 0
    while at < len(old) or to < len(now):
        if at < len(old) and to < len(now) and old[at] == now[to]:
            parts.append(TextPart("same", old[at]))
            at, to = at + 1, to + 1
        elif at < len(old) and (to >= len(now) or common[at + 1][to] >= common[at][to + 1]):
            parts.append(TextPart("gone", old[at]))
            at += 1
        else:
            parts.append(TextPart("new", now[to]))
            to += 1
    return parts


def _longest_common(old: list[str], now: list[str]) -> list[list[int]]:
    """Row i, column j: how many words the ends from there have in common."""
    rows = [[0] * (len(now) + 1) for _ in range(len(old) + 1)]
    for at in reversed(range(len(old))):
        row, below = rows[at], rows[at + 1]
        for to in reversed(range(len(now))):
            row[to] = below[to + 1] + 1 if old[at] == now[to] else max(below[to], row[to + 1])
    return rows


def _joined(parts: list[TextPart]) -> list[TextPart]:
    """What is gone stands before what is new in its place; parts of one kind are one."""
    made: list[TextPart] = []
    waiting: dict[PartKind, str] = {"gone": "", "new": ""}

    def flush() -> None:
        made.extend(TextPart(kind, text) for kind, text in waiting.items() if text != "")
        waiting["gone"] = waiting["new"] = ""

    for part in parts:
        if part.text == "":
            continue
        if part.kind != "same":
            waiting[part.kind] += part.text
            continue
        flush()
        if made and made[-1].kind == "same":
            made[-1] = TextPart("same", made[-1].text + part.text)
        else:
            made.append(part)
    flush()
    return made
