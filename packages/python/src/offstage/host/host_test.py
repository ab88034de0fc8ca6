from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from offstage.base import OffstageError
from offstage.host import RunNews, this_process
from offstage.host.lease_keeper import AcquiredLease, LeaseKeeper
from offstage.testing.host_world import CALLED, TELL, HostWorld
from offstage.testing.store_places import StoreIn, code_of

pytestmark = pytest.mark.anyio


@pytest.fixture
def world(tmp_path: Path, store_in: StoreIn) -> HostWorld:
    return HostWorld(tmp_path, store_in)


async def test_a_plan_shows_the_writes_and_makes_none_and_its_apply_makes_each_once(world: HostWorld) -> None:
    program = world.tell()
    async with world.host(program) as host:
        planned, plan = await host.plan(program, inputs={}, event=CALLED)
        assert planned["status"] == "planned"
        assert [one["args"]["value"] for one in plan["effects"]] == [{"text": "a"}, {"text": "b"}]
        assert world.calls.written() == []
        applied = await host.apply(plan["id"], program)
        assert (applied["status"], applied["id"], applied["counts"]["writes"]) == ("succeeded", plan["id"], 2)
        assert applied["counts"].get("reads") == {"world.list": 1}
        assert applied["output"] == {"told": 2}
        assert world.calls.written() == ["a", "b"]
        assert await code_of(host.apply(plan["id"], program)) == "PLAN_APPLIED"
        assert await code_of(host.apply("never", program)) == "PLAN_UNKNOWN"


_AFTER_APPROVAL = """
said = await approve(message="Send them?")
if said["outcome"] == "approved":
    await world.send(text="yes")
"""
_AFTER_A_WRITE = """
async def turn(item):
    made = await once(f"say:{item['id']}", lambda: world.send(text=item["id"]))
    if made["ok"]:
        await once(f"more:{item['id']}", lambda: world.send(text="more"))

await each(await world.list(), turn, key=lambda item: item["id"])
"""
_AFTER_A_SLEEP = 'await sleep("1h")\nfor item in await world.list():\n    await world.send(text=item["id"])'


@pytest.mark.parametrize(
    ("body", "shown", "cut_short"),
    [
        (_AFTER_APPROVAL, [], [("", "wait", 'the approval "Send them?"')]),
        (
            _AFTER_A_WRITE,
            ["a", "b"],
            [("each#1[a]", "write", "once say:a"), ("each#1[b]", "write", "once say:b")],
        ),
        (_AFTER_A_SLEEP, [], [("", "wait", "sleep 1h")]),
    ],
)
async def test_a_plan_says_where_it_ends_before_the_run_would(
    world: HostWorld, body: str, shown: list[str], cut_short: list[tuple[str, str, str]]
) -> None:
    program = world.tell(body)
    async with world.host(program) as host:
        planned, plan = await host.plan(program, inputs={}, event=CALLED)
        kept = await world.stored(lambda tx: tx.get_plan(plan["id"]))
        applied = await host.apply(plan["id"], program)
    assert planned["status"] == "planned"
    assert [one["args"]["value"] for one in plan["effects"]] == [{"text": text} for text in shown]
    assert [(one["step"], one["kind"], one["after"]) for one in plan.get("cutShort", [])] == cut_short
    assert kept is not None
    assert kept["plan"] == plan
    # What it shows is all that its apply writes.
    assert (applied["status"] in ("parked", "pending"), world.calls.written()) == (True, shown)


async def test_a_plan_that_shows_all_of_a_run_says_nothing_of_an_end(world: HostWorld) -> None:
    program = world.tell('await approve(message="Send it?")\nawait world.send(text="yes")')
    async with world.host(program) as host:
        _, plan = await host.plan(program, inputs={}, event=CALLED)
    assert (len(plan["effects"]), "cutShort" in plan) == (1, False)


async def test_an_apply_writes_what_was_shown_whatever_is_there_by_then(world: HostWorld) -> None:
    program = world.tell()
    async with world.host(program) as host:
        _, plan = await host.plan(program, inputs={}, event=CALLED)
        world.calls.items.append({"id": "c"})
        applied = await host.apply(plan["id"], program)
        assert (applied["status"], world.calls.written(), world.calls.reads) == ("succeeded", ["a", "b"], 1)


