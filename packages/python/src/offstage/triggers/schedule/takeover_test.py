"""Real processes that serve together, one of which is killed."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from offstage.host import EmbeddedHost, Program, Serving, holder_is_alive, serve_workflow, serve_workflows, this_process
from offstage.model import Run
from offstage.testing.host_world import HostWorld, write_program
from offstage.testing.served_world import TOP
from offstage.testing.store_places import StoreIn
from offstage.triggers.schedule import Schedules

ON = 'every("1s", missed="all", key=lambda event: event["at"][17:19])'
BODY = 'await once(context["event"]["at"], lambda: world.send(text=context["event"]["at"][11:19]))'


def _serve(world: HostWorld, program: Program) -> None:
    """A process that serves until it is killed. Who drives leaves its pid."""

    async def slow(_text: str) -> None:
        part = world.folder / f"drives-{os.getpid()}"
        part.write_text(str(os.getpid()))
        part.rename(world.folder / "drives")
        await asyncio.sleep(0.2)

    async def main() -> None:
        world.calls.before_answer = slow
        store, environment = await world.open_store(), world.environment()
        host = EmbeddedHost(
            store=store, environment=environment, programs=[program], me=this_process(), alive=holder_is_alive
        )
        workflows = [serve_workflow(program, environment)]
        await serve_workflows(
            Serving(
                store=store,
                host=host,
                environment=environment,
                workflows=workflows,
                sources=[Schedules(store, environment.clock, workflows)],
                news=lambda _news: None,
                stop=asyncio.Event(),
                bell=asyncio.Event(),
                grace_ms=0,
            )
        )

    asyncio.run(main())


def _until(reached: Callable[[], bool]) -> float:
    """How long it took; s."""
    since = time.monotonic()
    while not reached():
        assert time.monotonic() - since < 60
        time.sleep(0.01)
    return time.monotonic() - since


def test_of_two_that_serve_one_is_killed_while_it_drives_and_the_other_takes_over_within_seconds(
    tmp_path: Path, store_in: StoreIn
) -> None:
    world, fork = HostWorld(tmp_path, store_in, is_real=True), multiprocessing.get_context("fork")
    asyncio.run(_runs(world))
    program = write_program(tmp_path / "package", BODY, top=TOP, options=f'name="tick", on=[{ON}]')
    # Whatever comes of it, they end with this one.
    processes = [
        fork.Process(target=_serve, args=(HostWorld(tmp_path, store_in, is_real=True), program), daemon=True)
        for _ in range(2)
    ]
    for process in processes:
        process.start()
    _until(lambda: len(world.calls.written()) >= 3)
    before = len(world.calls.written())
    _until(lambda: len(world.calls.written()) > before and (tmp_path / "drives").exists())
    driver = int((tmp_path / "drives").read_text())
    os.kill(driver, signal.SIGKILL)
    # What the killed one had begun to write may still appear: who drives now is told by who says so.
    assert _until(lambda: (tmp_path / "drives").read_text() not in ("", str(driver))) < 10
    killed = len(world.calls.written())
    _until(lambda: len(world.calls.written()) > killed + 2)
    for process in processes:
        process.kill()
        process.join()
    runs, written = asyncio.run(_runs(world)), world.calls.written()
    assert len(written) == len(set(written))
    # Each second has its run, from the first that was looked at on, and of one it may not be known.
    seconds = sorted(str(run["event"].get("at"))[:19] for run in runs)
    whole = [time.mktime(time.strptime(one, "%Y-%m-%dT%H:%M:%S")) for one in seconds]
    assert whole == [whole[0] + index for index in range(len(whole))]
    assert sum(len(run["ambiguous"]) for run in runs) <= 1


async def _runs(world: HostWorld) -> list[Run]:
    return await world.stored(lambda tx: tx.list_runs(limit=99))
