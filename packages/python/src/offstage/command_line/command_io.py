"""What every command gets: where it runs, what it writes to, whom it asks for the time."""

from __future__ import annotations

import getpass
import re
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from offstage.base import Clock, JsonObject, OffstageError, Redactor, stringify_exact
from offstage.command_line.interruption import Interruption
from offstage.command_line.terminal import Terminal, escape_controls

ENVELOPE_VERSION = 1
# In backticks; or after a colon, as far as its words go. Those that need the project itself stay as they are.
_GIVEN = re.compile(
    r"(?:(?<=`)|(?<=: ))offstage (?=(plan|apply|run|serve|runs|show|resume|cancel|resolve|approve|deny|pause|unpause|sweep|backup|lock)\b)"
)


@dataclass(frozen=True, kw_only=True)
class CommandIo:
    """`folder`: of the package's files. `start`: what commands are given to, `python -m leak_tickets`. `json`: answers are one versioned document."""

    folder: Path
    package: str
    start: str
    command: str
    terminal: Terminal
    redactor: Redactor
    clock: Clock
    env: Mapping[str, str]
    json: bool
    interruption: Interruption

    def answer(self, result: JsonObject, text: str) -> None:
        """The one answer of a command: `result` with `--json`, else `text`."""
        if not self.json:
            return self.terminal.print(self.told(text))
        document = {"version": ENVELOPE_VERSION, "command": self.command, "ok": True}
        self.print_json({**document, "result": self.redactor.redact_data(result)})

    def print_json(self, document: JsonObject) -> None:
        """One line; what steers a terminal is written as an escape within its strings, where alone it stands."""
        self.terminal.print(escape_controls(stringify_exact(document), "keep"))

    def command_line(self, *words: str) -> str:
        """A command to give next, as it can be given."""
        return " ".join([self.start, *(shlex.quote(word) for word in words)])

    def told(self, text: str) -> str:
        """A text that names commands to give next: each as it is given to this package."""
        return _GIVEN.sub(lambda _: f"{self.start} ", text)

    def person(self, given: str | None) -> str:
        """Who gives an answer: `--by`, else the name that the system has for the user. It is stored: a secret in it is not."""
        return self.redactor.redact(given or self.env.get("USER") or self.env.get("LOGNAME") or _account_name())


def _account_name() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"


def usage(message: str, hint: str) -> OffstageError:
    """A slip of whoever gives commands."""
    return OffstageError("USAGE", message, hint=hint)
