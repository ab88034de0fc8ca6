"""What every store promises of what runs wait for, and of events that came."""

from typing import Any

import pytest

from offstage.base import encode_value
from offstage.model import Arrival
from offstage.state import EventOffer, StoreTx
from offstage.testing.store_places import OpenStore, code_of
from offstage.testing.store_samples import HARD_DATA, sample_arrival, sample_question, sample_run, sample_wait

pytestmark = pytest.mark.anyio

STEP = "waitFor#1"


async def test_a_wait_comes_back_as_it_was_put_one_for_each_step_until_it_is_removed(under_test: OpenStore) -> None:
    wait = sample_wait("1", step="each#1[a 😀]/sleep#1", until=None)
    at = ("run-1", wait["step"])
    await under_test.tx(lambda t: t.put_wait(wait))
    assert await under_test.tx(lambda t: t.get_wait(*at)) == wait
    over = sample_wait("2", step=wait["step"], status="over", until=9)
    await under_test.tx(lambda t: t.put_wait(over))
    assert await under_test.tx(lambda t: t.get_wait(*at)) == over
    assert await under_test.tx(lambda t: t.get_wait("run-2", wait["step"])) is None
    await under_test.tx(lambda t: t.remove_wait("run-2", wait["step"]))
    assert await under_test.tx(lambda t: t.get_wait(*at)) == over
    await under_test.tx(lambda t: t.remove_wait(*at))
    assert await under_test.tx(lambda t: t.get_wait(*at)) is None


async def test_waits_are_listed_newest_first_filtered_and_limited(under_test: OpenStore) -> None:
    asked = sample_question("q", topic="t" * 64, show=HARD_DATA, answer={"verdict": "denied", "by": "ada", "at": 7})

    async def put(t: StoreTx) -> None:
        await t.put_wait(sample_wait("a", since=5))
        await t.put_wait(sample_wait("b", since=5, status="over"))
        await t.put_wait(sample_wait("c", since=4, runId="run-2"))
        await t.put_wait(asked)
        await t.put_wait(sample_question("r", topic="u"))

    await under_test.tx(put)

    async def ids(limit: int = 10, **filter: Any) -> list[str]:
        return [wait["id"] for wait in await under_test.tx(lambda t: t.list_waits(limit=limit, **filter))]

    assert await ids(kind="sleep") == ["b", "a", "c"]
    assert await ids(limit=1, kind="sleep") == ["b"]
    assert await ids(run_id="run-1", kind="sleep", status=["open", "ready"]) == ["a"]
    assert await ids(kind="sleep", status=["over"]) == ["b"]
    assert await ids(status=[]) == []
    assert [wait["id"] for wait in await under_test.tx(lambda t: t.waits_of("run-2"))] == ["c"]
    found = await under_test.tx(lambda t: t.list_waits(topic="t" * 64, kind="approval", limit=9))
    assert encode_value(found) == encode_value([asked])


async def test_the_topics_that_steps_wait_for_are_told_each_once_while_one_waits(under_test: OpenStore) -> None:
    async def put(t: StoreTx) -> None:
        for id, source, status in [("a", "b", "open"), ("b", "b", "ready"), ("c", "a", "open"), ("d", "c", "over")]:
            event = {"topic": f"webhook:{source}", "source": {"kind": "webhook", "source": source}}
            await t.put_wait(sample_wait(id, kind="event", status=status, **event))
        await t.put_wait(sample_wait("e"))

    await under_test.tx(put)
    assert await under_test.tx(lambda t: t.open_topics()) == ["webhook:a", "webhook:b"]


async def test_a_parked_run_is_due_when_a_wait_is_ready_or_its_instant_came(under_test: OpenStore) -> None:
    async def put(t: StoreTx) -> None:
        for at, id in enumerate(["soon", "late", "never", "ready", "over"]):
            await t.put_run(sample_run(id=id, createdAt=at, status="parked"))
        await t.put_run(sample_run(id="running", status="running"))
        await t.put_wait(sample_wait("1", runId="soon", step="a", until=10))
        await t.put_wait(sample_wait("2", runId="soon", step="b", until=10))
        await t.put_wait(sample_wait("3", runId="late", until=20))
        await t.put_wait(sample_wait("4", runId="never", until=None))
        await t.put_wait(sample_wait("5", runId="ready", until=None, status="ready"))
        await t.put_wait(sample_wait("6", runId="over", until=1, status="over"))
        await t.put_wait(sample_wait("7", runId="running", until=1))

    await under_test.tx(put)

    async def due(now: int, limit: int = 9) -> list[str]:
        return [run["id"] for run in await under_test.tx(lambda t: t.due_runs(now, limit))]

    assert [await due(9), await due(10), await due(20)] == [["ready"], ["soon", "ready"], ["soon", "late", "ready"]]
    assert await due(20, 1) == ["soon"]
    assert await under_test.tx(lambda t: t.next_wake()) == 10
    await under_test.tx(lambda t: t.put_run(sample_run(id="soon", status="succeeded")))
    assert await under_test.tx(lambda t: t.next_wake()) == 20
    await under_test.tx(lambda t: t.remove_wait("late", "sleep#3"))
    assert await under_test.tx(lambda t: t.next_wake()) is None


