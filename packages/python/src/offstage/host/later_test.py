from __future__ import annotations

from pathlib import Path

import pytest

from offstage.host import BroughtEvent, bring_event, lift_pauses, serve_workflow
from offstage.host.arrivals import admit_arrivals
from offstage.model import DEFAULT_POLICY, Policy, Run, RunEvent, TimeWindow
from offstage.state import change_pauses
from offstage.testing.host_world import CALLED, HostWorld

pytestmark = pytest.mark.anyio

MINUTE, HOUR = 60_000, 3_600_000
DAY = 24 * HOUR
QUEUED: RunEvent = {"kind": "queue", "body": 1, "attempt": 1}
SCHEDULED: RunEvent = {"kind": "schedule", "at": "2026-11-26T04:00:00.000Z"}
# A write, a read, and another write, each of which is made once for ever.
BOTH = """
await once("first", lambda: world.send(text="first"))
await world.list()
await once("last", lambda: world.send(text="last"))
return "done"
"""
SEND = 'await once("1", lambda: world.send(text="a"))\nawait world.list()'
MORNING: TimeWindow = {"days": [0, 1, 2, 3, 4, 5, 6], "from": 480, "to": 600, "timezone": "UTC"}
LATER: Policy = {**DEFAULT_POLICY, "rules": [{"verdict": "wait", "server": "world", "outside": MORNING}]}


@pytest.fixture
def world(tmp_path: Path) -> HostWorld:
    world = HostWorld(tmp_path)
    world.retry_ms = DAY
    # Four in the morning.
    world.clock.at += DAY - world.clock.at % DAY + 4 * HOUR
    return world


async def statuses(world: HostWorld) -> list[str]:
    return sorted(run["status"] for run in await world.runs())


async def parked(world: HostWorld) -> list[Run]:
    return [run for run in await world.runs() if run["status"] == "parked"]


async def tries(world: HostWorld, minutes: int, body: str = BOTH) -> list[int]:
    """The minutes, of so many, in which something was tried: each time by a process of its own."""
    program, tried = world.tell(body), list[int]()
    for minute in range(1, minutes + 1):
        before = len(await world.runs())
        waiting = len(await parked(world))
        world.clock.at += MINUTE
        async with world.host(program) as host:
            await host.work()
        if (len(await world.runs()), len(await parked(world))) != (before, waiting):
            tried.append(minute)
    return tried


async def start(world: HostWorld, body: str = BOTH, event: RunEvent = QUEUED) -> Run:
    program = world.tell(body)
    async with world.host(program) as host:
        return await host.start(program, inputs={}, event=event)


async def test_what_an_event_asked_for_is_tried_again_ever_more_rarely_until_the_server_is_back(
    world: HostWorld,
) -> None:
    world.calls.down = "SERVER_UNREACHABLE"
    first = await start(world)
    assert (first["status"], first["error"] and first["error"]["code"]) == ("failed", "SERVER_UNREACHABLE")
    [waiting] = await parked(world)
    wait = waiting["waits"][0]
    assert (wait["kind"], wait["until"], waiting["event"]) == ("sleep", world.clock.at + MINUTE, QUEUED)
    assert (await tries(world, 16), world.calls.written()) == ([1, 3, 7, 15], [])
    world.calls.down = ""
    assert await tries(world, 15) == [15]
    [last] = [run for run in await world.runs() if run["status"] == "succeeded"]
    assert (last["output"], last["rootRunId"], world.calls.written()) == ("done", first["id"], ["first", "last"])
    # Its time begins when it does.
    assert last["startedAt"] - last["createdAt"] == 16 * MINUTE
    assert (await tries(world, 40), await world.stored(lambda tx: tx.list_waits(limit=9))) == ([], [])


async def test_what_was_written_before_the_server_was_gone_is_not_written_again(world: HostWorld) -> None:
    async def gone() -> None:
        world.calls.down = "SERVER_TIMEOUT"

    world.calls.before_read = gone
    assert (await start(world))["status"] == "failed"
    world.calls.before_read, world.calls.down = None, ""
    assert (await tries(world, 1), world.calls.written()) == ([1], ["first", "last"])


