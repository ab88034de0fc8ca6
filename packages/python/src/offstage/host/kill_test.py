from __future__ import annotations

import asyncio
import multiprocessing
import signal
from pathlib import Path

import pytest

from offstage.base import OffstageError
from offstage.host import EmbeddedHost, lift_pauses
from offstage.model import Run, RunEvent
from offstage.state import change_pauses
from offstage.testing.host_world import ASKS, CALLED, TELL, HostWorld
from offstage.testing.store_places import StoreIn, file_in


def _live(world: HostWorld, phase: str) -> None:
    """A process that runs, applies, or permits or answers and goes on, and dies at a step."""
    asyncio.run(_begin(world, phase))


# What is read comes before what is asked: a run that goes on after the answer writes what the person was shown.
ASKING = f'await approve(message="Send them?", show=await world.list())\n{TELL}'


# It writes, and then reads once more.
AGAIN = TELL.replace('return {"told": len(items)}', "await world.list()")
TEXTS = {"approval": ASKING, "again": AGAIN}
PHASES = ["run", "apply", "grant", "approval", "again", "paused"]
QUEUED: RunEvent = {"kind": "queue", "body": 1, "attempt": 1}


async def _answer_open(world: HostWorld, host: EmbeddedHost) -> None:
    """Answers whatever workflows ask by now."""
    asked = await world.stored(lambda tx: tx.list_waits(kind="approval", status=["open"], limit=9))
    for wait in asked:
        await host.answer_approval(wait["id"], "approved", by="ada")


async def _begin(world: HostWorld, phase: str) -> None:
    program = world.tell(TEXTS.get(phase, TELL))
    world.policy = ASKS if phase == "grant" else world.policy
    world.retry_ms = 3_600_000
    async with world.host(program) as host:
        if phase == "run":
            await host.start(program, inputs={}, event=CALLED)
        elif phase == "apply":
            await host.apply((await world.runs())[0]["id"], program)
        elif phase == "approval":
            await _answer_open(world, host)
            await host.work()
        elif phase == "again":
            world.calls.before_read = lambda: _lose(world)
            await host.start(program, inputs={}, event=QUEUED)
        elif phase == "paused":
            await world.stored(lambda tx: lift_pauses(tx, ["*"]))
            await host.work()
        else:
            await host.answer([one["id"] for one in await world.open_requests()], "approve", by="ada")
            await host.work()


async def _lose(world: HostWorld) -> None:
    """The server is gone when it is read for the second time."""
    world.calls.down = "SERVER_UNREACHABLE" if world.calls.reads == 2 else ""


async def _prepare(world: HostWorld, phase: str) -> None:
    """What went before: a plan, or a run that was held, by a question or a pause, or one that asks."""
    program = world.tell(TEXTS.get(phase, TELL))
    world.policy = ASKS if phase == "grant" else world.policy
    world.retry_ms = 3_600_000
    async with world.host(program) as host:
        if phase == "apply":
            await host.plan(program, inputs={}, event=CALLED)
        elif phase in ("grant", "approval"):
            await host.start(program, inputs={}, event=CALLED)
        elif phase == "paused":
            await world.stored(lambda tx: change_pauses(tx, add=["*"]))
            await host.start(program, inputs={}, event=QUEUED)


async def _go_on(world: HostWorld, phase: str) -> tuple[list[Run], list[str]]:
    """What a process finds that looks long after, and what was written in all."""
    world.clock.at += 3_600_000
    program = world.tell(TEXTS.get(phase, TELL))
    world.policy = ASKS if phase == "grant" else world.policy
    world.retry_ms = 3_600_000
    async with world.host(program) as host:
        if phase == "grant":
            await host.answer([one["id"] for one in await world.open_requests()], "approve", by="ada")
        await _answer_open(world, host)
        await host.work()
    return [run for run in await world.runs() if run["phase"] != "plan"], world.calls.written()