def offer(id: str, **change: Any) -> EventOffer:
    """An event for a step."""
    made: Any = {"runId": "run-1", "step": STEP, "id": id, "event": {"body": id}, "offeredAt": 1_000, **change}
    return made


async def test_events_that_a_step_was_offered_come_in_order_each_once(under_test: OpenStore) -> None:
    offers = [offer("b"), offer("a"), offer("b", event="other"), offer("b", step="x"), offer("b", runId="run-2")]
    kept = [
        await under_test.tx(lambda t, one=one: t.offer_event(one)) for one in [*offers, offer("c", event=HARD_DATA)]
    ]
    assert kept == [True, True, False, True, True, True]
    seen: list[Any] = []
    place = 0
    while (following := await under_test.tx(lambda t, at=place: t.next_event("run-1", STEP, at))) is not None:
        assert following.place > place
        place = following.place
        seen.append(following.event)
    assert encode_value(seen) == encode_value([{"body": "b"}, {"body": "a"}, HARD_DATA])


async def test_what_was_looked_at_is_forgotten_but_that_it_came(under_test: OpenStore) -> None:
    await under_test.tx(lambda t: t.offer_event(offer("a")))
    await under_test.tx(lambda t: t.offer_event(offer("b")))
    first = await under_test.tx(lambda t: t.next_event("run-1", STEP, 0))
    assert first is not None
    await under_test.tx(lambda t: t.clear_events("run-1", STEP, first.place))
    second = await under_test.tx(lambda t: t.next_event("run-1", STEP, first.place))
    assert second is not None and second.event == {"body": "b"}
    assert not await under_test.tx(lambda t: t.offer_event(offer("a")))
    await under_test.tx(lambda t: t.remove_wait("run-1", STEP))
    assert await under_test.tx(lambda t: t.next_event("run-1", STEP, 0)) is None
    assert await under_test.tx(lambda t: t.offer_event(offer("a")))
    again = await under_test.tx(lambda t: t.next_event("run-1", STEP, second.place))
    assert again is not None and again.event == {"body": "a"}


async def test_an_offer_of_a_transaction_that_fails_was_never_made(under_test: OpenStore) -> None:
    async def dies(t: StoreTx) -> None:
        await t.offer_event(offer("a"))
        raise RuntimeError("died")

    with pytest.raises(RuntimeError, match="died"):
        await under_test.tx(dies)
    assert await under_test.tx(lambda t: t.offer_event(offer("a")))


async def test_an_id_that_a_run_was_offered_is_remembered_until_the_run_is_forgotten(under_test: OpenStore) -> None:
    ids = [("run-1", "queue:a", "1"), ("run-1", "queue:a", "1"), ("run-1", "queue:b", "1"), ("run-2", "queue:a", "1")]
    kept = [await under_test.tx(lambda t, id=id: t.remember_event(*id)) for id in ids]
    assert kept == [True, False, True, True]
    await under_test.tx(lambda t: t.forget_events("run-1"))
    again = [await under_test.tx(lambda t, id=id: t.remember_event(*id)) for id in (ids[0], ids[3])]
    assert again == [True, False]


ALL: Any = {"workflows": ["leaks", "other"], "now": 9_000, "starts": 9, "limit": 9}


