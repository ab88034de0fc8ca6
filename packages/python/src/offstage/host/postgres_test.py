"""A server that goes away while a run goes on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from offstage.state import Store
from offstage.stores.postgres import open_postgres_store
from offstage.testing.host_world import CALLED, HostWorld
from offstage.testing.postgres_server import PostgresServer
from offstage.testing.store_places import StoreIn, code_of, schema_in

ITEMS = ["a", "b", "c", "d", "e"]


class Impatient:
    """A schema whose processes wait for its server for half a second."""

    def __init__(self, url: str) -> None:
        self.url = url

    async def open(self, now: int = 0) -> Store:
        return await open_postgres_store(self.url, now=now, patience_ms=500)


def world_over(folder: Path, store_in: StoreIn) -> HostWorld:
    world = HostWorld(folder, store_in, is_real=True)
    world.calls.items = [{"id": item} for item in ITEMS]
    return world


@pytest.mark.anyio
async def test_a_run_goes_on_over_a_server_that_crashes_again_and_again(
    tmp_path: Path, new_postgres: PostgresServer
) -> None:
    world = world_over(tmp_path, schema_in(new_postgres.url))

    async def crash(_text: str) -> None:
        new_postgres.crash()
        await asyncio.to_thread(new_postgres.start)

    world.calls.before_answer = crash
    program = world.tell()
    async with world.host(program) as host:
        run = await host.start(program, inputs={}, event=CALLED)
    assert (run["status"], run["counts"]["writes"], world.calls.written()) == ("succeeded", 5, ITEMS)


@pytest.mark.anyio
async def test_where_it_stays_away_for_longer_the_run_stops_and_what_is_not_known_of_it_is_told(
    tmp_path: Path, new_postgres: PostgresServer
) -> None:
    world = world_over(tmp_path, lambda _folder: Impatient(new_postgres.url))

    async def crash(text: str) -> None:
        if text == "c":
            new_postgres.crash()

    world.calls.before_answer = crash
    program = world.tell()
    async with world.host(program) as host:
        assert await code_of(host.start(program, inputs={}, event=CALLED)) == "STORE_UNAVAILABLE"
    assert world.calls.written() == ["a", "b", "c"]
    new_postgres.start()
    later = world_over(tmp_path, world.store_in)
    async with later.host(program) as host:
        await host.work()
    [run] = await later.runs()
    # The answer to the third write was heard and could not be kept.
    assert (run["status"], len(run["ambiguous"])) == ("needs-attention", 1)
    assert sorted(later.calls.written()) == sorted(set(later.calls.written()))
