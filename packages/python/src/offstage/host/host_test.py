from __future__ import annotations

import asyncio
import multiprocessing
import signal
from pathlib import Path
from typing import Any

import pytest

from offstage.base import OffstageError
from offstage.host import Program, RunNews, this_process
from offstage.host.lease_keeper import AcquiredLease, LeaseKeeper
from offstage.model import DEFAULT_POLICY, ApprovalRequest, Policy, Run, RunEvent
from offstage.stores.sqlite import open_sqlite_store
from offstage.testing.host_world import HostWorld, write_program
from offstage.testing.store_places import code_of

pytestmark = pytest.mark.anyio

CALLED: RunEvent = {"kind": "call"}
TELL = """
items = await world.list()

async def turn(item):
    await once(f"say:{item['id']}", lambda: world.send(text=item["id"]))

await each(items, turn, key=lambda item: item["id"])
return {"told": len(items)}
"""


@pytest.fixture
def world(tmp_path: Path) -> HostWorld:
    return HostWorld(tmp_path)


def tell(world: HostWorld, body: str = TELL, **more: Any) -> Program:
    return write_program(world.folder / "package", body, **more)


async def test_a_plan_shows_the_writes_and_makes_none_and_its_apply_makes_each_once(world: HostWorld) -> None:
    program = tell(world)
    async with world.host(program) as host:
        planned, plan = await host.plan(program, inputs={}, event=CALLED)
        assert planned["status"] == "planned"
        assert [one["args"]["value"] for one in plan["effects"]] == [{"text": "a"}, {"text": "b"}]
        assert world.calls.written() == []
        applied = await host.apply(plan["id"], program)
        assert (applied["status"], applied["id"], applied["counts"]["writes"]) == ("succeeded", plan["id"], 2)
        assert applied["output"] == {"told": 2}
        assert world.calls.written() == ["a", "b"]
        assert await code_of(host.apply(plan["id"], program)) == "PLAN_APPLIED"
        assert await code_of(host.apply("never", program)) == "PLAN_UNKNOWN"


async def test_an_apply_writes_what_was_shown_whatever_is_there_by_then(world: HostWorld) -> None:
    program = tell(world)
    async with world.host(program) as host:
        _, plan = await host.plan(program, inputs={}, event=CALLED)
        world.calls.items.append({"id": "c"})
        applied = await host.apply(plan["id"], program)
        assert (applied["status"], world.calls.written(), world.calls.reads) == ("succeeded", ["a", "b"], 1)


@pytest.mark.parametrize("what", ["the workflow", "the policy", "the target of world"])
async def test_a_plan_is_void_once_what_it_was_made_under_is_something_else(world: HostWorld, what: str) -> None:
    program = tell(world)
    async with world.host(program) as host:
        _, plan = await host.plan(program, inputs={}, event=CALLED)
    other = tell(world, TELL.replace("say:", "tell:")) if what == "the workflow" else program
    if what == "the policy":
        world.policy = {**world.policy, "rules": [{"verdict": "deny", "tool": "other"}]}
    if what == "the target of world":
        world.target = "https://other.test/"
    async with world.host(other) as host:
        with pytest.raises(OffstageError) as raised:
            await host.apply(plan["id"], other)
    assert (raised.value.code, what in raised.value.message) == ("PLAN_VOID", True)


async def test_a_plan_expires(world: HostWorld) -> None:
    program = tell(world)
    async with world.host(program) as host:
        _, plan = await host.plan(program, inputs={}, event=CALLED)
        world.clock.at += world.policy["planMaxAgeMs"] + 1
        assert await code_of(host.apply(plan["id"], program)) == "PLAN_EXPIRED"
        assert world.calls.written() == []


async def test_what_an_earlier_run_wrote_is_not_written_again(world: HostWorld) -> None:
    program = tell(world)
    async with world.host(program) as host:
        first = await host.start(program, inputs={}, event=CALLED)
        world.calls.items.append({"id": "c"})
        later = await host.start(program, inputs={}, event=CALLED)
    assert (first["status"], later["status"], later["counts"]["writes"]) == ("succeeded", "succeeded", 1)
    assert world.calls.written() == ["a", "b", "c"]
    assert world.kinds()[0] == "run-started"
    assert world.kinds()[-1] == "run-ended"


async def test_a_run_that_sleeps_is_parked_and_goes_on_in_time_from_where_it_was(world: HostWorld) -> None:
    program = tell(world, 'items = await world.list()\nawait sleep("1h")\nawait world.send(text=items[0]["id"])')
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
    # Parked time is not driven time.
    assert ended["drivenMs"] < 3_600_000