async def test_nothing_is_tried_beyond_its_time_nor_for_another_failure_nor_for_who_called(world: HostWorld) -> None:
    world.retry_ms = 10 * MINUTE
    world.calls.down = "SERVER_UNREACHABLE"
    await start(world)
    assert await tries(world, 30) == [1, 3, 7]
    await start(world, event=CALLED)
    world.calls.down = "READ_FAILED"
    await start(world, "await world.list()")
    world.retry_ms, world.calls.down = 0, "SERVER_UNREACHABLE"
    await start(world)
    assert await parked(world) == []


async def test_it_can_be_ended_while_it_waits_and_a_person_who_ended_the_run_is_heard(world: HostWorld) -> None:
    program = world.tell(BOTH)
    async with world.host(program) as host:

        async def end() -> None:
            world.calls.down = "SERVER_UNREACHABLE"
            await host.cancel((await world.runs())[0]["id"])

        world.calls.before_read = end
        ended = await host.start(program, inputs={}, event=QUEUED)
        assert (ended["status"], await parked(world)) == ("cancelled", [])
        world.calls.before_read = None
        await host.start(program, inputs={}, event=QUEUED)
        [waiting] = await parked(world)
        await host.cancel(waiting["id"])
        await host.work()
    assert (await statuses(world), await tries(world, 3)) == (["cancelled", "cancelled", "failed"], [])


async def test_a_write_that_the_policy_lets_wait_is_made_when_its_time_comes_by_a_run_that_reads_anew(
    world: HostWorld,
) -> None:
    world.policy = LATER
    ended = await start(world, SEND, CALLED)
    until = world.clock.at + 4 * HOUR
    assert (ended["status"], ended["held"][0].get("until")) == ("pending", until)
    assert [run["waits"][0]["until"] for run in await parked(world)] == [until]
    assert (await tries(world, 1, SEND), world.calls.written()) == ([], [])
    world.clock.at = until - MINUTE
    assert (await tries(world, 1, SEND), world.calls.written(), world.calls.reads) == ([1], ["a"], 2)
    assert await statuses(world) == ["pending", "succeeded"]


async def test_a_time_that_is_over_before_anybody_looks_is_waited_for_again(world: HostWorld) -> None:
    world.policy = LATER
    await start(world, SEND, CALLED)
    world.clock.at += 7 * HOUR
    await tries(world, 1, SEND)
    [waiting] = await parked(world)
    assert (world.calls.written(), waiting["waits"][0]["until"]) == ([], world.clock.at - MINUTE + 21 * HOUR)


async def test_a_schedule_that_comes_all_night_leaves_one_run_for_the_morning_and_a_call_one_each(
    world: HostWorld,
) -> None:
    world.policy = LATER
    for _ in range(3):
        await start(world, SEND, SCHEDULED)
    assert len(await parked(world)) == 1
    await start(world, SEND, CALLED)
    assert len(await parked(world)) == 2


async def test_an_event_that_met_the_limit_of_the_day_goes_on_when_it_is_over(world: HostWorld) -> None:
    world.policy = {**DEFAULT_POLICY, "limits": [{"perDay": 1}]}
    await start(world, 'await once("1", lambda: world.send(text="1"))')
    second = 'await once("2", lambda: world.send(text="2"))'
    for event in (CALLED, SCHEDULED, QUEUED):
        ended = await start(world, second, event)
        assert ended["error"] is not None and ended["error"]["code"] == "LIMIT_WRITES_PER_DAY"
    [waiting] = await parked(world)
    assert (waiting["event"]["kind"], waiting["waits"][0]["until"]) == ("queue", world.clock.at + 20 * HOUR)
    world.clock.at += 20 * HOUR
    await tries(world, 1, second)
    assert world.calls.written() == ["1", "2"]


