"""Servers that crash, and connections that break."""

import asyncio
from pathlib import Path

import pytest

from offstage.base import OffstageError
from offstage.state import StoreTx
from offstage.stores.postgres import open_postgres_store
from offstage.testing.postgres_server import PostgresServer
from offstage.testing.store_places import NOW, PostgresPlace, all_of, code_of
from offstage.testing.store_samples import numbered_entry, numbered_row, sample_lease, sample_run

pytestmark = pytest.mark.anyio

CRASHES = 6


@pytest.fixture
def postgres_place(postgres: PostgresServer) -> PostgresPlace:
    """A schema of the shared server."""
    return PostgresPlace(postgres.url)


async def count_on(t: StoreTx) -> int:
    """Writes one numbered effect with its journal row, and counts."""
    before = await t.get_state("s", "n", "k")
    number = int(before.value) if before else 0
    assert await t.put_effect(numbered_entry(number), None)
    await t.append_journal("run-1", [numbered_row(number)])
    assert await t.put_state("s", "n", "k", str(number + 1), before.version if before else 0)
    return number


async def kept(t: StoreTx) -> tuple[int, int, int]:
    """How many of each are there."""
    count = await t.get_state("s", "n", "k")
    effects, journal = await t.list_effects(limit=100_000), await t.load_journal("run-1")
    return len(effects), len(journal), int(count.value if count else 0)


async def test_one_that_is_killed_under_load_loses_nothing_and_has_nothing_twice(new_postgres: PostgresServer) -> None:
    place = PostgresPlace(new_postgres.url)
    stores = [await place.open(), await place.open()]
    written: list[int] = []
    crashing = True

    async def write_on(at: int, durable: bool) -> None:
        while crashing:
            written.append(await stores[at].transact(count_on, durable=durable))

    loads = [asyncio.ensure_future(write_on(at, durable)) for at in (0, 1) for durable in (True, False)]
    for crash in range(CRASHES):
        until = len(written) + 7 + crash
        while len(written) < until:
            await stores[0].transact(lambda t: t.get_lease(), durable=False, reads=True)
        new_postgres.crash()
        await asyncio.to_thread(new_postgres.start)
    crashing = False
    await all_of([*loads])
    assert sorted(written) == list(range(len(written)))
    assert await stores[0].transact(kept, durable=False) == (len(written),) * 3
    for store in stores:
        await store.close()


async def test_a_connection_that_breaks_anywhere_in_a_transaction_has_it_made_once(
    postgres: PostgresServer, postgres_place: PostgresPlace
) -> None:
    store = await postgres_place.open()

    def break_all() -> None:
        postgres.query(
            f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = '{postgres_place.schema}.turns_14'::regclass"
        )

    broken: list[int] = []

    async def breaking(t: StoreTx) -> int:
        number = await count_on(t)
        if number not in broken:
            broken.append(number)
            await asyncio.to_thread(break_all)
        return number

    assert [await store.transact(breaking, durable=True) for _ in range(5)] == [0, 1, 2, 3, 4]
    assert await store.transact(kept, durable=False) == (5, 5, 5)
    assert broken == [0, 1, 2, 3, 4]
    await store.close()


async def test_what_a_body_raises_after_its_connection_broke_is_not_made_again(
    postgres: PostgresServer, postgres_place: PostgresPlace
) -> None:
    store = await postgres_place.open()
    times: list[int] = []

    async def raises(t: StoreTx) -> None:
        times.append(1)
        await t.put_run(sample_run())
        raise OffstageError("PLAN_VOID", "mine")

    assert await code_of(store.transact(raises, durable=True)) == "PLAN_VOID"
    assert len(times) == 1
    await store.close()


async def test_a_schema_that_is_moved_away_under_a_process_stops_it(
    postgres: PostgresServer, postgres_place: PostgresPlace
) -> None:
    store = await postgres_place.open()
    postgres.query(f"ALTER TABLE {postgres_place.schema}.turns_14 RENAME TO turns_15")
    assert await code_of(store.transact(lambda t: t.put_lease(sample_lease(1)), durable=True)) == "STORE_NEWER"
    await store.close()


async def test_who_does_not_get_a_turn_is_told_so(postgres: PostgresServer, postgres_place: PostgresPlace) -> None:
    store = await postgres_place.open()
    other = await open_postgres_store(postgres_place.url, schema=postgres_place.schema, now=NOW, lock_timeout_ms=100)

    async def holds(t: StoreTx) -> object:
        await t.put_run(sample_run())
        return await code_of(other.transact(lambda t: t.put_run(sample_run(id="b")), durable=True))

    assert await store.transact(holds, durable=True) == "STORE_LOCKED"
    await store.close()
    await other.close()


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("throw-away", "not-this-one"), "STORE_REFUSED"),
        (("offstage:", "nobody:"), "STORE_REFUSED"),
        (("/postgres", "/missing"), "STORE_REFUSED"),
        (("127.0.0.1", "nowhere.invalid"), "STORE_UNAVAILABLE"),
    ],
)
async def test_a_server_that_does_not_let_us_in_is_told_without_the_password(
    postgres: PostgresServer, change: tuple[str, str], code: str
) -> None:
    with pytest.raises(OffstageError) as refused:
        await open_postgres_store(postgres.url.replace(*change), now=NOW)
    said = f"{refused.value.message} {refused.value.hint}"
    assert refused.value.code == code and "throw-away" not in said and "not-this-one" not in said


async def test_another_schema_that_has_something_in_it_is_left_as_it_is(
    postgres: PostgresServer, postgres_place: PostgresPlace
) -> None:
    postgres.query(f"CREATE SCHEMA {postgres_place.schema}; CREATE TABLE {postgres_place.schema}.theirs (x int)")
    assert await code_of(postgres_place.open()) == "STORE_UNAVAILABLE"
    tables = f"SELECT tablename FROM pg_tables WHERE schemaname = '{postgres_place.schema}'"
    assert postgres.query(tables) == "theirs"


async def test_an_older_state_in_its_place_begins_an_epoch(
    postgres: PostgresServer, postgres_place: PostgresPlace, tmp_path: Path
) -> None:
    async def drive() -> tuple[object, int]:
        store = await open_postgres_store(
            postgres_place.url, schema=postgres_place.schema, now=NOW, mark_file=tmp_path / "mark"
        )
        fence = await store.transact(lambda t: t.next_fence(), durable=True)
        epoch = await store.transact(lambda t: t.get_meta("epoch"), durable=True)
        await store.close()
        return epoch, fence

    assert [await drive(), await drive()] == [(1, 1), (1, 2)]
    postgres.query(f"UPDATE {postgres_place.schema}.fences SET last = 1")
    assert await drive() == (2, 3)
    postgres.query(f"UPDATE {postgres_place.schema}.whereabouts SET place = 'elsewhere'")
    assert await drive() == (3, 4)
    assert await drive() == (3, 5)
