"""What every store promises of durable values, bytes, scopes, facts, the lease and its tally."""

import sqlite3
from pathlib import Path

import pytest

from offstage.state import StoreTx, Tally, change_pauses, end_restore_doubt, paused_names, restore_doubt
from offstage.stores.sqlite import open_sqlite_store
from offstage.testing.store_places import OpenStore, code_of
from offstage.testing.store_samples import (
    sample_arrival,
    sample_binding,
    sample_lease,
    sample_question,
    sample_request,
    sample_run,
    sample_wait,
)

pytestmark = pytest.mark.anyio


async def test_a_state_is_put_only_over_the_version_that_was_read(under_test: OpenStore) -> None:
    async def put(value: str, expected: int) -> bool:
        return await under_test.tx(lambda t: t.put_state("s", "n", "k", value, expected))

    assert await under_test.tx(lambda t: t.get_state("s", "n", "k")) is None
    assert not await put("1", 1)
    assert [await put("1", 0), await put("x", 0)] == [True, False]
    assert await under_test.tx(lambda t: t.get_state("s", "n", "k")) == ("1", 1)
    assert [await put("2", 1), await put("x", 1), await put("x", 3)] == [True, False, False]
    assert await under_test.tx(lambda t: t.get_state("s", "n", "k")) == ("2", 2)
    assert await under_test.tx(lambda t: t.get_state("s", "n", "")) is None


async def test_bytes_are_kept_under_their_hash_whatever_they_are_and_what_is_there_stays(under_test: OpenStore) -> None:
    data = bytes(index % 256 for index in range(70_000))
    assert await under_test.tx(lambda t: t.get_blob("h")) is None
    await under_test.tx(lambda t: t.put_blob("h", data, 1))
    await under_test.tx(lambda t: t.put_blob("h", b"\1", 2))
    assert await under_test.tx(lambda t: t.get_blob("h")) == data


async def test_bytes_that_are_kept_again_count_from_then_on(tmp_path: Path) -> None:
    file = tmp_path / "store.db"
    store = await open_sqlite_store(file, now=1)

    async def keep(t: StoreTx) -> None:
        for at in (5, 7, 6):
            await t.put_blob("h", b"1", at)

    await store.transact(keep, durable=True)
    await store.close()
    database = sqlite3.connect(file)
    assert database.execute("SELECT kept_at FROM blobs").fetchall() == [(7,)]
    database.close()


async def test_scopes_store_wide_facts_and_the_lease_are_kept(under_test: OpenStore) -> None:
    async def look(t: StoreTx) -> list[object]:
        return [await t.get_scope("w"), await t.get_meta("epoch"), await t.get_meta("paused"), await t.get_lease()]

    assert await under_test.tx(look) == [None, 1, [], None]
    assert await under_test.tx(lambda t: t.get_meta("restored-at")) is None

    async def put(t: StoreTx) -> None:
        await t.put_scope("w", "first")
        await t.put_meta("epoch", 2)
        await t.put_meta("paused", ["*", "server:jira"])
        await t.put_lease(sample_lease(1))
        await t.put_lease(sample_lease(2, expiresAt=5))

    await under_test.tx(put)
    assert await under_test.tx(look) == ["first", 2, ["*", "server:jira"], sample_lease(2, expiresAt=5)]
    await under_test.tx(lambda t: t.put_lease(None))
    assert await under_test.tx(lambda t: t.get_lease()) is None


async def test_pauses_are_added_and_let_go(under_test: OpenStore) -> None:
    await under_test.tx(lambda t: change_pauses(t, add=["workflow:x", "*"]))
    assert await under_test.tx(lambda t: change_pauses(t, add=["server:y"], remove=["*"])) == ["server:y", "workflow:x"]
    assert await under_test.tx(paused_names) == ["server:y", "workflow:x"]


async def test_a_persons_word_ends_the_doubt_of_a_restore_and_the_next_begins_another(under_test: OpenStore) -> None:
    assert await under_test.tx(restore_doubt) is None
    assert await code_of(end_restore_doubt(under_test.store, by="ada", now=7)) == "USAGE"
    await under_test.tx(lambda t: t.put_meta("epoch", 2))
    await under_test.tx(lambda t: t.put_meta("restored-at", 5))
    assert await end_restore_doubt(under_test.store, by="ada", now=7) == (2, 5)
    assert await under_test.tx(restore_doubt) is None
    await under_test.tx(lambda t: t.put_meta("epoch", 3))
    assert await under_test.tx(restore_doubt) == (3, 5)


async def test_fencing_tokens_only_ever_grow_also_when_the_lease_was_given_up(under_test: OpenStore) -> None:
    async def after_giving_up(t: StoreTx) -> int:
        await t.put_lease(None)
        return await t.next_fence()

    fences = [await under_test.tx(lambda t: t.next_fence()), await under_test.tx(lambda t: t.next_fence())]
    assert [*fences, await under_test.tx(after_giving_up)] == [1, 2, 3]


async def test_a_text_that_the_store_could_not_give_back_is_refused(under_test: OpenStore) -> None:
    half = under_test.tx(lambda t: t.put_binding(sample_binding("half \ud800", targetKey="t")))
    assert await code_of(half) == "VALUE_INVALID"
    assert await under_test.tx(lambda t: t.count_bindings("leaks", "ticket")) == 0


async def test_a_tally_counts_what_goes_on_and_what_waits_and_nothing_that_is_over(under_test: OpenStore) -> None:
    empty: Tally = {"runs": [], "arrivals": [], "requests": 0, "questions": 0}
    assert await under_test.tx(lambda t: t.tally()) == empty

    async def put(t: StoreTx) -> None:
        for id, workflow, status in [
            ("1", "leaks", "parked"),
            ("2", "leaks", "parked"),
            ("3", "leaks", "queued"),
            ("4", "other", "running"),
            ("5", "leaks", "succeeded"),
        ]:
            await t.put_run(sample_run(id=id, workflow=workflow, status=status))
        await t.add_arrival(sample_arrival("a", dueAt=7_000))
        await t.add_arrival(sample_arrival("b", dueAt=5_000))
        await t.add_arrival(sample_arrival("c", status="dropped", why="w"))
        for id, status in [("q", "open"), ("r", "approved")]:
            await t.put_request(sample_request(id, effect=id, status=status))
        await t.put_wait(sample_wait("w"))
        await t.put_wait(sample_question("x"))
        await t.put_wait(sample_question("y", status="over"))

    await under_test.tx(put)
    assert await under_test.tx(lambda t: t.tally()) == {
        "runs": [
            {"workflow": "leaks", "status": "parked", "count": 2},
            {"workflow": "leaks", "status": "queued", "count": 1},
            {"workflow": "other", "status": "running", "count": 1},
        ],
        "arrivals": [{"workflow": "leaks", "count": 2, "firstDueAt": 5_000}],
        "requests": 1,
        "questions": 1,
    }
