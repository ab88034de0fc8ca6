from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from offstage.base import OffstageError
from offstage.testing.host_world import NOW, HostWorld
from offstage.testing.served_world import MINUTE, TIME, ServedWorld
from offstage.testing.store_places import StoreIn

pytestmark = pytest.mark.anyio


@pytest.fixture
async def served(tmp_path: Path, store_in: StoreIn) -> AsyncIterator[ServedWorld]:
    made = ServedWorld(HostWorld(tmp_path, store_in))
    # At the beginning of a minute: the first planned time is one later.
    made.world.clock.at = NOW // MINUTE * MINUTE
    yield made
    await made.close()


async def statuses(served: ServedWorld) -> list[str]:
    return [f"{run['workflow']} {run['status']}" for run in await served.world.runs()]


async def test_each_planned_time_starts_one_run_that_is_told_it_and_what_the_filter_does_not_want_starts_none(
    served: ServedWorld,
) -> None:
    await served.serve(1, served.program('every("1m", when=lambda event: ":15:" not in event["at"])'))
    await served.advance(3 * MINUTE + 6_000)
    assert served.world.calls.written() == ["22:14", "22:16"]
    runs = await served.world.runs()
    assert sorted(str(run["event"]) for run in runs) == [
        "{'kind': 'schedule', 'at': '2023-11-14T22:14:00.000Z'}",
        "{'kind': 'schedule', 'at': '2023-11-14T22:16:00.000Z'}",
    ]
    assert {(run["status"], run["turn"]) for run in runs} == {("succeeded", "")}


async def test_a_sweep_is_told_to_its_run_and_to_no_other(served: ServedWorld) -> None:
    await served.serve(
        1, served.program('every("1m", sweep=True), cron("14 22 * * *", timezone="UTC", key=lambda event: "other")')
    )
    await served.advance(2 * MINUTE)
    assert sorted(run["sweep"] for run in await served.world.runs()) == [False, True, True]


async def test_two_processes_start_one_run_for_each_time_and_the_other_goes_on_when_the_first_is_killed(
    served: ServedWorld,
) -> None:
    tick = served.program('every("1m")')
    first = await served.serve(1, tick)
    second = await served.serve(2, tick)
    await served.advance(MINUTE + 6_000)
    served.kill(first)
    await served.advance(2 * MINUTE)
    assert served.world.calls.written() == ["22:14", "22:15", "22:16"]
    assert [one.kind for one in second.news] == [
        *("listening", "followed", "led"),
        *("arrived", "started", "arrived", "started"),
    ]


async def test_a_process_that_was_killed_in_a_run_is_followed_by_one_that_ends_it_and_no_write_is_made_twice(
    served: ServedWorld,
) -> None:
    served.hold("22:14")
    tick = served.program('every("1m")')
    first = await served.serve(1, tick)
    await served.advance(MINUTE)
    assert served.world.calls.written() == ["22:14"]
    served.kill(first)
    await served.serve(2, tick)
    await served.advance(MINUTE + 30_000)
    assert sorted(await statuses(served)) == ["tick needs-attention", "tick succeeded"]
    assert served.world.calls.written() == ["22:14", "22:15"]


async def test_while_a_run_goes_on_the_newest_time_waits_and_those_before_it_are_dropped_with_a_reason(
    served: ServedWorld,
) -> None:
    held = served.hold("22:14")
    process = await served.serve(1, served.program('every("1m")'))
    await served.advance(3 * MINUTE + 30_000)
    assert served.world.calls.written() == ["22:14"]
    held.set()
    await served.advance(1_000)
    assert served.world.calls.written() == ["22:14", "22:16"]
    assert served.minutes(*process.told("dropped")) == ["22:15"]
    [why] = [one.arrival["why"] for one in process.news if one.kind == "dropped"]
    assert why == "a later time of the same schedule came before it could start"


async def test_with_replace_a_newer_event_ends_the_run_that_goes_on_after_its_call(served: ServedWorld) -> None:
    held = served.hold("22:14")
    body = f'{TIME}\nawait once(context["run"]["id"], lambda: world.send(text="rest"))'
    await served.serve(1, served.program('every("1m", overlap="replace")', body))
    await served.advance(2 * MINUTE)
    held.set()
    await served.advance(1_000)
    assert sorted(await statuses(served)) == ["tick cancelled", "tick succeeded"]
    assert served.world.calls.written() == ["22:14", "22:15", "rest"]


async def test_a_parked_run_goes_on_at_its_instant_and_keeps_no_other_workflow_waiting(served: ServedWorld) -> None:
    nap = served.program('every("1m")', 'await sleep("90s")\nawait world.send(text="nap")', name="nap")
    await served.serve(1, nap, served.program('every("1m")'))
    await served.advance(2 * MINUTE + 1_000)
    assert served.world.calls.written() == ["22:14", "22:15"]
    await served.advance(30_000)
    assert served.world.calls.written()[2:] == ["nap"]