async def test_what_a_pause_held_of_an_event_is_written_once_when_it_is_lifted(world: HostWorld) -> None:
    await world.stored(lambda tx: change_pauses(tx, add=["server:world", "workflow:tell"]))
    for event in (QUEUED, CALLED, SCHEDULED):
        ended = await start(world, SEND, event)
        assert (ended["status"], "paused" in ended["held"][0]) == ("pending", True)
    [waiting] = await parked(world)
    assert (waiting["event"], waiting["waits"][0]["until"]) == (QUEUED, None)
    assert (await tries(world, 1, SEND), world.calls.written()) == ([], [])
    # What something else is paused for too comes to rest again.
    for names, paused in ((["server:world"], ["workflow:tell"]), (["workflow:tell"], [])):
        assert world.calls.written() == []
        lifted = await world.stored(lambda tx, names=names: lift_pauses(tx, names))
        assert lifted.paused == paused
        await tries(world, 1, SEND)
    assert world.calls.written() == ["a"]
    assert await world.stored(lambda tx: lift_pauses(tx, ["server:world"])) == ([], [])


async def test_a_pause_that_was_lifted_while_its_run_went_on_keeps_nobody_waiting(world: HostWorld) -> None:
    await world.stored(lambda tx: change_pauses(tx, add=["*"]))

    async def lift() -> None:
        await world.stored(lambda tx: lift_pauses(tx, ["*"]))

    world.calls.before_read = lift
    ended = await start(world, SEND)
    world.calls.before_read = None
    await tries(world, 1, SEND)
    assert (ended["status"], world.calls.written()) == ("pending", ["a"])


async def test_what_a_person_permits_while_a_run_goes_on_that_also_has_to_wait_leaves_one_that_goes_on(
    world: HostWorld,
) -> None:
    world.policy = {**LATER, "rules": [{"verdict": "approve", "args": {"text": {"is": ["a"]}}}, *LATER["rules"]]}
    body = """
async def turn(x):
    await once(x, lambda: world.send(text=x))

await each(["a", "b"], turn, key=lambda x: x)
await world.list()
"""
    program = world.tell(body)
    async with world.host(program) as host:

        async def permit() -> None:
            world.calls.before_read = None
            await host.answer([one["id"] for one in await world.open_requests()], "approve", by="ada")

        world.calls.before_read = permit
        await host.start(program, inputs={}, event=QUEUED)
        await host.work()
    assert (await statuses(world), world.calls.written()) == (["parked", "pending", "pending"], ["a"])
    world.clock.at += 4 * HOUR
    await tries(world, 1, body)
    assert (await statuses(world), world.calls.written()) == (["pending", "pending", "succeeded"], ["a", "b"])


QUEUE = {"top": "from offstage import queue\n\n", "options": 'name="tell", on=[queue("jobs")]'}
SAY = 'n = str(context["event"]["body"])\nawait once(n, lambda: world.send(text=n))'


async def served(world: HostWorld, *bodies: int) -> list[str]:
    """What was written after a process was told of events, and one did what there was to do, as often as there was more."""
    program = world.tell(SAY, **QUEUE)
    environment = world.environment()
    serving = serve_workflow(program, environment)
    store = await world.open_store()
    for body in bodies:
        event: RunEvent = {"kind": "queue", "body": body, "attempt": 1}
        brought = BroughtEvent(topic="queue:jobs", id=str(body), event=event)
        await bring_event(store, world.redactor, [serving], brought, world.clock.now())
    for _ in range(9):
        await admit_arrivals(store, environment, [serving])
        async with world.host(program) as host:
            await host.work()
    await store.close()
    return world.calls.written()


async def test_events_of_one_key_that_came_during_a_pause_are_written_in_their_order(world: HostWorld) -> None:
    await world.stored(lambda tx: change_pauses(tx, add=["*"]))
    assert (await served(world, 1, 2, 3), len(await parked(world))) == ([], 1)
    await world.stored(lambda tx: lift_pauses(tx, ["*"]))
    assert await served(world) == ["1", "2", "3"]


async def test_events_of_one_key_that_met_the_limit_of_the_day_are_written_in_their_order_day_by_day(
    world: HostWorld,
) -> None:
    world.policy = {**DEFAULT_POLICY, "limits": [{"perDay": 2}]}
    assert await served(world, 1, 2, 3, 4, 5) == ["1", "2"]
    world.clock.at += 20 * HOUR
    assert await served(world) == ["1", "2", "3", "4"]
    # A clock that is put back over midnight makes no day longer.
    world.clock.at -= HOUR
    assert await served(world) == ["1", "2", "3", "4"]
    world.clock.at += DAY + HOUR
    assert await served(world) == ["1", "2", "3", "4", "5"]
