"""What a command writes to: results on stdout, everything else on stderr. Registered secrets are replaced on both."""

from __future__ import annotations

import contextlib
import os
import textwrap
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import Literal, Protocol

from offstage.base import Redactor, spell_hidden

Color = Literal["red", "green", "yellow", "cyan", "dim"]

_CODES: Mapping[Color, tuple[int, int]] = {
    "red": (31, 39),
    "green": (32, 39),
    "yellow": (33, 39),
    "cyan": (36, 39),
    "dim": (2, 22),
}
_PROGRESS_PAUSE_MS = 10_000
_CLEAR_LINE = "\r\x1b[2K"


class Stream(Protocol):
    """The part of a stream that a terminal needs; `sys.stdout` is one."""

    def write(self, text: str, /) -> object: ...
    def flush(self) -> None: ...
    def isatty(self) -> bool: ...
    def fileno(self) -> int: ...


class Terminal:
    """Two streams, for people or for pipes. `width`: columns of the first; infinite where nobody looks, so that what is piped is never cut."""

    def __init__(self, out: Stream, notes: Stream, redactor: Redactor, *, colors: bool, now: Callable[[], int]) -> None:
        self._out = out
        self._notes = notes
        self._redactor = redactor
        self._colors = colors
        self._now = now
        self._shown = False
        self._progressed_at = float("-inf")
        self._take: Callable[[str], None] | None = None
        self.width = _columns_of(out)

    def print(self, text: str) -> None:
        """A line of the result, or several."""
        self._clear()
        self._write(self._out, f"{self._redactor.redact(text)}\n")

    def note(self, text: str) -> None:
        """A line about what goes on, in prose."""
        if self._take is not None:
            return self._take(text)
        self._clear()
        columns = _columns_of(self._notes)
        said = self._redactor.redact(text)
        lines = [said] if columns == float("inf") else [_wrapped(line, int(columns)) for line in said.split("\n")]
        self._write(self._notes, "\n".join(lines) + "\n")

    def record(self, text: str) -> None:
        """One line among the notes, never broken."""
        self._clear()
        self._write(self._notes, f"{self._redactor.redact(text)}\n")

    def told_by(self, take: Callable[[str], None]) -> Terminal:
        """The same, whose notes `take` gets; progress is not shown."""
        other = copy(self)
        other._take = take
        return other

    def progress(self, text: str) -> None:
        """Long work: one line that replaces itself on a terminal, and one line every ten seconds elsewhere."""
        if self._take is not None:
            return
        said = self._redactor.redact(text)
        columns = _columns_of(self._notes)
        if columns != float("inf"):
            self._write(self._notes, f"{_CLEAR_LINE}{said[: int(columns) - 1]}")
            self._shown = True
        elif self._now() - self._progressed_at >= _PROGRESS_PAUSE_MS:
            self._progressed_at = self._now()
            self._write(self._notes, f"{said}\n")

    def paint(self, color: Color | None, text: str, *, note: bool = False) -> str:
        """Colours a text of the result, or of a note; the text itself where there is no colour."""
        stream = self._notes if note else self._out
        if color is None or not self._colors or text == "" or not stream.isatty():
            return text
        begin, end = _CODES[color]
        return f"\x1b[{begin}m{text}\x1b[{end}m"

    def _clear(self) -> None:
        if self._shown:
            self._write(self._notes, _CLEAR_LINE)
        self._shown = False

    def _write(self, stream: Stream, text: str) -> None:
        # Whoever read it may be gone (`runs | head`): what the command does is done to its end.
        with contextlib.suppress(BrokenPipeError):
            stream.write(text)
            stream.flush()


def escape_controls(text: str, lines: Literal["escape", "keep", "mark"] = "escape") -> str:
    """Makes text that came from a server harmless to show: what could move the cursor, colour, or turn text around is written as `\\u001b`.

    Line breaks and tabs are written out too; `keep` keeps them, and with `mark` each further line begins with a bar, so that no line of a
    server's looks like one of ours.
    """
    escaped = spell_hidden(text)
    if lines == "mark":
        return escaped.replace("\n", "\n  | ")
    return escaped if lines == "keep" else escaped.replace("\n", "\\n").replace("\t", "\\t")


def table_text(rows: Sequence[Sequence[str]], width: float) -> str:
    """Columns padded to their widest cell. Where a row would be wider than `width`, each is written over several lines instead."""
    widths = [max(_width_of(row[at]) for row in rows) for at in range(len(rows[0]))]
    lines = [
        "  ".join(cell + " " * (widths[at] - _width_of(cell)) for at, cell in enumerate(row)).rstrip() for row in rows
    ]
    if all(_width_of(line) <= width for line in lines):
        return "\n".join(lines)
    return "\n".join("\n  ".join(cell for cell in row if cell != "") for row in rows)


def _width_of(text: str) -> int:
    wide = sum(1 for one in text if unicodedata.east_asian_width(one) in "WF")
    return len(text) + wide - sum(1 for one in text if unicodedata.combining(one))


def _columns_of(stream: Stream) -> float:
    try:
        return os.get_terminal_size(stream.fileno()).columns if stream.isatty() else float("inf")
    except (OSError, ValueError):
        return float("inf")


def _wrapped(line: str, columns: int) -> str:
    return textwrap.fill(line, max(20, columns), subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)
