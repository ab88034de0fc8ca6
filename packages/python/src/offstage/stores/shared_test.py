"""What every store promises that several processes may open: one truth, whoever asks."""

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from offstage.model import LedgerEntry, effect_id
from offstage.state import Store, StoreTx
from offstage.testing.store_places import StorePlace, all_of, code_of
from offstage.testing.store_samples import sample_entry, sample_lease, sample_once, sample_run, settled

from .transactions_test import increment

pytestmark = pytest.mark.anyio

ROUNDS = 40


@pytest.fixture
async def opened(place: StorePlace) -> AsyncIterator[Callable[[], Awaitable[Store]]]:
    """Opens the place once more; all are closed in the end."""
    stores: list[Store] = []

    async def open() -> Store:
        stores.append(await place.open())
        return stores[-1]

    yield open
    for store in stores:
        await store.close()


async def intend(store: Store, key: str, fence: int) -> bool:
    """Whether it was the first to intend this effect."""
    return await store.transact(
        lambda t: t.put_effect(sample_entry(sample_once(key), fence=fence), None), durable=False
    )


async def find(store: Store, key: str) -> LedgerEntry | None:
    """The effect's row."""
    return await store.transact(lambda t: t.get_effect(effect_id(sample_once(key))), durable=False)


Opened = Callable[[], Awaitable[Store]]


async def test_see_the_same_store_and_each_others_rows_at_once(opened: Opened) -> None:
    store, other = await opened(), await opened()
    assert other.id == store.id
    await store.transact(lambda t: t.put_run(sample_run()), durable=True)
    assert await other.transact(lambda t: t.get_run("run-1"), durable=False) == sample_run()
    assert await other.transact(lambda t: t.get_run("run-1"), durable=False, reads=True) == sample_run()


async def test_open_a_new_store_at_the_same_time_and_make_it_once(opened: Opened) -> None:
    stores = await all_of([opened() for _ in range(6)])
    assert len({store.id for store in stores}) == 1
    fences = await all_of([store.transact(lambda t: t.next_fence(), durable=True) for store in stores])
    assert sorted(fences) == [1, 2, 3, 4, 5, 6]


async def test_a_store_that_is_opened_again_is_the_same_with_its_rows(opened: Opened) -> None:
    entry = settled(sample_entry(sample_once("k")))
    store = await opened()
    await store.transact(lambda t: t.put_effect(entry, None), durable=True)
    await store.close()
    again = await opened()
    assert again.id == store.id
    assert await again.transact(lambda t: t.get_effect(entry["id"]), durable=False) == entry


async def test_intend_one_effect_each_and_one_of_them_wins(opened: Opened) -> None:
    stores = [await opened(), await opened()]
    for round in range(ROUNDS):
        wins = await all_of([intend(one, f"k{round}", fence) for fence, one in enumerate(stores)])
        assert sorted(wins) == [False, True]
        kept = await find(stores[0], f"k{round}")
        assert kept is not None and kept["fence"] == wins.index(True)


async def test_settle_one_effect_each_and_one_of_them_wins(opened: Opened) -> None:
    stores = [await opened(), await opened()]
    for round in range(ROUNDS):
        entry = sample_entry(sample_once(f"k{round}"))
        await stores[0].transact(lambda t, entry=entry: t.put_effect(entry, None), durable=True)
        wins = await all_of(
            [
                one.transact(lambda t, entry=entry: t.put_effect(settled(entry, 1), entry), durable=False)
                for one in stores
            ]
        )
        assert sorted(wins) == [False, True]


async def test_count_to_the_same_number(opened: Opened) -> None:
    stores = [await opened(), await opened()]
    await all_of([one.transact(increment, durable=False) for _ in range(ROUNDS) for one in stores])
    counted = await stores[0].transact(lambda t: t.get_state("s", "n", "k"), durable=False)
    assert counted == (str(2 * ROUNDS), 2 * ROUNDS)


async def test_see_the_same_lanes_at_a_time_that_goes_on(opened: Opened) -> None:
    store, other = await opened(), await opened()
    first = await store.transact(lambda t: t.get_lane("a"), durable=True)
    assert first.lane is None and first.now > 1_700_000_000_000

    async def put(t: StoreTx) -> None:
        await t.put_lane("a", {"starts": [1.5]})
        await t.put_lane("b", {"starts": []})
        await t.put_lane("a", {"starts": [first.now, 2]})

    await store.transact(put, durable=True)
    seen = await other.transact(lambda t: t.get_lane("a"), durable=False, reads=True)
    assert seen.lane == {"starts": [first.now, 2]} and first.now <= seen.now < first.now + 60_000
    assert (await other.transact(lambda t: t.get_lane("b"), durable=False)).lane == {"starts": []}


async def test_the_one_whose_lease_was_taken_writes_nothing_any_more(opened: Opened) -> None:
    store, other = await opened(), await opened()
    await store.transact(lambda t: t.put_lease(sample_lease(1)), durable=True)
    await store.transact(lambda t: t.put_run(sample_run()), durable=True, fence=1)
    await other.transact(lambda t: t.put_lease(sample_lease(2)), durable=True)
    late = store.transact(lambda t: t.put_run(sample_run(status="failed")), durable=True, fence=1)
    assert await code_of(late) == "LEASE_LOST"
    assert await other.transact(lambda t: t.get_run("run-1"), durable=True, fence=2) == sample_run()