@pytest.mark.parametrize("what", ["the workflow", "the policy", "the target of world"])
async def test_a_plan_is_void_once_what_it_was_made_under_is_something_else(world: HostWorld, what: str) -> None:
    program = world.tell()
    async with world.host(program) as host:
        _, plan = await host.plan(program, inputs={}, event=CALLED)
    other = world.tell(TELL.replace("say:", "tell:")) if what == "the workflow" else program
    if what == "the policy":
        world.policy = {**world.policy, "rules": [{"verdict": "deny", "tool": "other"}]}
    if what == "the target of world":
        world.target = "https://other.test/"
    async with world.host(other) as host:
        with pytest.raises(OffstageError) as raised:
            await host.apply(plan["id"], other)
    assert (raised.value.code, what in raised.value.message) == ("PLAN_VOID", True)


async def test_a_plan_expires(world: HostWorld) -> None:
    program = world.tell()
    async with world.host(program) as host:
        _, plan = await host.plan(program, inputs={}, event=CALLED)
        world.clock.at += world.policy["planMaxAgeMs"] + 1
        assert await code_of(host.apply(plan["id"], program)) == "PLAN_EXPIRED"
        assert world.calls.written() == []


async def test_what_an_earlier_run_wrote_is_not_written_again(world: HostWorld) -> None:
    program = world.tell()
    async with world.host(program) as host:
        first = await host.start(program, inputs={}, event=CALLED)
        world.calls.items.append({"id": "c"})
        later = await host.start(program, inputs={}, event=CALLED)
    assert (first["status"], later["status"], later["counts"]["writes"]) == ("succeeded", "succeeded", 1)
    assert world.calls.written() == ["a", "b", "c"]
    assert world.kinds()[0] == "run-started"
    assert world.kinds()[-1] == "run-ended"


async def test_a_run_that_sleeps_is_parked_and_goes_on_in_time_from_where_it_was(world: HostWorld) -> None:
    program = world.tell('items = await world.list()\nawait sleep("1h")\nawait world.send(text=items[0]["id"])')
    async with world.host(program) as host:
        parked = await host.start(program, inputs={}, event=CALLED)
        assert parked["status"] == "parked"
        assert parked["waits"][0]["until"] == world.clock.now() + 3_600_000
    world.clock.at += 3_599_999
    async with world.host(program) as host:
        assert (await host.resume(parked["id"]))["status"] == "parked"
        world.clock.at += 1
        # What it read before it was parked is what it goes on with.
        world.calls.items = [{"id": "later"}]
        ended = await host.resume(parked["id"])
    assert (ended["status"], world.calls.written(), world.calls.reads) == ("succeeded", ["a"], 1)
    # Over, it is in the journal: nobody waits for it.
    assert await world.stored(lambda tx: tx.waits_of(ended["id"])) == []
    # Parked time is not driven time.
    assert ended["drivenMs"] < 3_600_000


async def test_a_run_that_waits_for_a_person_goes_on_with_the_answer(world: HostWorld) -> None:
    program = world.tell('await approve(message="Send it?")\nawait world.send(text="yes")')
    async with world.host(program) as host:
        parked = await host.start(program, inputs={}, event=CALLED)
        assert (parked["status"], parked["waits"][0]["kind"]) == ("parked", "approval")

        async def answer(tx: Any) -> None:
            wait = (await tx.waits_of(parked["id"]))[0]
            said = {"verdict": "approved", "by": "ada", "at": world.clock.now()}
            await tx.put_wait({**wait, "status": "ready", "answer": said})

        await world.stored(answer)
        ended = await host.resume(parked["id"])
    assert (ended["status"], world.calls.written()) == ("succeeded", ["yes"])


COUNTS = 'seen = state("seen", 0)\n\n'


async def test_states_are_there_in_the_next_run_and_only_after_one_that_ended_well(world: HostWorld) -> None:
    body = "before = await seen.get()\nawait seen.set(before + 1)\nawait world.list()\nreturn before"
    program = world.tell(body, top=COUNTS)
    async with world.host(program) as host:
        assert (await host.start(program, inputs={}, event=CALLED))["output"] == 0
        world.calls.broken = True
        assert (await host.start(program, inputs={}, event=CALLED))["status"] == "failed"
        world.calls.broken = False
        assert (await host.start(program, inputs={}, event=CALLED))["output"] == 1


