"""`cancel`: a run ends after the call that is under way, whoever drives it."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from offstage.command_line.answers import find_run, redacted
from offstage.command_line.command_io import CommandIo
from offstage.command_line.exit_code import FINE, ExitCode
from offstage.command_line.stage import open_stage
from offstage.model import is_ended


def options(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("run", help="the run's id or its beginning")


async def command(io: CommandIo, given: Namespace) -> ExitCode:
    """Asks for the end, and waits for it: whoever drives the run sees it, and where nobody does, this process ends it."""
    async with open_stage(io) as stage:
        run = await find_run(stage.store, given.run)
        if is_ended(run["status"]):
            io.answer({"run": redacted(io, run)}, f"Run {run['id']} had ended already: {run['status']}.")
            return FINE
        await stage.host.cancel(run["id"])
        io.terminal.progress(f"waiting for run {run['id']} to end …")
        ended = await stage.host.resume(run["id"])
        io.answer({"run": redacted(io, ended)}, f"Run {run['id']} ended: {ended['status']}.")
        return FINE
