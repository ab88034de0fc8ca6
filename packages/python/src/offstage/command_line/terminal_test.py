"""What a terminal shows, and a pipe gets."""

from __future__ import annotations

import io

from offstage.base import Redactor
from offstage.command_line.terminal import Terminal, escape_controls, table_text


class Piped(io.StringIO):
    """A stream that nobody looks at."""

    def isatty(self) -> bool:
        return False


class Closed(Piped):
    """One whose reader is gone."""

    def write(self, text: str, /) -> int:
        raise BrokenPipeError


def opened(out: Piped, notes: Piped, now: list[int]) -> Terminal:
    redactor = Redactor()
    redactor.register("swordfish-1234", "TOKEN")
    return Terminal(out, notes, redactor, colors=True, now=lambda: now[0])


def test_what_a_server_says_moves_no_cursor_and_looks_like_no_line_of_ours() -> None:
    assert escape_controls("a\x1b[2Jb\nc\u202ed") == "a\\u001b[2Jb\\nc\\u202ed"
    assert escape_controls("one\ntwo", "mark") == "one\n  | two"
    assert escape_controls("half \ud800", "keep") == "half \\ud800"


def test_secrets_come_out_of_neither_stream_and_a_pipe_gets_no_colours() -> None:
    out, notes = Piped(), Piped()
    terminal = opened(out, notes, [0])
    terminal.print(terminal.paint("red", "its token is swordfish-1234"))
    terminal.note("swordfish-1234 again")
    assert "swordfish" not in out.getvalue() + notes.getvalue()
    assert "\x1b" not in out.getvalue()


def test_progress_in_a_pipe_is_a_line_every_ten_seconds() -> None:
    notes, now = Piped(), [0]
    terminal = opened(Piped(), notes, now)
    for at in (0, 1_000, 9_999, 10_000):
        now[0] = at
        terminal.progress(f"at {at}")
    assert notes.getvalue() == "at 0\nat 10000\n"


def test_a_reader_that_is_gone_ends_nothing() -> None:
    opened(Closed(), Closed(), [0]).print("nobody reads this")


def test_a_table_is_aligned_by_what_people_see_and_stacked_where_it_is_too_wide() -> None:
    rows = [["run", "status"], ["日本", "done"]]
    assert table_text(rows, 80) == "run   status\n日本  done"
    assert table_text(rows, 6) == "run\n  status\n日本\n  done"
