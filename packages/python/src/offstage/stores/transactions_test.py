"""What every store promises of its transactions."""

import asyncio

import pytest

from offstage.base import OffstageError
from offstage.state import StoreTx
from offstage.testing.store_places import OpenStore, all_of, code_of
from offstage.testing.store_samples import sample_entry, sample_lease, sample_once, sample_request, sample_run

pytestmark = pytest.mark.anyio


async def increment(t: StoreTx) -> bool:
    """Counts one further, with a pause in the middle."""
    before = await t.get_state("s", "n", "k")
    await asyncio.sleep(0)
    return await t.put_state(
        "s", "n", "k", str(int(before.value if before else 0) + 1), before.version if before else 0
    )


async def put_and_die(t: StoreTx) -> None:
    """Writes in three tables, and raises."""
    await t.put_run(sample_run())
    await t.append_journal("run-1", [{"key": "a", "kind": "step", "hash": "h", "value": "1"}])
    await t.put_effect(sample_entry(sample_once("k")), None)
    raise RuntimeError("mine")


async def rows(t: StoreTx) -> list[object]:
    """What `put_and_die` wrote."""
    return [await t.get_run("run-1"), await t.load_journal("run-1"), await t.list_effects(limit=9)]


async def test_store_nothing_when_their_body_raises_and_pass_its_error_on(under_test: OpenStore) -> None:
    with pytest.raises(RuntimeError, match="mine"):
        await under_test.tx(put_and_die)
    assert await under_test.tx(rows) == [None, [], []]
    assert await under_test.tx(lambda t: t.next_fence()) == 1


async def test_store_nothing_when_what_is_raised_passes_every_handler(under_test: OpenStore) -> None:
    async def refused(t: StoreTx) -> None:
        await t.put_run(sample_run())
        raise OffstageError("EFFECT_REFUSED", "no")

    assert await code_of(under_test.tx(refused)) == "EFFECT_REFUSED"
    assert await under_test.tx(lambda t: t.get_run("run-1")) is None


async def test_store_nothing_when_a_statement_was_refused_should_the_body_go_on(under_test: OpenStore) -> None:
    async def goes_on(t: StoreTx) -> None:
        await t.put_request(sample_request("r1"))
        assert await code_of(t.put_request(sample_request("r2"))) == "BUG"

    assert await code_of(under_test.tx(goes_on)) == "BUG"
    assert await under_test.tx(lambda t: t.list_requests(limit=9)) == []


async def test_take_turns_so_that_none_sees_anothers_half(under_test: OpenStore) -> None:
    assert await all_of([under_test.tx(increment) for _ in range(50)]) == [True] * 50
    assert await under_test.tx(lambda t: t.get_state("s", "n", "k")) == ("50", 50)


async def test_are_dead_when_their_body_has_ended(under_test: OpenStore) -> None:
    leaked: list[StoreTx] = []

    async def leak(t: StoreTx) -> None:
        leaked.append(t)

    await under_test.tx(leak)
    assert await code_of(leaked[0].put_run(sample_run())) == "BUG"
    assert await under_test.tx(lambda t: t.get_run("run-1")) is None


async def test_with_a_fence_are_refused_unless_the_lease_has_that_token(under_test: OpenStore) -> None:
    async def put(fence: int) -> object:
        return await code_of(under_test.store.transact(lambda t: t.put_run(sample_run()), durable=True, fence=fence))

    assert await put(1) == "LEASE_LOST"
    await under_test.tx(lambda t: t.put_lease(sample_lease(2)))
    assert [await put(1), await put(3)] == ["LEASE_LOST", "LEASE_LOST"]
    assert await under_test.tx(lambda t: t.get_run("run-1")) is None
    assert await put(2) == {"value": None}
    await under_test.tx(lambda t: t.put_lease(None))
    assert await put(2) == "LEASE_LOST"


async def test_that_only_read_see_the_store_and_hold_nobody_up(under_test: OpenStore) -> None:
    await under_test.tx(lambda t: t.put_run(sample_run()))
    found = await under_test.store.transact(lambda t: t.get_run("run-1"), durable=False, reads=True)
    assert found == sample_run()


async def test_are_refused_after_the_store_was_closed_which_may_be_done_twice(under_test: OpenStore) -> None:
    await under_test.store.close()
    await under_test.store.close()
    assert await code_of(under_test.tx(lambda t: t.next_fence())) == "STORE_UNAVAILABLE"


async def test_closing_waits_for_those_that_were_begun(under_test: OpenStore) -> None:
    begun = asyncio.ensure_future(under_test.tx(lambda t: t.next_fence()))
    await asyncio.sleep(0)
    await under_test.store.close()
    assert await begun == 1


@pytest.mark.parametrize("turns", [0, 1, 2, 3, 5, 8, 13])
async def test_a_cancellation_of_the_caller_tears_none_and_is_raised_at_its_end(
    under_test: OpenStore, turns: int
) -> None:
    ended: list[bool] = []

    async def body(t: StoreTx) -> None:
        await t.put_run(sample_run())
        await asyncio.sleep(0)
        await t.put_effect(sample_entry(sample_once("k")), None)
        ended.append(True)

    task = asyncio.ensure_future(under_test.tx(body))
    for _ in range(turns):
        await asyncio.sleep(0)
    # After so many turns it may be done already.
    if task.cancel():
        with pytest.raises(asyncio.CancelledError):
            await task
    found = await under_test.tx(rows)
    # It had not begun, or it is whole.
    whole = found[0] is not None and len(await under_test.tx(lambda t: t.list_effects(limit=9))) == 1
    assert whole if ended else found == [None, [], []]
    assert await under_test.tx(lambda t: t.next_fence()) == 1
