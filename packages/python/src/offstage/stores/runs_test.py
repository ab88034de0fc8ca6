"""What every store promises of runs, programs, plans and journals."""

from typing import Any

import pytest

from offstage.base import encode_value
from offstage.state import JournalRow, Place, PlanRow, StoreTx
from offstage.testing.store_places import OpenStore
from offstage.testing.store_samples import HARD_DATA, SAMPLE_PROGRAM, sample_plan, sample_run

pytestmark = pytest.mark.anyio


def same(one: object, other: object) -> bool:
    """Equal to the kind of each number and the order of members, as no comparison of Python's is."""
    return encode_value(one) == encode_value(other)


async def test_a_run_comes_back_as_it_was_put_and_the_last_one_put_counts(under_test: OpenStore) -> None:
    wait = {"id": "w", "kind": "sleep", "step": "sleep#1", "label": "sleep 1d", "since": 1, "until": None}
    error = {"code": "FAILED", "message": "m", "hint": "h"}
    run = sample_run(
        output=HARD_DATA,
        waits=[wait],
        drivenMs=17,
        error=error,
        failures=[{"step": "s", "error": error}],
        held=[{"effect": "e", "step": "s", "label": "l", "why": "w", "waits": True}],
    )
    await under_test.tx(lambda t: t.put_run(run))
    found = await under_test.tx(lambda t: t.get_run(run["id"]))
    assert found == run and found is not None and same(found["output"], HARD_DATA)
    ended: Any = {**run, "status": "succeeded", "endedAt": 9, "ambiguous": run["held"], "sweep": True, "turn": "k"}
    ended["event"] = {"kind": "schedule", "at": "x"}
    await under_test.tx(lambda t: t.put_run(ended))
    assert await under_test.tx(lambda t: t.get_run(run["id"])) == ended
    assert await under_test.tx(lambda t: t.get_run("other")) is None


async def test_runs_are_listed_newest_first_filtered_and_limited(under_test: OpenStore) -> None:
    async def put(t: StoreTx) -> None:
        await t.put_run(sample_run(id="b", createdAt=5, status="queued"))
        await t.put_run(sample_run(id="a", createdAt=5, status="failed", rootRunId="b"))
        await t.put_run(sample_run(id="z", createdAt=4, status="queued", workflow="other"))

    await under_test.tx(put)

    async def ids(limit: int = 10, **asked: Any) -> list[str]:
        return [run["id"] for run in await under_test.tx(lambda t: t.list_runs(limit=limit, **asked))]

    assert await ids() == ["b", "a", "z"]
    assert await ids(limit=2) == ["b", "a"]
    assert await ids(status=["queued"]) == ["b", "z"]
    assert await ids(status=["queued", "failed"], workflow="leaks") == ["b", "a"]
    assert await ids(root_run_id="b") == ["b", "a"]
    assert await ids(status=[]) == []
    assert await ids(before=Place(5, "b")) == ["a", "z"]
    assert await ids(before=Place(5, "a"), status=["queued"]) == ["z"]
    assert await ids(before=Place(4, "a")) == []


async def test_runs_that_began_or_are_to_begin_come_oldest_first_and_are_counted(under_test: OpenStore) -> None:
    async def put(t: StoreTx) -> None:
        made = [("c", 3, "queued"), ("a", 3, "running"), ("d", 1, "parked"), ("b", 2, "queued"), ("e", 1, "succeeded")]
        for id, at, status in made:
            await t.put_run(sample_run(id=id, createdAt=at, status=status))

    await under_test.tx(put)
    assert [run["id"] for run in await under_test.tx(lambda t: t.begun_runs(9))] == ["b", "a", "c"]
    assert [run["id"] for run in await under_test.tx(lambda t: t.begun_runs(2))] == ["b", "a"]

    async def counts(t: StoreTx) -> list[int]:
        queued = [await t.count_queued(9), await t.count_queued(1)]
        return [*queued, await t.count_queued(9, "plan"), await t.count_queued(9, "run")]

    assert await under_test.tx(counts) == [2, 1, 0, 2]


