from __future__ import annotations

from pathlib import Path

import pytest

from offstage.testing.host_world import ASKS, CALLED, TELL, HostWorld
from offstage.testing.store_places import StoreIn, code_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def world(tmp_path: Path, store_in: StoreIn) -> HostWorld:
    return HostWorld(tmp_path, store_in)


async def test_a_write_that_a_person_permits_is_made_by_a_run_that_goes_on_and_no_other_time_passes(
    world: HostWorld,
) -> None:
    world.policy = ASKS
    program = world.tell('await sleep("1h")\n' + TELL)
    async with world.host(program) as host:
        first = await host.start(program, inputs={}, event=CALLED)
        world.clock.at += 3_600_000
        first = await host.resume(first["id"])
        assert (first["status"], len(first["held"]), world.calls.written()) == ("pending", 2, [])
        a, b = sorted(await world.open_requests(), key=lambda one: str(one["args"]))
        [granted] = await host.answer([a["id"]], "approve", by="ada")
        await host.answer([b["id"]], "deny", by="ada")
        assert await host.work() is None
        later = await host.get(str(granted["continuedBy"]))
    assert (later["rootRunId"], later["status"], world.calls.written()) == (first["id"], "succeeded", ["a"])
    assert [run["id"] for run in await world.runs()] == [first["id"], later["id"]]


async def test_what_is_permitted_while_a_run_goes_on_is_made_by_one_that_continues_it(world: HostWorld) -> None:
    world.policy = ASKS
    program = world.tell(TELL.replace('return {"told": len(items)}', "await world.list()"))
    async with world.host(program) as host:

        async def permit() -> None:
            if world.calls.reads == 2:
                await host.answer([one["id"] for one in await world.open_requests()], "approve", by="ada")

        world.calls.before_read = permit
        first = await host.start(program, inputs={}, event=CALLED)
        assert first["status"] == "pending"
        await host.work()
    first, later = await world.runs()
    assert (later["rootRunId"], later["status"]) == (first["id"], "succeeded")
    assert world.calls.written() == ["a", "b"]
    assert await world.open_requests() == []


async def test_a_run_that_was_cancelled_is_not_begun_again_by_a_grant(world: HostWorld) -> None:
    world.policy = ASKS
    program = world.tell(TELL.replace("    await", '    if item["id"] == "b":\n        await sleep("1h")\n    await'))
    async with world.host(program) as host:
        parked = await host.start(program, inputs={}, event=CALLED)
        assert parked["status"] == "parked"
        await host.cancel(parked["id"])
        assert (await host.resume(parked["id"]))["status"] == "cancelled"
        await host.answer([one["id"] for one in await world.open_requests()], "approve", by="ada")
        await host.work()
    assert ([run["status"] for run in await world.runs()], world.calls.written()) == (["cancelled"], [])


async def test_what_was_settled_is_gone_on_with(world: HostWorld) -> None:
    program = world.tell()
    async with world.host(program) as host:
        first = await host.start(program, inputs={}, event=CALLED)
        world.calls.items.append({"id": "c"})
        later = await host.go_on(first["id"])
        assert await code_of(host.go_on("never")) == "RUN_UNKNOWN"
    assert (later["rootRunId"], later["id"] != first["id"], world.calls.written()) == (
        first["id"],
        True,
        ["a", "b", "c"],
    )
