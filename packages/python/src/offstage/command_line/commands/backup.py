"""`backup`: one state of the store, in a file of its own."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from offstage.command_line.command_io import CommandIo, usage
from offstage.command_line.exit_code import FINE, ExitCode
from offstage.command_line.stage import read_configuration
from offstage.command_line.terminal import escape_controls
from offstage.stores.sqlite import back_up_sqlite_store


def options(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("file", help="where the backup goes; nothing may be there yet")


async def command(io: CommandIo, given: Namespace) -> ExitCode:
    """Copies the store while others go on using it."""
    store = read_configuration(io).settings.store
    if store.postgres is not None:
        raise usage(
            "The store is in PostgreSQL, which has backups of its own.",
            f"Use pg_dump --schema={store.schema}, or your database's own snapshots.",
        )
    to = _place(store.file, given.file)
    io.terminal.progress("copying the store …")
    size = await back_up_sqlite_store(store.file, to, now=io.clock.now())
    told = f"The store is in {to} ({size} bytes), whole and on the disk. It holds what runs were given and what servers answered: keep it as you keep the store."
    io.answer({"file": str(to), "bytes": size}, escape_controls(told))
    return FINE


def _place(file: str, to: str) -> Path:
    if not Path(file).exists():
        raise usage(f"There is no store at {file} yet.", "A store is made by the first command that needs one.")
    return Path(to).absolute()
