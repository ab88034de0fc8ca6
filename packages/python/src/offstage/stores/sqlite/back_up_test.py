"""A copy of a store that others go on using."""

from __future__ import annotations

from pathlib import Path

import pytest

from offstage.base import OffstageError
from offstage.stores.sqlite import back_up_sqlite_store, open_sqlite_store
from offstage.testing.store_places import NOW
from offstage.testing.store_samples import sample_run

pytestmark = pytest.mark.anyio


async def known(file: Path) -> tuple[list[str], object, object]:
    """Which runs a store knows, its epoch, and when it was noticed that it is another one's copy."""
    store = await open_sqlite_store(file, now=NOW)
    try:
        runs = await store.transact(lambda tx: tx.list_runs(limit=9), durable=False)
        epoch = await store.transact(lambda tx: tx.get_meta("epoch"), durable=False)
        restored = await store.transact(lambda tx: tx.get_meta("restored-at"), durable=False)
        return sorted(run["id"] for run in runs), epoch, restored
    finally:
        await store.close()


async def test_it_is_one_state_of_the_store_and_says_once_that_it_may_not_know_everything(tmp_path: Path) -> None:
    store = await open_sqlite_store(tmp_path / "store.db", now=NOW)
    await store.transact(lambda tx: tx.put_run(sample_run()), durable=True)
    copy = tmp_path / "copy.db"
    assert await back_up_sqlite_store(tmp_path / "store.db", copy, now=7) == copy.stat().st_size
    assert copy.stat().st_mode & 0o777 == 0o600
    await store.close()
    first = await known(copy)
    assert first == ([sample_run()["id"]], 2, NOW)
    assert await known(copy) == first


async def test_nothing_is_replaced_and_what_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    await (await open_sqlite_store(tmp_path / "store.db", now=NOW)).close()
    (tmp_path / "mine").write_text("mine")
    with pytest.raises(OffstageError, match="already"):
        await back_up_sqlite_store(tmp_path / "store.db", tmp_path / "mine", now=7)
    with pytest.raises(OffstageError) as refused:
        await back_up_sqlite_store(tmp_path / "store.db", tmp_path / "no-folder" / "copy.db", now=7)
    assert refused.value.code == "STORE_UNAVAILABLE"
    (tmp_path / "other.db").write_text("no database at all, however long it is; " * 100)
    with pytest.raises(OffstageError) as damaged:
        await back_up_sqlite_store(tmp_path / "other.db", tmp_path / "copy.db", now=7)
    assert damaged.value.code == "STORE_CORRUPT"
    assert sorted(path.name for path in tmp_path.iterdir() if path.name.startswith(("copy", "mine"))) == ["mine"]
    assert (tmp_path / "mine").read_text() == "mine"
