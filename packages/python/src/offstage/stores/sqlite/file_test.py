"""What is on the disk of a store in a file, and what becomes of it when somebody touches it."""

import asyncio
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from offstage.base import OffstageError
from offstage.sql import SqlRow, SqlValue
from offstage.state import Store
from offstage.stores.sqlite import open_sqlite_store
from offstage.stores.sqlite.make_store import SCHEMA, make_or_find
from offstage.stores.sqlite.sqlite_connection import SqliteConnection
from offstage.testing.store_places import NOW, all_of, code_of
from offstage.testing.store_samples import sample_lease, sample_run

pytestmark = pytest.mark.anyio


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where a store is to be."""
    return tmp_path / "store.db"


async def open(file: Path, lock_timeout_ms: int = 0) -> Store:
    """Opens it without patience."""
    return await open_sqlite_store(file, now=NOW, lock_timeout_ms=lock_timeout_ms)


async def put(store: Store, fence: int | None = None) -> object:
    """Writes a run."""
    return await code_of(store.transact(lambda t: t.put_run(sample_run()), durable=True, fence=fence))


def raw(file: Path, *statements: str) -> list[tuple[object, ...]]:
    """What the last of these statements gives."""
    database = sqlite3.connect(file, isolation_level=None)
    rows: list[tuple[object, ...]] = []
    for statement in statements:
        rows = database.execute(statement).fetchall()
    database.close()
    return rows


async def test_its_files_are_their_owners_alone_and_one_that_is_there_keeps_its_rights(file: Path) -> None:
    def modes() -> list[int]:
        return [(file.parent / f"store.db{suffix}").stat().st_mode & 0o777 for suffix in ("", "-wal", "-shm")]

    store = await open(file)
    await put(store)
    assert modes() == [0o600] * 3
    await store.close()
    file.chmod(0o660)
    again = await open(file)
    assert modes() == [0o660] * 3
    await again.close()


async def test_its_header_says_whose_it_is_its_version_and_its_log(file: Path) -> None:
    await (await open(file)).close()
    header = file.read_bytes()[:100]
    assert header[:16] == b"SQLite format 3\0"
    # Written and read by a log.
    assert header[18:20] == b"\2\2"
    assert int.from_bytes(header[60:64]) == SCHEMA.version
    assert header[68:72] == b"OFFS"
    assert raw(file, "SELECT number, applied_at FROM migrations") == [(n + 1, NOW) for n in range(SCHEMA.version)]
    assert raw(file, "PRAGMA integrity_check") == [("ok",)]


async def test_what_is_to_be_durable_waits_for_the_disk_at_its_commit(file: Path) -> None:
    connection = SqliteConnection(str(file), 0)
    settings: list[int] = []
    for durable in (True, False, True):
        await connection.begin(durable=durable)
        settings.append((await connection.all("PRAGMA synchronous"))[0]["synchronous"])
        await connection.commit()
    connection.close()
    # FULL, NORMAL, FULL.
    assert settings == [2, 1, 2]


async def test_a_making_that_was_killed_leaves_the_store_to_be_made_by_the_next(file: Path) -> None:
    half = "import os, sqlite3, sys; d = sqlite3.connect(sys.argv[1], isolation_level=None); d.execute('BEGIN IMMEDIATE'); d.execute('CREATE TABLE half (x)'); os.kill(os.getpid(), 9)"
    for _ in range(3):
        assert subprocess.run([sys.executable, "-c", half, file], check=False).returncode == -signal.SIGKILL
    store = await open(file)
    assert await store.transact(lambda t: t.next_fence(), durable=True) == 1
    await store.close()


async def test_a_database_of_another_program_is_refused_and_left_as_it_is(file: Path) -> None:
    raw(file, "CREATE TABLE theirs (x)")
    before = file.read_bytes()
    assert await code_of(open(file)) == "STORE_UNAVAILABLE"
    assert file.read_bytes() == before and [path.name for path in file.parent.iterdir()] == ["store.db"]


async def test_an_empty_file_is_a_new_store(file: Path) -> None:
    file.touch()
    store = await open(file)
    assert await store.transact(lambda t: t.next_fence(), durable=True) == 1
    await store.close()


@pytest.mark.parametrize("name", ["a-folder", "missing/store.db"])
async def test_a_path_that_is_a_folder_or_lies_in_none_is_told_with_what_to_look_at(tmp_path: Path, name: str) -> None:
    (tmp_path / "a-folder").mkdir()
    with pytest.raises(OffstageError) as refused:
        await open(tmp_path / name)
    assert refused.value.code == "STORE_UNAVAILABLE" and "folder exists" in (refused.value.hint or "")


async def test_while_another_process_writes_transactions_are_locked_and_go_through_afterwards(file: Path) -> None:
    store = await open(file)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    assert await put(store) == "STORE_LOCKED"
    other.execute("COMMIT")
    assert await put(store) == {"value": None}
    other.close()
    await store.close()


async def test_a_store_that_another_process_makes_meanwhile_is_found_and_no_database_of_another_program(
    file: Path,
) -> None:
    connection = SqliteConnection(str(file), 60_000)
    made: list[str] = []
    ask, look = connection.pragma, connection.all

    async def another() -> None:
        if not made:
            store = await open(file)
            made.append(store.id)
            await store.close()

    async def interrupted_ask(text: str) -> object:
        found = await ask(text)
        await another()
        return found

    async def interrupted_look(sql: str, parameters: Sequence[SqlValue] = ()) -> list[SqlRow]:
        found = await look(sql, parameters)
        await another()
        return found

    connection.pragma, connection.all = interrupted_ask, interrupted_look
    found = await make_or_find(connection, str(file), now=NOW, new_id="not-this-one")
    assert [found.id] == made
    connection.close()


async def test_who_looks_while_another_process_makes_the_store_waits_for_it(file: Path) -> None:
    other = sqlite3.connect(file, isolation_level=None)
    connection = SqliteConnection(str(file), 60_000)
    # Without a log nobody reads beside a writer.
    other.execute("BEGIN EXCLUSIVE")
    looking = asyncio.ensure_future(connection.all("SELECT name FROM sqlite_schema"))
    await asyncio.sleep(0)
    other.execute("CREATE TABLE made (x)")
    other.execute("COMMIT")
    assert await looking == [{"name": "made"}]
    connection.close()
    other.close()


@pytest.mark.parametrize("damage", [b"\xff" * 4096, b"not a database"])
async def test_a_damaged_file_is_not_taken_for_a_store(file: Path, damage: bytes) -> None:
    await (await open(file)).close()
    content = bytearray(file.read_bytes())
    at = 4096 if len(damage) == 4096 else 0
    content[at : at + len(damage)] = damage
    file.write_bytes(content)
    assert await code_of(open(file)) == "STORE_CORRUPT"


async def test_a_store_whose_version_was_raised_meanwhile_is_written_no_more(file: Path) -> None:
    store = await open(file)
    raw(file, f"PRAGMA user_version = {SCHEMA.version + 1}")
    assert await put(store) == "STORE_NEWER"
    await store.close()


async def test_a_store_that_was_moved_to_another_database_is_not_opened(file: Path) -> None:
    await (await open(file)).close()
    raw(file, "CREATE TABLE moved (note TEXT)", """INSERT INTO moved VALUES ('{"place": "db:5432/x", "at": 1}')""")
    with pytest.raises(OffstageError) as refused:
        await open(file)
    assert refused.value.code == "STORE_MOVED" and "db:5432/x" in refused.value.message


@pytest.mark.parametrize("suffix", ["", "-wal", "-shm"])
async def test_under_the_lease_a_store_one_of_whose_files_was_replaced_refuses(file: Path, suffix: str) -> None:
    store = await open(file)
    await store.transact(lambda t: t.put_lease(sample_lease(1)), durable=True)
    path = Path(f"{file}{suffix}")
    path.rename(f"{file}.old")
    assert await put(store, fence=1) == "STORE_UNAVAILABLE"
    shutil.copy(f"{file}.old", path)
    assert await put(store, fence=1) == "STORE_UNAVAILABLE"
    os.replace(f"{file}.old", path)
    assert await put(store, fence=1) == {"value": None}
    await store.close()


@pytest.mark.parametrize("suffix", ["-wal", "-shm"])
async def test_without_its_log_a_store_that_somebody_has_open_is_not_opened(file: Path, suffix: str) -> None:
    store = await open(file)
    await put(store)
    Path(f"{file}{suffix}").unlink()
    assert await code_of(open(file, lock_timeout_ms=1)) == "STORE_UNAVAILABLE"
    await store.close()
    again = await open(file)
    assert await again.transact(lambda t: t.get_run("run-1"), durable=False) == sample_run()
    await again.close()


async def test_several_that_open_a_closed_store_at_once_all_get_it(file: Path) -> None:
    for _ in range(5):
        opened = await all_of([open(file, lock_timeout_ms=5_000) for _ in range(5)])
        assert len({store.id for store in opened}) == 1
        for store in opened:
            await store.close()


async def drive(file: Path, times: int = 1) -> tuple[int, object, object]:
    """Takes tokens as a process that drives runs does; the last, the epoch, and when a restore was noticed."""
    store = await open(file)
    fence = 0
    for _ in range(times):
        fence = await store.transact(lambda t: t.next_fence(), durable=True)
    epoch = await store.transact(lambda t: t.get_meta("epoch"), durable=False)
    restored = await store.transact(lambda t: t.get_meta("restored-at"), durable=False)
    await store.close()
    return fence, epoch, restored


async def test_a_backup_in_its_place_begins_an_epoch_once_and_tokens_go_on(file: Path) -> None:
    backup = Path(f"{file}.backup")
    assert [await drive(file), await drive(file, 3)] == [(1, 1, None), (4, 1, None)]
    shutil.copy(file, backup)
    await drive(file, 5)
    shutil.copy(backup, file)
    assert await drive(file) == (10, 2, NOW)
    assert await drive(file) == (11, 2, NOW)


async def test_so_does_a_new_store_where_an_older_one_was_deleted_unless_its_mark_went_with_it(file: Path) -> None:
    await drive(file, 2)
    file.unlink()
    assert await drive(file) == (3, 2, NOW)
    file.unlink()
    Path(f"{file}.mark").unlink()
    assert await drive(file) == (1, 1, None)


async def test_so_does_one_that_says_that_it_is_a_backup_and_says_so_no_more(file: Path) -> None:
    await drive(file)
    raw(file, "INSERT INTO meta (name, meta_value) VALUES ('backup-of', '7')")
    Path(f"{file}.mark").unlink()
    assert [await drive(file), await drive(file)] == [(2, 2, NOW), (3, 2, NOW)]


@pytest.mark.parametrize("text", ["", "no json", "null", '{"store":1}', '{"store":"x","fence":"1","epoch":1}'])
async def test_a_mark_that_says_nothing_counts_as_none(file: Path, text: str) -> None:
    await drive(file, 2)
    mark = Path(f"{file}.mark")
    mark.write_text(text)
    assert await drive(file) == (3, 1, None)
    assert '"fence":3,"epoch":1' in mark.read_text() and mark.stat().st_mode & 0o777 == 0o600
