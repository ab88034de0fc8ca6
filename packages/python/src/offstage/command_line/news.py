"""How runs go on, as a terminal tells it."""

from __future__ import annotations

from collections.abc import Callable

from offstage.command_line.command_io import CommandIo
from offstage.command_line.terminal import escape_controls
from offstage.host import LogNews, News, RunNews, WaitingNews


def news_teller(io: CommandIo) -> Callable[[News], None]:
    """Progress on standard error; what the workflow logs as notes."""

    def tell(news: News) -> None:
        io.interruption.hear(news)
        if isinstance(news, LogNews):
            io.terminal.note(escape_controls(news.text, "mark"))
        elif isinstance(news, WaitingNews):
            io.terminal.note(io.told(escape_controls(news.why)))
        elif isinstance(news, RunNews):
            _tell_run(io, news)
        elif news.kind in ("effect-done", "effect-failed", "effect-ambiguous"):
            io.terminal.progress(f"{news.kind.removeprefix('effect-')} {escape_controls(news.label)}")

    return tell


def _tell_run(io: CommandIo, news: RunNews) -> None:
    if news.kind in ("run-started", "run-resumed"):
        word = "running" if news.kind == "run-started" else "continuing"
        io.terminal.progress(f"{word} {news.run['workflow']} ({news.run['id']}) …")
    elif news.kind == "run-waiting":
        io.terminal.note(escape_controls(news.why))
