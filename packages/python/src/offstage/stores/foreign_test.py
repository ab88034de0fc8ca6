"""What every store promises of one that another language's runtime made: it is looked at, and written by nothing."""

from pathlib import Path

import pytest

from offstage.base import OffstageError, decode_value
from offstage.sql import SqlConnection
from offstage.state import StoreTx
from offstage.stores.postgres.session import open_session
from offstage.stores.sqlite.sqlite_connection import SqliteConnection
from offstage.testing.store_places import FilePlace, PostgresPlace, StorePlace, code_of
from offstage.testing.store_samples import sample_entry, sample_lease, sample_once, sample_run

pytestmark = pytest.mark.anyio


async def connect(place: StorePlace) -> SqlConnection:
    """A connection past the store."""
    if isinstance(place, PostgresPlace):
        session = await open_session(place.url, "test")
        await session.execute(f"SET search_path TO {place.schema}")
        return session
    assert isinstance(place, FilePlace)
    return SqliteConnection(str(place.file), 5_000)


async def disclaim(place: StorePlace) -> None:
    """Makes it a store of TypeScript's, which does not say so."""
    connection = await connect(place)
    assert await connection.run("DELETE FROM meta WHERE name = 'language'") == 1
    if isinstance(connection, SqliteConnection):
        connection.close()


async def test_a_store_that_is_made_here_says_so(place: StorePlace) -> None:
    await (await place.open()).close()
    connection = await connect(place)
    rows = await connection.all("SELECT meta_value FROM meta WHERE name = 'language'")
    assert [decode_value(row["meta_value"]) for row in rows] == ["python"]


async def test_another_languages_is_read_whole_and_each_write_is_refused(place: StorePlace) -> None:
    store = await place.open()
    await store.transact(lambda t: t.put_run(sample_run()), durable=True)
    await store.close()
    await disclaim(place)
    foreign = await place.open()

    async def lists(t: StoreTx) -> list[object]:
        return [
            await t.get_run("run-1"),
            await t.list_runs(limit=9),
            await t.get_lease(),
            await t.list_effects(limit=9),
        ]

    for reads in (True, False):
        assert await foreign.transact(lists, durable=False, reads=reads) == [sample_run(), [sample_run()], None, []]
    entry = sample_entry(sample_once("k"))
    writes = [
        foreign.transact(lambda t: t.next_fence(), durable=True),
        foreign.transact(lambda t: t.put_lease(sample_lease(1)), durable=True),
        foreign.transact(lambda t: t.put_effect(entry, None), durable=True),
        foreign.transact(lambda t: t.put_run(sample_run(status="failed")), durable=True),
        foreign.transact(lambda t: t.put_meta("paused", ["*"]), durable=True),
    ]
    assert [await code_of(write) for write in writes] == ["STORE_FOREIGN"] * 5
    assert await foreign.transact(lists, durable=True) == [sample_run(), [sample_run()], None, []]
    await foreign.close()


async def test_a_body_that_goes_on_after_a_refused_write_stores_nothing(place: StorePlace) -> None:
    await (await place.open()).close()
    await disclaim(place)
    foreign = await place.open()

    async def goes_on(t: StoreTx) -> str:
        assert await code_of(t.put_run(sample_run())) == "STORE_FOREIGN"
        return "went on"

    assert await code_of(foreign.transact(goes_on, durable=True)) == "STORE_FOREIGN"
    await foreign.close()


async def test_a_store_of_an_older_version_is_refused_with_what_to_do(place: StorePlace) -> None:
    await (await place.open()).close()
    connection = await connect(place)
    await connection.run("DELETE FROM migrations WHERE number = (SELECT MAX(number) FROM migrations)")
    if isinstance(connection, SqliteConnection):
        version = await connection.pragma("user_version")
        await connection.pragma(f"user_version = {version - 1}")
        connection.close()
    with pytest.raises(OffstageError) as refused:
        await place.open()
    assert (refused.value.code, "new one" in (refused.value.hint or "")) == ("NOT_YET", True)


async def test_a_store_of_a_newer_version_is_refused_and_left_as_it_is(place: StorePlace) -> None:
    await (await place.open()).close()
    connection = await connect(place)
    await connection.run("INSERT INTO migrations (number, applied_at) SELECT MAX(number) + 1, 1 FROM migrations")
    if isinstance(connection, SqliteConnection):
        version = await connection.pragma("user_version")
        await connection.pragma(f"user_version = {version + 1}")
        connection.close()
    before = Path(place.file).read_bytes() if isinstance(place, FilePlace) else None
    assert await code_of(place.open()) == "STORE_NEWER"
    assert before is None or (isinstance(place, FilePlace) and place.file.read_bytes() == before)
