"""`runs`: the newest first."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from offstage.command_line.answers import redacted
from offstage.command_line.command_io import CommandIo, usage
from offstage.command_line.exit_code import FINE, ExitCode
from offstage.command_line.stage import project_store
from offstage.command_line.terminal import table_text
from offstage.command_line.texts import began_at, instant


def options(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("--limit", default="20", metavar="COUNT", help="how many (default: 20)")


async def command(io: CommandIo, given: Namespace) -> ExitCode:
    """Lists runs."""
    if not given.limit.isascii() or not given.limit.isdigit() or int(given.limit) < 1:
        raise usage(f"--limit {given.limit} is no number of runs.", "Write a whole number from 1.")
    limit = int(given.limit)
    async with project_store(io) as (store, _):
        found = await store.transact(lambda tx: tx.list_runs(limit=limit), durable=False, reads=True)
    runs = sorted((redacted(io, run) for run in found), key=began_at, reverse=True)
    rows = [
        [
            run["id"],
            run["phase"],
            run["status"],
            str(run["counts"]["writes"]),
            f"{instant(began_at(run))[:16].replace('T', ' ')}Z",
        ]
        for run in runs
    ]
    head = ["run", "phase", "status", "writes", "started"]
    io.answer({"runs": runs}, table_text([head, *rows], io.terminal.width) if rows else "No runs yet.")
    return FINE
