"""`run` and `sweep`: one run under the policy."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from offstage.command_line.answers import answer_run
from offstage.command_line.command_io import CommandIo
from offstage.command_line.exit_code import ExitCode
from offstage.command_line.inputs import parse_inputs
from offstage.command_line.stage import open_stage


def options(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument(
        "--input", action="append", default=[], metavar="NAME=VALUE", help="an input other than its default"
    )


async def command(io: CommandIo, given: Namespace) -> ExitCode:
    """Runs the workflow to its end, and answers with how it ended. `sweep`: over everything, and what no sweep comes to any more is released."""
    async with open_stage(io) as stage:
        inputs = parse_inputs(given.input, stage.program)
        run = await stage.host.start(
            stage.program, inputs=inputs, event={"kind": "call", "by": io.person(None)}, sweep=io.command == "sweep"
        )
        return await answer_run(io, stage.store, run, more={"changedTools": stage.changed_tools()})