async def test_a_run_that_waits_for_a_person_goes_on_with_the_answer(world: HostWorld) -> None:
    program = tell(world, 'await approve(message="Send it?")\nawait world.send(text="yes")')
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
    program = tell(world, body, top=COUNTS)
    async with world.host(program) as host:
        assert (await host.start(program, inputs={}, event=CALLED))["output"] == 0
        world.calls.broken = True
        assert (await host.start(program, inputs={}, event=CALLED))["status"] == "failed"
        world.calls.broken = False
        assert (await host.start(program, inputs={}, event=CALLED))["output"] == 1


async def test_of_two_runs_that_change_a_state_at_once_one_fails(world: HostWorld) -> None:
    program = tell(world, "before = await seen.get()\nawait world.list()\nawait seen.set(before + 1)", top=COUNTS)
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
    program = tell(world)
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


async def test_a_parked_run_can_be_cancelled_also_where_its_text_is_gone(world: HostWorld) -> None:
    program = tell(world, 'await sleep("1h")')
    async with world.host(program) as host:
        parked = await host.start(program, inputs={}, event=CALLED)
    other = tell(world)
    async with world.host(other) as host:
        world.clock.at += 3_600_000
        assert await code_of(host.resume(parked["id"])) == "RUN_BROKEN"
        # Others are not held up by it.
        assert (await host.start(other, inputs={}, event=CALLED))["status"] == "succeeded"
        await host.cancel(parked["id"])
        assert (await host.resume(parked["id"]))["status"] == "cancelled"


async def test_a_process_waits_for_the_one_that_drives_and_takes_over_when_that_is_gone(world: HostWorld) -> None:
    program = tell(world)
    store = await open_sqlite_store(world.folder / "store.db", now=world.clock.now())
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


async def test_a_process_that_lost_the_store_writes_nothing_more(world: HostWorld) -> None:
    program = tell(world)
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
    assert world.calls.written() == []


async def test_inputs_that_do_not_fit_or_hold_a_secret_start_nothing(world: HostWorld) -> None:
    program = tell(world, options='name="tell", inputs={"owner": "acme"}')
    world.redactor.register("hunter2-hunter2", "TOKEN")
    async with world.host(program) as host:
        assert await code_of(host.start(program, inputs={"other": 1}, event=CALLED)) == "INPUT_INVALID"
        assert await code_of(host.start(program, inputs={"owner": 1}, event=CALLED)) == "INPUT_INVALID"
        secret = {"owner": "x hunter2-hunter2"}
        assert await code_of(host.start(program, inputs=secret, event=CALLED)) == "SECRET_IN_INPUT"
    assert world.kinds() == []


async def test_in_a_dry_run_what_is_started_is_planned_and_nothing_is_applied(world: HostWorld) -> None:
    world.dry_run = True
    program = tell(world)
    async with world.host(program) as host:
        run = await host.start(program, inputs={}, event=CALLED)
        assert (run["status"], world.calls.written()) == ("planned", [])
        assert await code_of(host.apply(run["id"], program)) == "DRY_RUN"


async def test_a_run_goes_on_only_where_it_began(world: HostWorld) -> None:
    program = tell(world, 'await sleep("1h")\nawait world.send(text="a")')
    async with world.host(program) as host:
        parked = await host.start(program, inputs={}, event=CALLED)
    world.clock.at += 3_600_000
    world.target = "https://other.test/"
    async with world.host(program) as host:
        assert await code_of(host.resume(parked["id"])) == "TARGET_CHANGED"
    world.target = "https://world.test/"
    async with world.host(program) as host:
        assert (await host.resume(parked["id"]))["status"] == "succeeded"


ASKS: Policy = {**DEFAULT_POLICY, "rules": [{"verdict": "approve"}]}


async def open_requests(world: HostWorld) -> list[ApprovalRequest]:
    return await world.stored(lambda tx: tx.list_requests(status=["open"], limit=9))


async def runs_of(world: HostWorld) -> list[Run]:
    """Those that continue others come after them, whatever the clock says."""
    runs = await world.stored(lambda tx: tx.list_runs(limit=9))
    return sorted(runs, key=lambda run: run["id"] != run["rootRunId"])


async def test_a_write_that_a_person_permits_is_made_by_a_run_that_goes_on_and_no_other_time_passes(
    world: HostWorld,
) -> None:
    world.policy = ASKS
    program = tell(world, 'await sleep("1h")\n' + TELL)
    async with world.host(program) as host:
        first = await host.start(program, inputs={}, event=CALLED)
        world.clock.at += 3_600_000
        first = await host.resume(first["id"])
        assert (first["status"], len(first["held"]), world.calls.written()) == ("pending", 2, [])
        a, b = sorted(await open_requests(world), key=lambda one: str(one["args"]))
        [granted] = await host.answer([a["id"]], "approve", by="ada")
        await host.answer([b["id"]], "deny", by="ada")
        assert await host.work() is None
        later = await host.get(str(granted["continuedBy"]))
    assert (later["rootRunId"], later["status"], world.calls.written()) == (first["id"], "succeeded", ["a"])
    assert [run["id"] for run in await runs_of(world)] == [first["id"], later["id"]]