async def test_of_two_runs_that_change_a_state_at_once_one_fails(world: HostWorld) -> None:
    program = world.tell("before = await seen.get()\nawait world.list()\nawait seen.set(before + 1)", top=COUNTS)
    async with world.host(program) as host:
        others: list[Any] = []

        async def other() -> None:
            world.calls.before_read = None
            await world.stored(lambda tx: tx.put_state("tell", "seen", "", "5", 0))
            others.append(1)

        world.calls.before_read = other
        run = await host.start(program, inputs={}, event=CALLED)
    assert run["error"] is not None
    assert (others, run["status"], run["error"]["code"]) == ([1], "failed", "STATE_CONFLICT")


async def test_a_run_that_is_cancelled_ends_at_its_next_step_and_stays_ended(world: HostWorld) -> None:
    program = world.tell()
    async with world.host(program) as host:

        async def cancel() -> None:
            begun = world.news[0]
            assert isinstance(begun, RunNews)
            await host.cancel(begun.run["id"])

        world.calls.before_read = cancel
        run = await host.start(program, inputs={}, event=CALLED)
        assert (run["status"], world.calls.written()) == ("cancelled", [])
        await host.cancel(run["id"])
        assert (await host.resume(run["id"]))["status"] == "cancelled"
        assert await code_of(host.cancel("never")) == "RUN_UNKNOWN"


async def test_a_run_that_is_cancelled_does_not_wait_for_a_read_that_is_never_answered(world: HostWorld) -> None:
    program = world.tell()
    async with world.host(program) as host:
        asked = asyncio.Event()

        async def never() -> None:
            asked.set()
            await asyncio.Event().wait()

        world.calls.before_read = never
        starting = asyncio.create_task(host.start(program, inputs={}, event=CALLED))
        await asked.wait()
        [run] = await world.runs()
        await host.cancel(run["id"])
        assert (await starting)["status"] == "cancelled"


async def test_a_parked_run_can_be_cancelled_also_where_its_text_is_gone(world: HostWorld) -> None:
    program = world.tell('await sleep("1h")')
    async with world.host(program) as host:
        parked = await host.start(program, inputs={}, event=CALLED)
    other = world.tell()
    async with world.host(other) as host:
        world.clock.at += 3_600_000
        assert await code_of(host.resume(parked["id"])) == "RUN_BROKEN"
        # Others are not held up by it.
        assert (await host.start(other, inputs={}, event=CALLED))["status"] == "succeeded"
        await host.cancel(parked["id"])
        assert (await host.resume(parked["id"]))["status"] == "cancelled"


async def test_a_process_waits_for_the_one_that_drives_and_takes_over_when_that_is_gone(world: HostWorld) -> None:
    program = world.tell()
    store = await world.open_store()
    other = LeaseKeeper(store, world.clock, {**this_process(), "started": "other", "pid": 1}, lambda _holder: True)
    held = await other.acquire()
    assert isinstance(held, AcquiredLease)
    world.alive = lambda _holder: True
    async with world.host(program) as host:
        starting = asyncio.create_task(host.start(program, inputs={}, event=CALLED))
        await world.until_told("run-waiting")
        assert world.calls.written() == []
        await other.release(held)
        while not starting.done():
            await world.clock.advance(500)
            await asyncio.sleep(0)
        assert (await starting)["status"] == "succeeded"
    await store.close()


@pytest.mark.parametrize("body", [TELL, "return len(await world.list())"])
async def test_a_process_that_lost_the_store_writes_nothing_more_and_ends_no_run(world: HostWorld, body: str) -> None:
    program = world.tell(body)
    async with world.host(program) as host:

        async def taken() -> None:
            async def take(tx: Any) -> None:
                fence = await tx.next_fence()
                await tx.put_lease(
                    {"fence": fence, "holder": {**this_process(), "pid": 1}, "takenAt": 1, "expiresAt": 1 << 52}
                )

            await world.stored(take)

        world.calls.before_read = taken
        assert await code_of(host.start(program, inputs={}, event=CALLED)) == "LEASE_LOST"
    assert (world.calls.written(), [run["status"] for run in await world.runs()]) == ([], ["running"])