async def test_an_arrival_comes_back_as_it_was_put_until_it_does_not_wait_any_more(under_test: OpenStore) -> None:
    first = sample_arrival("2026-11-02T09:10:00.000Z", key="k 😀", overlap="replace", sweep=True, each=True)
    second = sample_arrival("2026-11-02T09:00:00.000Z", arrivedAt=1, dueAt=1)
    assert await under_test.tx(lambda t: t.add_arrival(first))
    assert await under_test.tx(lambda t: t.add_arrival(second))
    assert not await under_test.tx(lambda t: t.add_arrival(second))

    async def admissible(**asked: Any) -> list[Arrival]:
        return await under_test.tx(lambda t: t.admissible_arrivals(**(ALL | asked)))

    assert await admissible() == [first, second]
    assert await admissible(starts=1, limit=1) == [first]
    assert await admissible(now=1) == [second]
    assert await admissible(workflows=["other"]) == []
    assert await admissible(workflows=[]) == []
    dropped: Arrival = {**first, "status": "dropped", "why": "skipped"}
    await under_test.tx(lambda t: t.put_arrival(dropped))
    assert await admissible() == [second]
    assert await under_test.tx(lambda t: t.get_arrival("leaks", "every 10m", first["id"])) == dropped
    assert await under_test.tx(lambda t: t.get_arrival("leaks", "every 10m", "another")) is None
    started: Arrival = {**second, "status": "started", "runId": "a"}
    await under_test.tx(lambda t: t.put_arrival(started))
    assert await under_test.tx(lambda t: t.arrival_of("a")) == started
    assert await under_test.tx(lambda t: t.arrival_of("b")) is None


async def test_those_that_wait_are_counted_due_or_not_and_no_further_than_they_need_to_be(
    under_test: OpenStore,
) -> None:
    async def put(t: StoreTx) -> None:
        for id in ("1", "2", "3"):
            await t.add_arrival(sample_arrival(id, dueAt=2**53 - 1))
        await t.add_arrival(sample_arrival("4", workflow="other"))
        await t.add_arrival(sample_arrival("5", status="dropped", why="w"))

    await under_test.tx(put)

    async def count(limit: int, *workflows: str) -> int:
        return await under_test.tx(lambda t: t.count_waiting_arrivals(workflows=workflows, limit=limit))

    counted = [await count(9, "leaks"), await count(9, "leaks", "other"), await count(2, "leaks"), await count(9)]
    assert counted == [3, 4, 2, 0]


async def test_of_those_that_wait_the_first_of_each_free_key_may_start(under_test: OpenStore) -> None:
    def plain(id: str, **more: Any) -> Arrival:
        return sample_arrival(id, **{"overlap": "queue", "each": True, **more})

    came = [plain("1", key="a"), plain("2", key="a"), plain("3", key="busy"), plain("4", key="a", overlap="skip")]
    came += [plain("5", key="busy", each=False), plain("6", key="busy", overlap="replace", sweep=True)]
    came += [plain("7", key="b"), plain("8", key="c", dueAt=10_000), plain("9", key="busy", workflow="other")]

    async def put(t: StoreTx) -> None:
        await t.put_run(sample_run(id="r", status="parked", turn="busy"))
        await t.put_run(sample_run(id="s", status="succeeded", turn="a"))
        for arrival in came:
            await t.add_arrival(arrival)

    await under_test.tx(put)

    async def ids(**asked: Any) -> str:
        found = await under_test.tx(lambda t: t.admissible_arrivals(**(ALL | asked)))
        return " ".join(arrival["id"] for arrival in found)

    assert await ids() == "1 4 5 6 7 9"
    assert await ids(limit=1) == "1 4 7 9"
    # Who comes before them under their key may not be among so few.
    assert await ids(starts=1) == "1"
    assert await ids(starts=2) == "1 4 5 6 7"
    assert await ids(workflows=["other"]) == "9"


async def test_a_schedule_is_remembered_by_workflow_and_trigger(under_test: OpenStore) -> None:
    assert await under_test.tx(lambda t: t.get_schedule("leaks", "every 10m")) is None
    await under_test.tx(lambda t: t.put_schedule("leaks", "every 10m", 5))
    await under_test.tx(lambda t: t.put_schedule("leaks", "every 10m", 7))
    assert await under_test.tx(lambda t: t.get_schedule("leaks", "every 10m")) == 7
    assert await under_test.tx(lambda t: t.get_schedule("leaks", "every 1h")) is None


async def test_the_second_row_of_an_id_that_is_taken_is_refused(under_test: OpenStore) -> None:
    await under_test.tx(lambda t: t.put_wait(sample_wait("1", step="a")))
    assert await code_of(under_test.tx(lambda t: t.put_wait(sample_wait("1", step="b")))) == "BUG"