async def test_times_that_passed_while_nothing_ran_start_one_run_none_or_each_as_the_schedule_says(
    served: ServedWorld,
) -> None:
    programs = [
        served.program(
            f'every("10m"{said})',
            f'await once(context["event"]["at"], lambda: world.send(text="{mark}" + context["event"]["at"][11:16]))',
            name=f"w{mark}",
        )
        for mark, said in (("o", ""), ("S", ', missed="skip"'), ("a", ', missed="all"'))
    ]
    first = await served.serve(1, *programs)
    await served.advance(MINUTE)
    await served.stop(first)
    await served.advance(31 * MINUTE)
    await served.serve(2, *programs)
    await served.advance(1_000)
    assert sorted(served.world.calls.written()) == ["a22:20", "a22:30", "a22:40", "o22:40"]


async def test_one_that_stops_lets_the_run_that_goes_on_come_to_its_end_and_begins_none(served: ServedWorld) -> None:
    held = served.hold("22:14")
    one = await served.serve(1, served.program('every("1m")'), served.program('every("1m")', name="other"))
    await served.advance(MINUTE)
    stopped = asyncio.create_task(served.stop(one))
    await served.settle()
    assert not stopped.done()
    held.set()
    await stopped
    assert sorted(run["status"] for run in await served.world.runs()) == ["queued", "succeeded"]
    assert await served.world.stored(lambda tx: tx.get_lease()) is None


async def test_one_whose_time_to_stop_is_over_leaves_the_run_after_its_call_and_the_next_process_goes_on_with_it(
    served: ServedWorld,
) -> None:
    held = served.hold("one")
    body = 'await once("1", lambda: world.send(text="one"))\nawait once("2", lambda: world.send(text="two"))'
    tick = served.program('every("1m")', body)
    first = await served.serve(1, tick, grace_ms=5_000)
    await served.advance(MINUTE)
    stopped = asyncio.create_task(served.stop(first))
    await served.advance(5_000)
    assert not stopped.done()
    held.set()
    await stopped
    assert [run["status"] for run in await served.world.runs()] == ["running"]
    await served.serve(2, tick)
    await served.advance(1_000)
    assert [run["status"] for run in await served.world.runs()] == ["succeeded"]
    assert served.world.calls.written() == ["one", "two"]


async def test_jitter_puts_a_run_off_the_same_for_the_same_time_in_every_process(served: ServedWorld) -> None:
    jittered = served.program('every("1m", jitter="30s")')
    await served.serve(1, jittered)
    await served.serve(2, jittered)
    await served.advance(MINUTE + 31_000)
    assert served.world.calls.written() == ["22:14"]
    [arrival] = await served.world.stored(lambda tx: _arrivals(tx, "every 1m", "2023-11-14T22:14:00.000Z"))
    # As TypeScript puts it off: the same hash of the same three texts.
    assert arrival["dueAt"] - arrival["arrivedAt"] == 22_701


async def test_a_trigger_that_fails_on_an_event_starts_nothing_and_its_arrival_says_why(served: ServedWorld) -> None:
    process = await served.serve(1, served.program('every("1m", key=lambda event: event["at"]["no"]["at"])'))
    await served.advance(MINUTE)
    [dropped] = [one.arrival for one in process.news if one.kind == "dropped"]
    assert (dropped["why"] or "").startswith("its trigger failed: ")
    assert await served.world.runs() == []


async def test_a_renamed_workflow_takes_what_waited_for_its_former_name_and_keeps_the_past_of_its_schedules(
    served: ServedWorld,
) -> None:
    every = 'every("1m", missed="all")'
    first = await served.serve(1, served.program(every))
    await served.advance(MINUTE)
    await served.stop(first)
    await served.advance(3 * MINUTE)
    await served.serve(2, served.program(every, name="tock", was="tick"))
    await served.advance(1_000)
    assert served.world.calls.written() == ["22:14", "22:15", "22:16", "22:17"]
    assert {run["scope"] for run in await served.world.runs()} == {"tick"}


async def test_a_store_that_fails_ends_it_with_the_reason(served: ServedWorld) -> None:
    process = await served.serve(1, served.program('every("1m")'))
    process.store.fault = OffstageError("STORE_NEWER", "Newer.")
    await served.advance(MINUTE)
    assert process.serving is not None
    with pytest.raises(OffstageError) as raised:
        await process.serving
    assert raised.value.code == "STORE_NEWER"


async def test_while_it_is_served_a_run_that_cannot_be_driven_here_is_told_once_and_keeps_nobody_waiting(
    served: ServedWorld,
) -> None:
    old = served.program('every("1m", when=lambda event: ":14:" in event["at"])', 'await sleep("90s")')
    first = await served.serve(1, old)
    await served.advance(MINUTE + 1_000)
    await served.stop(first)
    await served.serve(2, served.program('every("1m", key=lambda event: "new")'))
    await served.advance(2 * MINUTE)
    assert served.world.calls.written() == ["22:15", "22:16"]
    assert served.world.kinds().count("run-waiting") == 1


async def _arrivals(tx: Any, trigger: str, id: str) -> list[Any]:
    found = await tx.get_arrival("tick", trigger, id)
    return [] if found is None else [found]