async def test_inputs_that_do_not_fit_or_hold_a_secret_start_nothing(world: HostWorld) -> None:
    program = world.tell(options='name="tell", inputs={"owner": "acme"}')
    world.redactor.register("hunter2-hunter2", "TOKEN")
    async with world.host(program) as host:
        assert await code_of(host.start(program, inputs={"other": 1}, event=CALLED)) == "INPUT_INVALID"
        assert await code_of(host.start(program, inputs={"owner": 1}, event=CALLED)) == "INPUT_INVALID"
        for broken in ("\ud800", "a\udfffb"):
            assert await code_of(host.start(program, inputs={"owner": broken}, event=CALLED)) == "INPUT_INVALID"
            assert await code_of(host.plan(program, inputs={"owner": broken}, event=CALLED)) == "INPUT_INVALID"
        secret = {"owner": "x hunter2-hunter2"}
        assert await code_of(host.start(program, inputs=secret, event=CALLED)) == "SECRET_IN_INPUT"
    assert world.kinds() == []


async def test_in_a_dry_run_what_is_started_is_planned_and_nothing_is_applied(world: HostWorld) -> None:
    world.dry_run = True
    program = world.tell()
    async with world.host(program) as host:
        run = await host.start(program, inputs={}, event=CALLED)
        assert (run["status"], world.calls.written()) == ("planned", [])
        assert await code_of(host.apply(run["id"], program)) == "DRY_RUN"


async def test_a_run_goes_on_only_where_it_began(world: HostWorld) -> None:
    program = world.tell('await sleep("1h")\nawait world.send(text="a")')
    async with world.host(program) as host:
        parked = await host.start(program, inputs={}, event=CALLED)
    world.clock.at += 3_600_000
    world.target = "https://other.test/"
    async with world.host(program) as host:
        assert await code_of(host.resume(parked["id"])) == "TARGET_CHANGED"
    world.target = "https://world.test/"
    async with world.host(program) as host:
        assert (await host.resume(parked["id"]))["status"] == "succeeded"


async def test_a_dry_process_leaves_what_began_for_real_as_it_is(world: HostWorld) -> None:
    program = world.tell('await sleep("1h")\nawait world.send(text="a")')
    async with world.host(program) as host:
        parked = await host.start(program, inputs={}, event=CALLED)
    world.clock.at += 3_600_000
    world.dry_run = True
    async with world.host(program) as host:
        await host.work()
        assert await code_of(host.resume(parked["id"])) == "DRY_RUN"
        assert (await host.get(parked["id"]))["status"] == "parked"
    world.dry_run = False
    async with world.host(program) as host:
        assert (await host.resume(parked["id"]))["status"] == "succeeded"


@pytest.mark.parametrize(
    ("limit", "code", "written"),
    [
        ('"calls": 1', "LIMIT_CALLS", []),
        ('"writes": 1', "LIMIT_WRITES", ["a"]),
        ('"duration": "1m"', "LIMIT_DURATION", []),
    ],
)
async def test_a_run_ends_at_its_limits(world: HostWorld, limit: str, code: str, written: list[str]) -> None:
    program = world.tell(options=f'name="tell", limits={{{limit}}}')

    async def long() -> None:
        world.clock.at += 60_001

    world.calls.before_read = long
    async with world.host(program) as host:
        run = await host.start(program, inputs={}, event=CALLED)
    assert run["error"] is not None
    assert (run["status"], run["error"]["code"], world.calls.written()) == ("failed", code, written)


async def test_a_workflow_that_is_started_runs_on_its_own_once_for_its_key(world: HostWorld) -> None:
    top = """@workflow(name="told", inputs={"id": ""})
async def told(context: Context) -> object:
    await world.send(text=context["inputs"]["id"])

"""
    program = world.tell('await start(told, "k", {"id": "a"})', top=top)
    async with world.host(program) as host:
        await host.start(program, inputs={}, event=CALLED)
        await host.start(program, inputs={}, event=CALLED)
    started = [run for run in await world.runs() if run["workflow"] == "told"]
    assert [(run["status"], run["event"]["kind"]) for run in started] == [("succeeded", "started")]
    assert world.calls.written() == ["a"]
