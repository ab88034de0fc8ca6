"""`pause` and `unpause`: lets no write begin, and lets them begin again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from offstage.base import OffstageError
from offstage.command_line.command_io import CommandIo
from offstage.command_line.exit_code import FINE, ExitCode
from offstage.command_line.package import load_package
from offstage.command_line.pause_name import pause_name
from offstage.command_line.stage import project_store
from offstage.host import Program, lift_pauses
from offstage.state import StoreTx, change_pauses, paused_names


def options(parser: ArgumentParser) -> None:
    """What they take."""
    parser.add_argument(
        "names",
        nargs="*",
        help="all, the workflow or servers (server:NAME where both have the name); without any, what is paused is listed",
    )


async def command(io: CommandIo, given: Namespace) -> ExitCode:
    """Holds for whoever comes to a write from now on, in every process over the store."""
    async with project_store(io) as (store, configuration):
        servers = [entry.name for entry in configuration.entries.servers]
        workflows = _workflows(io) if given.names else []

        async def change(tx: StoreTx) -> list[str]:
            now = await paused_names(tx)
            names = [pause_name(name, workflows=workflows, servers=servers, paused=now) for name in given.names]
            return (
                await change_pauses(tx, add=names) if io.command == "pause" else (await lift_pauses(tx, names)).paused
            )

        paused = await store.transact(change, durable=True)
    shown = ["everything" if name == "*" else name for name in paused]
    io.answer({"paused": paused}, f"Paused: {', '.join(shown)}." if shown else "Nothing is paused.")
    return FINE


def _workflows(io: CommandIo) -> list[str]:
    """Those of the package. Writes are held also where its text cannot be loaded: by the whole names then."""
    try:
        return _names(load_package(io.folder / io.package, io.package).program)
    except OffstageError as error:
        if error.code != "WORKFLOW_INVALID":
            raise
        return []


def _names(program: Program) -> list[str]:
    """Its own, and those of workflows that it starts."""
    return [program.name, *(name for other in program.others for name in _names(other))]
