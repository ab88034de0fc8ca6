from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from offstage.host.lease_keeper import AcquiredLease, LeaseKeeper, holder_is_alive, this_process
from offstage.state import Lease, LeaseHolder, Store
from offstage.testing.fake_clock import FakeClock
from offstage.testing.store_places import StorePlace

pytestmark = pytest.mark.anyio

OTHER: LeaseHolder = {**this_process(), "host": "elsewhere"}


@pytest.fixture
async def store(place: StorePlace) -> AsyncIterator[Store]:
    opened = await place.open()
    yield opened
    await opened.close()


def keeper(store: Store, clock: FakeClock, me: LeaseHolder | None = None) -> LeaseKeeper:
    return LeaseKeeper(store, clock, me or this_process(), holder_is_alive)


async def lease_of(store: Store) -> Lease | None:
    return await store.transact(lambda tx: tx.get_lease(), durable=False, reads=True)


async def taken(keeper: LeaseKeeper) -> AcquiredLease:
    lease = await keeper.acquire()
    assert isinstance(lease, AcquiredLease)
    return lease


async def test_a_lease_is_held_by_one_renewed_while_it_lives_and_given_back(store: Store) -> None:
    clock = FakeClock()
    mine = keeper(store, clock)
    held = await taken(mine)
    for _ in range(10):
        await clock.advance(5_000)
        await let_it_commit(held, clock)
        assert await keeper(store, clock, OTHER).acquire() == this_process()
    await mine.release(held)
    assert await lease_of(store) is None
    assert (await taken(keeper(store, clock, OTHER))).fence > held.fence


async def test_one_of_another_machine_is_taken_when_it_ran_out_and_who_held_it_is_told(store: Store) -> None:
    clock = FakeClock()
    mine = keeper(store, clock)
    held = await taken(mine)
    told: list[BaseException] = []
    held.on_lost.append(told.append)
    # Longer than a lease lasts, without a sign of life.
    clock.at += 15_001
    other = await taken(keeper(store, clock, OTHER))
    await clock.advance(5_000)
    assert held.renewing is not None
    await held.renewing
    assert [getattr(error, "code", None) for error in told] == ["LEASE_LOST"]
    # What it gives back is not its own any more.
    await mine.release(held)
    current = await lease_of(store)
    assert current is not None
    assert current["fence"] == other.fence


async def test_one_of_a_process_that_is_gone_is_taken_at_once(store: Store) -> None:
    clock = FakeClock()
    await taken(keeper(store, clock, {**this_process(), "pid": 1 << 22, "started": "1"}))
    assert isinstance(await keeper(store, clock).acquire(), AcquiredLease)


async def test_the_store_counts_on_while_a_lease_goes_on_so_that_a_copy_of_it_is_known(store: Store) -> None:
    clock = FakeClock()
    mine = keeper(store, clock)
    held = await taken(mine)
    for _ in range(12):
        await clock.advance(5_000)
        await let_it_commit(held, clock)
    assert await store.transact(lambda tx: tx.next_fence(), durable=True) == held.fence + 2
    await mine.release(held)


async def let_it_commit(held: AcquiredLease, clock: FakeClock) -> None:
    """Until what renews it sleeps again, or has ended: transactions take their own time."""
    renewing = held.renewing
    assert renewing is not None
    while clock.next_at() is None and not renewing.done():
        await asyncio.sleep(0.001)
