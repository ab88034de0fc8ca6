"""Connections that break in the middle of a commit."""

from collections.abc import AsyncIterator

import pytest

from offstage.base import OffstageError
from offstage.state import Store, StoreTx
from offstage.stores.postgres import open_postgres_store
from offstage.testing.breaking_proxy import BreakingProxy, CommitFault
from offstage.testing.postgres_server import PostgresServer
from offstage.testing.store_places import NOW, PostgresPlace, code_of
from offstage.testing.store_samples import sample_lease

pytestmark = pytest.mark.anyio


class Behind:
    """A store that is reached by a way that breaks."""

    def __init__(self, proxy: BreakingProxy, place: PostgresPlace) -> None:
        self.proxy = proxy
        self.place = place

    async def open(self, patience_ms: int = 20_000) -> Store:
        """Opens it through the proxy."""
        return await open_postgres_store(self.proxy.url, schema=self.place.schema, now=NOW, patience_ms=patience_ms)


@pytest.fixture
async def behind(postgres: PostgresServer) -> AsyncIterator[Behind]:
    """A way to a schema of its own."""
    proxy = BreakingProxy(postgres.url)
    await proxy.start()
    yield Behind(proxy, PostgresPlace(postgres.url))
    proxy.close()


async def count(t: StoreTx) -> int:
    """Counts in the store; told twice it would be one too far."""
    before = await t.get_state("s", "n", "k")
    number = int(before.value if before else 0) + 1
    assert await t.put_state("s", "n", "k", str(number), before.version if before else 0)
    return number


async def counted(store: Store) -> str | None:
    """How far it is."""
    found = await store.transact(lambda t: t.get_state("s", "n", "k"), durable=False, reads=True)
    return found.value if found else None


@pytest.mark.parametrize("fault", ["never-sent", "answer-lost"])
async def test_a_commit_that_is_cut_off_is_there_once(behind: Behind, fault: CommitFault) -> None:
    store = await behind.open()
    tries: list[int] = []

    async def body(t: StoreTx) -> int:
        tries.append(1)
        return await count(t)

    for number in range(1, 5):
        behind.proxy.next = fault
        assert await store.transact(body, durable=True) == number
        assert await counted(store) == str(number)
    assert behind.proxy.broken == 4
    # What was answered is not made again.
    assert len(tries) == (4 if fault == "answer-lost" else 8)
    await store.close()


async def test_when_the_server_stays_away_it_is_told_that_it_is_not_known_what_is_stored(behind: Behind) -> None:
    store = await behind.open(patience_ms=200)
    behind.proxy.next = "answer-lost"

    async def then_nobody(t: StoreTx) -> int:
        behind.proxy.refusing = True
        return await count(t)

    with pytest.raises(OffstageError) as told:
        await store.transact(then_nobody, durable=True)
    assert told.value.code == "STORE_UNAVAILABLE" and "not known whether that is stored" in told.value.message
    behind.proxy.refusing = False
    assert await counted(store) == "1"
    assert await store.transact(count, durable=True) == 2
    await store.close()


async def test_one_that_is_made_again_asks_for_the_lease_again(behind: Behind) -> None:
    store, other = await behind.open(), await behind.place.open()
    await store.transact(lambda t: t.put_lease(sample_lease(1)), durable=True)
    tries: list[int] = []

    async def body(t: StoreTx) -> int:
        tries.append(1)
        return await count(t)

    behind.proxy.next = "never-sent"
    assert await store.transact(body, durable=True, fence=1) == 1
    assert len(tries) == 2
    await other.transact(lambda t: t.put_lease(sample_lease(2)), durable=True)
    assert await code_of(store.transact(body, durable=True, fence=1)) == "LEASE_LOST"
    assert len(tries) == 2 and await counted(other) == "1"
    await store.close()
    await other.close()


async def test_what_the_server_refuses_for_anothers_sake_is_made_again(
    postgres: PostgresServer, behind: Behind
) -> None:
    store = await behind.open()
    await store.transact(count, durable=True)
    tries: list[int] = []

    async def body(t: StoreTx) -> int:
        tries.append(1)
        await t.get_state("s", "n", "k")
        # Somebody who takes no turn: a person with psql.
        if len(tries) == 1:
            postgres.query(f"UPDATE {behind.place.schema}.states SET value = '5', version = 5")
        return await count(t)

    assert await store.transact(body, durable=True) == 6
    assert (len(tries), await counted(store)) == (2, "6")
    await store.close()
