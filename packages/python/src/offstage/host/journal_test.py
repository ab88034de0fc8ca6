from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest

from offstage.base import OffstageError
from offstage.host.journal import KeepingStore, StoreJournal
from offstage.state import JournalRow, Store, StoreTx
from offstage.testing.fake_clock import FakeClock
from offstage.testing.store_places import StorePlace, code_of
from offstage.testing.store_samples import sample_run

pytestmark = pytest.mark.anyio


@pytest.fixture
async def store(place: StorePlace) -> AsyncIterator[Store]:
    opened = await place.open()
    await opened.transact(lambda tx: tx.put_run(sample_run()), durable=True)
    yield opened
    await opened.close()


async def rows_of(store: Store) -> list[JournalRow]:
    return await store.transact(lambda tx: tx.load_journal("run-1"), durable=False, reads=True)


def journal_of(store: Store, rows: list[JournalRow], clock: FakeClock | None = None) -> StoreJournal:
    async def spill(flush: Callable[[StoreTx], Awaitable[None]]) -> None:
        await store.transact(flush, durable=False)

    return StoreJournal("run-1", rows, clock or FakeClock(), spill)


def gives(value: Any) -> Callable[[], Awaitable[Any]]:
    async def perform() -> Any:
        return value

    return perform


async def test_what_was_flushed_is_answered_in_the_next_life_and_what_was_not_is_asked_again(store: Store) -> None:
    clock = FakeClock()
    journal = journal_of(store, [], clock)
    assert (await journal.once("a", "h", gives(1)), journal.now("n")) == (1, clock.at)
    await store.transact(journal.flush, durable=True)
    await journal.once("b", "h", gives(2))
    clock.at += 5
    later = journal_of(store, await rows_of(store), clock)
    assert (await later.once("a", "h", gives(9)), await later.once("b", "h", gives(9))) == (1, 9)
    assert later.now("n") == clock.at - 5
    assert await code_of(journal_of(store, await rows_of(store)).once("a", "other", gives(1))) == "JOURNAL_MISMATCH"


async def test_a_finished_item_takes_the_place_of_its_steps_in_memory_and_in_the_store(store: Store) -> None:
    journal = journal_of(store, [])
    await journal.once("each#1[a]/x#1", "h", gives(1))
    await store.transact(journal.flush, durable=True)
    await journal.once("each#1[a]/y#1", "h", gives(2))
    await journal.once("each#1[ab]/y#1", "h", gives(3))
    await journal.compact("each#1[a]", {"result": "done", "staged": []})
    await store.transact(journal.flush, durable=True)
    found = await rows_of(store)
    assert sorted(row["key"] for row in found) == ["each#1[a]", "each#1[ab]/y#1"]
    assert journal_of(store, found).compacted("each#1[a]") == {"result": "done", "staged": []}


async def test_what_a_transaction_took_that_failed_is_written_by_the_next_one_in_its_order(store: Store) -> None:
    journal = journal_of(store, [])
    keeping = KeepingStore(store, journal.restore)
    await journal.once("a", "h", gives(1))
    await journal.once("i/x", "h", gives(2))

    async def fails(tx: StoreTx) -> None:
        await journal.flush(tx)
        await journal.once("b", "h", gives(3))
        # Finished while the other one is on its way: of its steps nothing is to come back.
        await journal.compact("i", {"result": None, "staged": []})
        raise OffstageError("STORE_UNAVAILABLE", "for once")

    assert await code_of(keeping.transact(fails, durable=True)) == "STORE_UNAVAILABLE"
    assert await rows_of(store) == []
    await keeping.transact(journal.flush, durable=True)
    assert [row["key"] for row in await rows_of(store)] == ["a", "b", "i"]


async def test_much_that_waits_is_written_on_its_own(store: Store) -> None:
    journal = journal_of(store, [])
    for index in range(1_000):
        await journal.once(f"s#{index}", "h", gives(index))
    assert len(await rows_of(store)) == 1_000
