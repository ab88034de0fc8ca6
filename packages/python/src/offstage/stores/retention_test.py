"""What every store promises of what it removes. Runs that ended before 10,000 may go, and events that came before 8,000; it is 20,000."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from offstage.model import LedgerEntry, Run, Wait
from offstage.state import ChainPlace, Cutoffs, StoreTx
from offstage.testing.store_places import OpenStore
from offstage.testing.store_samples import (
    KEY,
    SAMPLE_PROGRAM,
    sample_arrival,
    sample_binding,
    sample_entry,
    sample_once,
    sample_plan,
    sample_question,
    sample_request,
    sample_run,
    settled,
)

pytestmark = pytest.mark.anyio

CUTOFFS = Cutoffs(now=20_000, runs=10_000, events=8_000)


def over(id: str, **run: Any) -> Run:
    """A run that is over for long."""
    return sample_run(id=id, **{"status": "succeeded", "endedAt": 2_000, **run})


def step(run: Run) -> LedgerEntry:
    """A write without a lasting identity."""
    identity: Any = {"kind": "step", "rootRun": run["rootRunId"], "step": run["id"]}
    return settled(sample_entry(identity, runId=run["id"], rootRunId=run["rootRunId"]))


async def removed(under_test: OpenStore) -> list[str]:
    """The roots of the chains that were removed, with all that they left."""

    async def remove(t: StoreTx) -> list[str]:
        chains = [chain.root for chain in await t.old_chains(CUTOFFS, None, 99) if chain.removable]
        if chains:
            await t.remove_chains(CUTOFFS, chains)
        return chains

    roots = await under_test.tx(remove)
    while await under_test.tx(lambda t: t.remove_leavings(99)):
        pass
    return roots


async def test_a_run_goes_with_its_continuations_and_not_before_all_of_them_are_over_for_long(
    under_test: OpenStore,
) -> None:
    runs = [over("a"), over("a2", rootRunId="a", createdAt=3_000), over("b")]
    runs += [over("b2", rootRunId="b", createdAt=3_000, endedAt=10_000), over("c", createdAt=10_000, endedAt=10_000)]

    async def put(t: StoreTx) -> None:
        for run in runs:
            await t.put_run(run)
            await t.append_journal(run["id"], [{"key": "k", "kind": "step", "hash": "h", "value": "1"}])
            await t.put_effect(step(run), None)
        await t.put_plan({"plan": sample_plan("a"), "appliedAt": 1_500, "error": None})
        await t.put_request(sample_request("q", rootRunId="a", status="used"))
        await t.remember_event("a", "webhook:x", "1")

    await under_test.tx(put)
    assert await removed(under_test) == ["a"]

    async def gone(t: StoreTx) -> list[object]:
        rows = [await t.get_run("a"), await t.get_run("a2"), await t.get_plan("a"), await t.get_request("q")]
        journals = [
            await t.load_journal("a"),
            await t.load_journal("a2"),
            await t.remember_event("a", "webhook:x", "1"),
        ]
        return [*rows, await t.get_effect(step(over("a"))["id"]), *journals]

    assert await under_test.tx(gone) == [None, None, None, None, None, [], [], True]
    assert [run["id"] for run in await under_test.tx(lambda t: t.list_runs(limit=9))] == ["c", "b2", "b"]
    assert len(await under_test.tx(lambda t: t.load_journal("b"))) == 1
    assert await under_test.tx(lambda t: t.get_effect(step(over("b"))["id"])) is not None


ERROR = {"code": "FAILED", "message": "m"}
HOLDERS: dict[str, Callable[[StoreTx], Awaitable[Any]]] = {
    "a run of it goes on": lambda t: t.put_run(sample_run(id="a2", rootRunId="a", status="parked")),
    "a person is asked": lambda t: t.put_request(sample_request("q", rootRunId="a")),
    "a permission holds": lambda t: t.put_request(
        sample_request("q", rootRunId="a", status="approved", expiresAt=20_000)
    ),
    "a write is in doubt": lambda t: t.put_effect(
        sample_entry(
            sample_once("k"), rootRunId="a", status="ambiguous", outcome={"kind": "ambiguous", "error": ERROR}
        ),
        None,
    ),
    "a write has no outcome": lambda t: t.put_effect(sample_entry(sample_once("k"), rootRunId="a"), None),
    "its plan may be applied": lambda t: t.put_plan({"plan": sample_plan("a"), "appliedAt": None, "error": None}),
}


@pytest.mark.parametrize("what", HOLDERS)
async def test_a_run_stays_while_something_may_go_on_with_it(under_test: OpenStore, what: str) -> None:
    await under_test.tx(lambda t: t.put_run(over("a", status="pending")))
    await under_test.tx(HOLDERS[what])
    assert await removed(under_test) == []
    assert await under_test.tx(lambda t: t.get_run("a")) is not None


async def test_chains_come_in_the_order_in_which_they_began_behind_a_place(under_test: OpenStore) -> None:
    async def put(t: StoreTx) -> None:
        for run in [over("b"), over("a", status="running", endedAt=None), over("z", createdAt=500)]:
            await t.put_run(run)
        await t.put_run(over("z2", rootRunId="z"))
        await t.put_run(over("new", createdAt=10_000))

    await under_test.tx(put)
    chains = await under_test.tx(lambda t: t.old_chains(CUTOFFS, None, 9))
    assert chains == [("z", 500, 2, True), ("a", 1_000, 1, False), ("b", 1_000, 1, True)]
    after = ChainPlace(chains[1].created_at, chains[1].root)
    behind = await under_test.tx(lambda t: t.old_chains(CUTOFFS, after, 9))
    assert [chain.root for chain in behind] == ["b"]
    assert [chain.root for chain in await under_test.tx(lambda t: t.old_chains(CUTOFFS, None, 1))] == ["z"]


async def test_identities_that_last_stay_with_what_they_came_to_and_what_was_sent_is_forgotten(
    under_test: OpenStore,
) -> None:
    done: LedgerEntry = {
        **settled(sample_entry(sample_once("k"), runId="a", rootRunId="a")),
        "completion": '"recorded"',
    }

    async def put(t: StoreTx) -> None:
        await t.put_run(over("a"))
        await t.put_effect(done, None)
        await t.put_binding(sample_binding("PR_7", lastSeenRun="a"))
        await t.put_state("leaks", "cursor", "", "7", 0)

    await under_test.tx(put)
    assert await removed(under_test) == ["a"]
    assert await under_test.tx(lambda t: t.get_effect(done["id"])) == {**done, "args": None}
    assert await under_test.tx(lambda t: t.get_binding(KEY)) == sample_binding("PR_7", lastSeenRun="a")
    assert await under_test.tx(lambda t: t.get_state("leaks", "cursor", "")) == ("7", 1)


async def test_a_persons_no_stays_and_the_last_answer_at_each_place(under_test: OpenStore) -> None:
    answer = {"verdict": "approved", "by": "kim", "at": 1_500}

    def asked(id: str, run: str, topic: str, since: int, said: object) -> Wait:
        return sample_question(id, runId=run, topic=topic, since=since, status="over", step=f"s{id}", answer=said)

    waits = [asked("1", "a", "t", 1, answer), asked("2", "b", "t", 2, answer), asked("3", "a", "late", 1, answer)]
    waits += [asked("4", "b", "late", 2, None), asked("5", "new", "hid", 1, answer), asked("6", "b", "hid", 2, None)]
    waits += [asked("7", "a", "old", 1, answer), asked("8", "new", "old", 2, answer)]

    async def put(t: StoreTx) -> None:
        for run in [over("a"), over("b"), over("new", endedAt=10_000)]:
            await t.put_run(run)
        await t.put_request(sample_request("no", rootRunId="a", status="denied"))
        for wait in waits:
            await t.put_wait(wait)

    await under_test.tx(put)
    assert await removed(under_test) == ["a", "b"]
    kept = await under_test.tx(lambda t: t.list_waits(limit=99))
    assert sorted(wait["id"] for wait in kept) == ["2", "5", "6", "8"]
    assert await under_test.tx(lambda t: t.get_request("no")) is not None


async def test_a_once_for_goes_when_its_time_is_over_and_never_before(under_test: OpenStore) -> None:
    def row(window: int, key: str = "k") -> LedgerEntry:
        identity: Any = {"kind": "once", "scope": "leaks", "key": key, "window": window}
        return sample_entry(identity, intendedAt=window * 3_000)

    # Windows of 3,000 ms: the second ends at 6,000, the third at 9,000.
    rows = [settled(row(1)), settled(row(2)), row(1, "other"), settled(sample_entry(sample_once("k")))]

    async def put(t: StoreTx) -> None:
        for one in rows:
            await t.put_effect(one, None)

    await under_test.tx(put)
    counts = [await under_test.tx(lambda t, at=at: t.remove_windows(at, 9)) for at in (6_000, 6_002, 9_000)]
    assert counts == [0, 1, 0]
    left = [await under_test.tx(lambda t, id=one["id"]: t.get_effect(id)) for one in rows]
    assert [one and one["status"] for one in left] == [None, "done", "intended", "done"]


@pytest.mark.parametrize("status", ["queued", "parked", "planned", "pending"])
async def test_a_once_for_of_whose_time_a_run_is_stays(under_test: OpenStore, status: str) -> None:
    identity: Any = {"kind": "once", "scope": "leaks", "key": "k", "window": 1}
    await under_test.tx(lambda t: t.put_effect(settled(sample_entry(identity, intendedAt=3_000)), None))
    await under_test.tx(lambda t: t.put_run(sample_run(id="a", createdAt=6_000, status=status)))
    assert await under_test.tx(lambda t: t.remove_windows(10_000, 9)) == 0
    await under_test.tx(lambda t: t.put_run(sample_run(id="a", createdAt=6_002, status=status)))
    assert await under_test.tx(lambda t: t.remove_windows(10_000, 9)) == 1


async def test_an_event_is_known_as_long_as_its_run_is_and_for_a_time_after_that(under_test: OpenStore) -> None:
    arrivals = [
        sample_arrival("1", runId="a", status="started", arrivedAt=7_999),
        sample_arrival("2", runId="b", status="started", arrivedAt=8_000),
        sample_arrival("3", runId="c", status="started"),
        sample_arrival("4", status="dropped", why="w"),
        sample_arrival("5"),
        sample_arrival("6", status="dropped", why="w", arrivedAt=8_000),
    ]

    async def put(t: StoreTx) -> None:
        for run in [over("a"), over("b"), sample_run(id="c")]:
            await t.put_run(run)
        for arrival in arrivals:
            await t.add_arrival(arrival)

    async def known() -> list[str]:
        found = [
            await under_test.tx(lambda t, id=str(id): t.get_arrival("leaks", "every 10m", id)) for id in range(1, 7)
        ]
        return [arrival["id"] for arrival in found if arrival]

    await under_test.tx(put)
    assert await under_test.tx(lambda t: t.remove_arrivals(CUTOFFS, 0, 2)) == (0, None)
    assert await removed(under_test) == ["a", "b"]
    assert await known() == ["2", "3", "4", "5", "6"]
    later = CUTOFFS._replace(events=8_001)
    first = await under_test.tx(lambda t: t.remove_arrivals(later, 0, 2))
    assert first.removed == 1 and first.last is not None and await known() == ["3", "4", "5", "6"]
    assert await under_test.tx(lambda t: t.remove_arrivals(later, first.last or -1, 9)) == (2, None)
    assert await known() == ["3", "5"]


async def test_programs_that_no_run_names_go(under_test: OpenStore) -> None:
    await under_test.tx(lambda t: t.put_run(over("a", programHash="used")))
    await under_test.tx(lambda t: t.put_program("used", SAMPLE_PROGRAM))
    await under_test.tx(lambda t: t.put_program("other", SAMPLE_PROGRAM))
    assert await under_test.tx(lambda t: t.remove_programs(9)) == 1
    assert await under_test.tx(lambda t: t.get_program("other")) is None
    assert await under_test.tx(lambda t: t.get_program("used")) == SAMPLE_PROGRAM


async def test_what_a_long_run_left_goes_in_pieces(under_test: OpenStore) -> None:
    async def put(t: StoreTx) -> None:
        await t.put_run(over("a"))
        await t.append_journal(
            "a", [{"key": f"k{index}", "kind": "step", "hash": "h", "value": "1"} for index in range(5)]
        )
        await t.remove_chains(CUTOFFS, ["a"])

    await under_test.tx(put)
    lengths: list[int] = []
    while await under_test.tx(lambda t: t.remove_leavings(2)):
        lengths.append(len(await under_test.tx(lambda t: t.load_journal("a"))))
    assert lengths == [3, 1, 0]
