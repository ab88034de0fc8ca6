"""`show`: what started a run, what it wrote, what it waits for."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from offstage.base import OffstageError
from offstage.command_line.answers import find_run, tell_story
from offstage.command_line.command_io import CommandIo
from offstage.command_line.exit_code import FINE, ExitCode
from offstage.command_line.stage import project_store
from offstage.model import Plan, Run
from offstage.state import Store


def options(parser: ArgumentParser) -> None:
    """What it takes."""
    parser.add_argument("run", nargs="?", help="the run's id or its beginning; the newest when not given")


async def command(io: CommandIo, given: Namespace) -> ExitCode:
    """Tells the story of one run."""
    async with project_store(io) as (store, _):
        run = await _newest(store) if given.run is None else await find_run(store, given.run)
        await tell_story(io, store, run, await _plan_of(store, run) if run["status"] == "planned" else None)
    return FINE


async def _newest(store: Store) -> Run:
    runs = await store.transact(lambda tx: tx.list_runs(limit=1), durable=False, reads=True)
    if not runs:
        raise OffstageError("RUN_UNKNOWN", "There is no run yet.", hint="Start one: offstage run")
    return runs[0]


async def _plan_of(store: Store, run: Run) -> Plan | None:
    row = await store.transact(lambda tx: tx.get_plan(run["id"]), durable=False, reads=True)
    return None if row is None else row["plan"]
