"""`pause` and `unpause`: lets no write begin, and lets them begin again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from offstage.command_line.command_io import CommandIo, usage
from offstage.command_line.exit_code import FINE, ExitCode
from offstage.command_line.stage import project_store
from offstage.host import lift_pauses
from offstage.state import StoreTx, change_pauses


def options(parser: ArgumentParser) -> None:
    """What they take."""
    parser.add_argument(
        "names", nargs="*", help="all, workflow:NAME or server:NAME; without any, what is paused is listed"
    )


async def command(io: CommandIo, given: Namespace) -> ExitCode:
    """Holds for whoever comes to a write from now on, in every process over the store."""
    async with project_store(io) as (store, configuration):
        known = [entry.name for entry in configuration.entries.servers]
        names = [_name_of(name, known) for name in given.names]

        async def change(tx: StoreTx) -> list[str]:
            return (
                await change_pauses(tx, add=names) if io.command == "pause" else (await lift_pauses(tx, names)).paused
            )

        paused = await store.transact(change, durable=True)
    shown = ["everything" if name == "*" else name for name in paused]
    io.answer({"paused": paused}, f"Paused: {', '.join(shown)}." if shown else "Nothing is paused.")
    return FINE


def _name_of(given: str, servers: list[str]) -> str:
    if given in ("all", "*"):
        return "*"
    kind, _, name = given.partition(":")
    if kind == "server" and name not in servers:
        raise usage(f"There is no server {name}.", f"There are: {', '.join(servers) or 'none'}.")
    if kind not in ("server", "workflow") or name == "":
        raise usage(f"{given} is nothing that can be paused.", "Write all, workflow:NAME or server:NAME.")
    return given
