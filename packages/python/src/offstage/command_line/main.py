"""The command line of an exported package: `python -m leak_tickets plan`."""

from __future__ import annotations

import asyncio
import os
import shlex
import signal
import sys
import traceback
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import NoReturn

from offstage.base import JsonObject, OffstageError, Redactor, stringify_exact
from offstage.command_line.command_io import ENVELOPE_VERSION, CommandIo
from offstage.command_line.exit_code import FINE, ExitCode, exit_code_of
from offstage.command_line.interruption import Interruption
from offstage.command_line.system_clock import SystemClock
from offstage.command_line.terminal import Terminal, escape_controls

# Name → its module and what `--help` says of it, in the order of a day with a workflow.
COMMANDS: Mapping[str, tuple[str, str]] = {
    "plan": ("plan", "show what a run would write, and write nothing"),
    "apply": ("apply", "perform exactly what a plan showed"),
    "run": ("run", "run the workflow under the policy"),
    "sweep": ("run", "run it over everything, and release what does not occur any more"),
    "serve": ("serve", "run it by its schedules and webhooks, until told to stop"),
    "pause": ("pause", "let no write begin: of the workflow, a server, or at all"),
    "unpause": ("pause", "let writes begin again"),
    "runs": ("runs", "list runs, the newest first"),
    "show": ("show", "tell the story of one run"),
    "resume": ("resume", "go on with runs whose waiting is over"),
    "cancel": ("cancel", "end a run after the call that is under way, whoever drives it"),
    "resolve": ("resolve", "say what happened to a write that could not be known"),
    "backup": ("backup", "copy the store into a file, while others go on using it"),
    "lock": ("lock", "show which tools are not as they were pinned, and accept what they are now"),
    "approve": ("answer", "permit a write that waits for a person"),
    "deny": ("answer", "refuse a write that waits for a person"),
}


def run_package(folder: Path, package: str, argv: Sequence[str] | None = None) -> ExitCode:
    """One command of the package `package`, whose files (`mcp.json`, `settings.json`, `offstage.lock`) lie in `folder`.

    `argv`: its words; those of the process without it. Gives what the process ends with; never raises.
    """
    words = [*(sys.argv[1:] if argv is None else argv)]
    redactor, clock = Redactor(), SystemClock()
    colors = os.environ.get("NO_COLOR", "") == "" and os.environ.get("TERM") != "dumb"
    terminal = Terminal(sys.stdout, sys.stderr, redactor, colors=colors, now=clock.now)
    # As it was called: the interpreter of a virtual environment need not be on the PATH.
    start = f"{shlex.quote(sys.orig_argv[0])} -m {package}"
    json = "--json" in words
    given = Namespace(command=next((word for word in words if not word.startswith("-")), ""))
    io: CommandIo | None = None
    try:
        given = _parse(words, package, start)
        io = CommandIo(
            folder=folder,
            package=package,
            start=start,
            command=given.command,
            terminal=terminal,
            redactor=redactor,
            clock=clock,
            env=dict(os.environ),
            json=json,
            interruption=Interruption(terminal.note),
        )
        return asyncio.run(_interruptible(io, given))
    except SystemExit:
        return FINE
    except BaseException as error:
        return _failed(error, terminal, given.command, io, json=json)
    finally:
        # What nobody reads any more cannot be written at the end of the process either.
        with suppress(BrokenPipeError):
            sys.stdout.flush()


async def _interruptible(io: CommandIo, given: Namespace) -> ExitCode:
    module = import_module(f"offstage.command_line.commands.{COMMANDS[given.command][0]}")
    doing: asyncio.Task[ExitCode] = asyncio.ensure_future(module.command(io, given))
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, io.interruption.signal, doing)
    return await doing


class _Parser(ArgumentParser):
    """Tells its faults as every other one is told."""

    def error(self, message: str) -> NoReturn:
        raise OffstageError(
            "USAGE", f"{message[:1].upper()}{message[1:]}.", hint=f"`{self.prog} --help` shows how it is used."
        )


def _parse(words: Sequence[str], package: str, start: str) -> Namespace:
    parser = _Parser(prog=start, description=_description(package), allow_abbrev=False)
    parser.add_argument("--json", action="store_true", help="answer with one versioned JSON document")
    commands = parser.add_subparsers(dest="command", metavar="command", required=True, parser_class=_Parser)
    asked = next((word for word in words if word in COMMANDS), None)
    for name, (module, summary) in COMMANDS.items():
        one = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        one.add_argument("--json", action="store_true", default=False, help="answer with one versioned JSON document")
        # Nothing is loaded before it is asked for.
        if name == asked:
            import_module(f"offstage.command_line.commands.{module}").options(one)
    return parser.parse_args([*words] or ["--help"])


def _description(package: str) -> str:
    return (sys.modules[package].__doc__ or "").strip().split("\n")[0] if package in sys.modules else ""


def _failed(error: BaseException, terminal: Terminal, command: str, io: CommandIo | None, *, json: bool) -> ExitCode:
    """Tells what went wrong, once."""
    failure = _failure_of(error)
    if io is not None and "hint" in failure:
        failure["hint"] = io.told(failure["hint"])
    if json:
        document: JsonObject = {"version": ENVELOPE_VERSION, "command": command, "ok": False, "error": failure}
        terminal.print(escape_controls(stringify_exact(document), "keep"))
        return exit_code_of(failure["code"])
    if "stack" in failure:
        terminal.note(escape_controls(failure["stack"], "keep"))
    name = terminal.paint("red", f"error {failure['code']}:", note=True)
    terminal.note(f"{name} {escape_controls(failure['message'], 'mark')}")
    if "hint" in failure:
        terminal.note(f"{terminal.paint('cyan', 'hint:', note=True)} {escape_controls(failure['hint'], 'mark')}")
    return exit_code_of(failure["code"])


def _failure_of(error: BaseException) -> dict[str, str]:
    if isinstance(error, asyncio.CancelledError | KeyboardInterrupt):
        return {"code": "CANCELLED", "message": "Interrupted."}
    if isinstance(error, OffstageError) and error.code != "BUG":
        told = {"code": error.code, "message": error.message}
        return told if error.hint is None else {**told, "hint": error.hint}
    return {
        "code": "BUG",
        "message": f"This is a mistake of ours: {error}",
        "hint": "Nothing you did should lead here. Please report the command and the lines above. What was written is in the store: `offstage runs` shows it.",
        "stack": "".join(traceback.format_exception(error)).rstrip(),
    }