async def test_what_is_permitted_while_a_run_goes_on_is_made_by_one_that_continues_it(world: HostWorld) -> None:
    world.policy = ASKS
    program = tell(world, TELL.replace('return {"told": len(items)}', "await world.list()"))
    async with world.host(program) as host:

        async def permit() -> None:
            if world.calls.reads == 2:
                await host.answer([one["id"] for one in await open_requests(world)], "approve", by="ada")

        world.calls.before_read = permit
        first = await host.start(program, inputs={}, event=CALLED)
        assert first["status"] == "pending"
        await host.work()
    first, later = await runs_of(world)
    assert (later["rootRunId"], later["status"]) == (first["id"], "succeeded")
    assert world.calls.written() == ["a", "b"]
    assert await open_requests(world) == []


async def test_a_run_that_was_cancelled_is_not_begun_again_by_a_grant(world: HostWorld) -> None:
    world.policy = ASKS
    program = tell(world, TELL.replace("    await", '    if item["id"] == "b":\n        await sleep("1h")\n    await'))
    async with world.host(program) as host:
        parked = await host.start(program, inputs={}, event=CALLED)
        assert parked["status"] == "parked"
        await host.cancel(parked["id"])
        assert (await host.resume(parked["id"]))["status"] == "cancelled"
        await host.answer([one["id"] for one in await open_requests(world)], "approve", by="ada")
        await host.work()
    assert ([run["status"] for run in await runs_of(world)], world.calls.written()) == (["cancelled"], [])


async def test_what_was_settled_is_gone_on_with(world: HostWorld) -> None:
    program = tell(world)
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


def _live(folder: str, dies_at: int, phase: str) -> None:
    """A process that runs, applies, or permits and goes on, and dies at a step."""
    asyncio.run(_begin(HostWorld(Path(folder), dies_at=dies_at), phase))


async def _begin(world: HostWorld, phase: str) -> None:
    program = tell(world)
    world.policy = ASKS if phase == "grant" else world.policy
    async with world.host(program) as host:
        if phase == "run":
            await host.start(program, inputs={}, event=CALLED)
        elif phase == "apply":
            await host.apply((await runs_of(world))[0]["id"], program)
        else:
            await host.answer([one["id"] for one in await open_requests(world)], "approve", by="ada")
            await host.work()


async def _prepare(world: HostWorld, phase: str) -> None:
    """What went before: a plan, or a run that was held."""
    program = tell(world)
    world.policy = ASKS if phase == "grant" else world.policy
    async with world.host(program) as host:
        if phase == "apply":
            await host.plan(program, inputs={}, event=CALLED)
        elif phase == "grant":
            await host.start(program, inputs={}, event=CALLED)


async def _go_on(world: HostWorld, phase: str) -> tuple[list[Run], list[str]]:
    """What a process finds that looks long after, and what was written in all."""
    world.clock.at += 3_600_000
    program = tell(world)
    world.policy = ASKS if phase == "grant" else world.policy
    async with world.host(program) as host:
        if phase == "grant":
            await host.answer([one["id"] for one in await open_requests(world)], "approve", by="ada")
        await host.work()
    return [run for run in await runs_of(world) if run["phase"] != "plan"], world.calls.written()


# It starts processes of its own, each with a loop of its own.
@pytest.mark.parametrize("phase", ["run", "apply", "grant"])
def test_a_process_killed_at_any_step_writes_nothing_twice_and_forgets_nothing(tmp_path: Path, phase: str) -> None:
    fork = multiprocessing.get_context("fork")
    for dies_at in range(1, 200):
        folder = tmp_path / str(dies_at)
        folder.mkdir()
        asyncio.run(_prepare(HostWorld(folder), phase))
        process = fork.Process(target=_live, args=(str(folder), dies_at, phase))
        process.start()
        process.join()
        runs, written = asyncio.run(_go_on(HostWorld(folder), phase))
        assert len(written) == len(set(written)), (dies_at, written)
        assert len(runs) <= 2, (dies_at, runs)
        for run in runs[-1:]:
            # What may have been sent is told, and everything else is done.
            unsure = len(run["ambiguous"])
            assert run["status"] == ("needs-attention" if unsure else "succeeded"), (dies_at, run)
            assert unsure <= 1
            assert len(written) >= 2 - unsure, (dies_at, written)
        if process.exitcode == 0:
            assert dies_at > 20
            return
        assert process.exitcode == -signal.SIGKILL
    raise AssertionError("It never came to its end.")
