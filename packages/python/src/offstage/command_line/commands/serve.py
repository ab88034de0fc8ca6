"""`serve`: starts runs by their triggers and goes on with parked ones, until it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import replace

from offstage.base import iso_time
from offstage.command_line.command_io import CommandIo
from offstage.command_line.exit_code import FINE, ExitCode
from offstage.command_line.serve_lines import ServeLine, line_of
from offstage.command_line.served_stage import served_stage
from offstage.command_line.stage import offstage_version, open_stage
from offstage.command_line.terminal import escape_controls
from offstage.host import News
from offstage.serving import ServingNews, serve
from offstage.telemetry import Log, telemetry_settings, trace_id_of

# How long a run that goes on is waited for when the process is told to stop. Below the 30 s after which Kubernetes kills.
_LEAVE_MS = 25_000


def options(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument(
        "--log",
        choices=("text", "json"),
        default="text",
        help="how stderr tells what happens: text, for people, or json, one record a line",
    )


async def command(io: CommandIo, given: Namespace) -> ExitCode:
    """Serves the workflow. Signals end it: runs that go on are given time to come to their rest."""
    tell = json_teller(io) if given.log == "json" else _text_teller(io)
    # What anybody else has to say is told in the same form.
    io = replace(io, terminal=io.terminal.told_by(lambda text: tell(ServeLine(event="offstage.note", text=text))))
    stop = asyncio.Event()

    def stopping() -> None:
        tell(ServeLine(event="offstage.process.stopping", text="stopping: no further run begins"))
        stop.set()

    io.interruption.stop = stopping
    asyncio.get_running_loop().add_signal_handler(
        signal.SIGHUP,
        lambda: tell(
            ServeLine(event="offstage.reload.unneeded", text="files are read at the start: restart to take edits")
        ),
    )

    def news(one: News | ServingNews) -> None:
        line = line_of(one)
        if line is not None:
            tell(line)

    async with open_stage(io, news=news) as stage:
        await serve(served_stage(stage), stop=stop, news=news, grace_ms=_LEAVE_MS)
        io.answer({"workflows": [stage.program.name]}, "Stopped.")
    return FINE


def _text_teller(io: CommandIo) -> Callable[[ServeLine], None]:
    """Lines for people, each with its time."""
    terminal, clock = io.terminal, io.clock
    return lambda line: terminal.note(f"{iso_time(clock.now())} {line.text}")


def json_teller(io: CommandIo) -> Callable[[ServeLine], None]:
    """One record a line; where runs are traced, with their traces."""
    terminal = io.terminal
    settings = telemetry_settings(io.env)
    log = Log(
        write=lambda record: terminal.record(escape_controls(record, "keep")),
        now=io.clock.now,
        redactor=io.redactor,
        version=offstage_version(),
        name="offstage" if settings is None else settings.service,
        trace_of=lambda run_id: None if settings is None else trace_id_of(run_id),
    )
    return lambda line: log.note(line.severity, line.event, line.text, line.attributes, line.run_id)