async def test_a_key_has_the_run_that_goes_on_under_it_in_its_workflow(under_test: OpenStore) -> None:
    async def put(t: StoreTx) -> None:
        for id, turn, status, workflow in [
            ("a", "k", "succeeded", "leaks"),
            ("b", "k", "parked", "leaks"),
            ("c", "", "queued", "leaks"),
            ("d", "l", "running", "other"),
            ("e", None, "running", "leaks"),
        ]:
            await t.put_run(sample_run(id=id, turn=turn, status=status, workflow=workflow))

    await under_test.tx(put)

    async def going(t: StoreTx) -> list[str | None]:
        return [await t.going_run(*key) for key in [("leaks", "k"), ("leaks", ""), ("leaks", "l"), ("other", "l")]]

    assert await under_test.tx(going) == ["b", "c", None, "d"]


async def test_programs_are_kept_by_hash_once(under_test: OpenStore) -> None:
    await under_test.tx(lambda t: t.put_program("h", SAMPLE_PROGRAM))
    await under_test.tx(lambda t: t.put_program("h", "another"))
    assert await under_test.tx(lambda t: t.get_program("h")) == SAMPLE_PROGRAM
    assert await under_test.tx(lambda t: t.get_program("g")) is None


async def test_plans_come_back_as_they_were_put(under_test: OpenStore) -> None:
    row: PlanRow = {"plan": sample_plan("p1"), "appliedAt": None, "error": None}
    await under_test.tx(lambda t: t.put_plan(row))
    assert await under_test.tx(lambda t: t.get_plan("p1")) == row
    applied: PlanRow = {**row, "appliedAt": 7, "error": {"code": "PLAN_VOID", "message": "m"}}
    await under_test.tx(lambda t: t.put_plan(applied))
    assert await under_test.tx(lambda t: t.get_plan("p1")) == applied
    assert await under_test.tx(lambda t: t.get_plan("p2")) is None


def step(key: str, value: str = "1") -> JournalRow:
    """A journaled step."""
    return {"key": key, "kind": "step", "hash": "h", "value": value}


async def test_a_journal_is_read_in_the_order_in_which_it_was_written_each_run_its_own(under_test: OpenStore) -> None:
    await under_test.tx(lambda t: t.append_journal("r1", [step("b"), step("a"), step("c[😀/x]\0")]))
    await under_test.tx(lambda t: t.append_journal("r2", [step("a", "2")]))
    await under_test.tx(lambda t: t.append_journal("r1", []))
    log: JournalRow = {"key": "aa", "kind": "log", "hash": "", "value": '"text"'}
    await under_test.tx(lambda t: t.append_journal("r1", [log]))
    assert await under_test.tx(lambda t: t.load_journal("r1")) == [step("b"), step("a"), step("c[😀/x]\0"), log]
    assert await under_test.tx(lambda t: t.load_journal("r2")) == [step("a", "2")]
    assert await under_test.tx(lambda t: t.load_journal("r3")) == []


async def test_a_row_whose_key_is_there_takes_its_place(under_test: OpenStore) -> None:
    await under_test.tx(lambda t: t.append_journal("r1", [step("a"), step("b"), step("a", "2")]))
    assert await under_test.tx(lambda t: t.load_journal("r1")) == [step("a", "2"), step("b")]


async def test_clearing_takes_a_key_and_all_below_it_nothing_beside_it_in_one_run(under_test: OpenStore) -> None:
    beside = ["each#1[a].", "each#1[a]0", "each#1[a]x/1", "each#1[A]/1", "each#1[", "each#1[a", "each#1[b]/x/y"]
    below = ["each#1[a]", "each#1[a]/", "each#1[a]/x", "each#1[a]/x/y", "each#1[a]/\U0010ffff"]
    await under_test.tx(lambda t: t.append_journal("r1", [step(key) for key in [*below, *beside]]))
    await under_test.tx(lambda t: t.append_journal("r2", [step("each#1[a]/x")]))
    await under_test.tx(lambda t: t.clear_journal("r1", "each#1[a]"))
    assert [row["key"] for row in await under_test.tx(lambda t: t.load_journal("r1"))] == beside
    assert len(await under_test.tx(lambda t: t.load_journal("r2"))) == 1