# It starts processes of its own, each with a loop of its own.
@pytest.mark.parametrize("phase", PHASES)
def test_a_process_killed_at_any_step_writes_nothing_twice_and_forgets_nothing(
    tmp_path: Path, store_in: StoreIn, phase: str
) -> None:
    fork = multiprocessing.get_context("fork")
    # A server makes schemas slowly: there each phase dies at a few of its steps, other ones each.
    first, every = (1, 1) if store_in is file_in else (1 + 3 * PHASES.index(phase), 3 * len(PHASES))
    for dies_at in range(first, 200, every):
        folder = tmp_path / str(dies_at)
        folder.mkdir()
        asyncio.run(_prepare(HostWorld(folder, store_in), phase))
        process = fork.Process(target=_live, args=(HostWorld(folder, store_in, dies_at=dies_at), phase))
        process.start()
        process.join()
        runs, written = asyncio.run(_go_on(HostWorld(folder, store_in), phase))
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


def _die(world: HostWorld, body: str) -> None:
    asyncio.run(_run(world, body))


async def _run(world: HostWorld, body: str) -> None:
    program = world.tell(body)
    async with world.host(program) as host:
        await host.start(program, inputs={}, event=CALLED)


def test_a_write_is_intended_only_with_all_that_led_to_it(tmp_path: Path, store_in: StoreIn) -> None:
    dying = HostWorld(tmp_path, store_in, dies_on="sending")
    process = multiprocessing.get_context("fork").Process(target=_die, args=(dying, TELL))
    process.start()
    process.join()
    world = HostWorld(tmp_path, store_in)
    # Read again, it would be other writes, and the one that may have been sent would be forgotten.
    world.calls.items = [{"id": "z"}]
    [run], written = asyncio.run(_go_on(world, "run"))
    assert (len(run["ambiguous"]), written, world.calls.reads) == (1, ["b"], 0)


def test_a_run_waits_only_with_all_that_led_to_it(tmp_path: Path) -> None:
    body = 'items = await world.list()\nawait sleep("1h")\nawait world.send(text=items[0]["id"])'
    met = 0
    for dies_at in range(1, 60):
        folder = tmp_path / str(dies_at)
        folder.mkdir()
        process = multiprocessing.get_context("fork").Process(
            target=_die, args=(HostWorld(folder, dies_at=dies_at), body)
        )
        process.start()
        process.join()
        for run in asyncio.run(HostWorld(folder).runs()):
            waits, keys = asyncio.run(_left(HostWorld(folder), run["id"]))
            assert waits == 0 or "world.list#1" in keys, dies_at
            met += waits
        if process.exitcode == 0:
            assert met > 1
            return
    raise AssertionError("It never came to its end.")


async def _left(world: HostWorld, run_id: str) -> tuple[int, list[str]]:
    """How much a run waits for in the store, and the keys of its journal."""
    waits = await world.stored(lambda tx: tx.waits_of(run_id))
    return len(waits), [row["key"] for row in await world.stored(lambda tx: tx.load_journal(run_id))]


def _at_once(world: HostWorld, phase: str) -> None:
    """A process that does the same as others at the same time, on the clock of all of them."""
    try:
        asyncio.run(_begin(world, phase))
    except OffstageError as error:
        # Another one was there first.
        if error.code not in ("PLAN_APPLIED", "REQUEST_UNKNOWN"):
            raise


@pytest.mark.parametrize("phase", ["apply", "grant", "run", "approval", "paused"])
def test_processes_that_do_the_same_at_once_write_once(tmp_path: Path, store_in: StoreIn, phase: str) -> None:
    asyncio.run(_prepare(HostWorld(tmp_path, store_in, is_real=True), phase))
    fork = multiprocessing.get_context("fork")
    worlds = [HostWorld(tmp_path, store_in, is_real=True) for _ in range(4)]
    processes = [fork.Process(target=_at_once, args=(world, phase)) for world in worlds]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    world = HostWorld(tmp_path, store_in, is_real=True)
    _, written = asyncio.run(_go_on(world, phase))
    assert sorted(written) == ["a", "b"]
