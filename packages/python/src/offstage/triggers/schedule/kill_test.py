from __future__ import annotations

import asyncio
import multiprocessing
import signal
from pathlib import Path

from offstage.model import Run
from offstage.testing.host_world import NOW, HostWorld
from offstage.testing.served_world import ServedWorld
from offstage.testing.store_places import StoreIn, file_in

_ON = 'every("1s", missed="all", key=lambda event: event["at"][17:18])'
_BODY = 'await once(context["event"]["at"], lambda: world.send(text=context["event"]["at"][17:19]))'


def _live(world: HostWorld) -> None:
    """A process that serves for two seconds, and dies at a step."""
    asyncio.run(_serve(world, 1, 2_000))


async def _serve(world: HostWorld, pid: int, ms: int) -> list[Run]:
    served = ServedWorld(world)
    process = await served.serve(pid, served.program(_ON, _BODY))
    await served.advance(ms)
    await served.stop(process)
    await served.close()
    return await world.runs()


def test_a_process_killed_between_any_two_transactions_loses_no_time_and_starts_none_twice(
    tmp_path: Path, store_in: StoreIn
) -> None:
    fork = multiprocessing.get_context("fork")
    # A server makes schemas slowly.
    for dies_at in range(1, 300, 3 if store_in is file_in else 14):
        folder = tmp_path / str(dies_at)
        folder.mkdir()
        process = fork.Process(target=_live, args=(HostWorld(folder, store_in, dies_at=dies_at),))
        process.start()
        process.join()
        later = HostWorld(folder, store_in)
        later.clock.at = NOW + 4_000
        runs = asyncio.run(_serve(later, 2, 1_000))
        written = later.calls.written()
        times = sorted(str(run["event"].get("at")) for run in runs)
        assert len(times) == len(set(times)), (dies_at, times)
        assert len(written) == len(set(written)), (dies_at, written)
        if process.exitcode == 0:
            assert dies_at > 24
            return
        assert process.exitcode == -signal.SIGKILL
        unsure = sum(len(run["ambiguous"]) for run in runs)
        assert unsure <= 1
        # From the first time that it was looked at on, each of them has its run.
        seconds = [int(time[17:19]) for time in times]
        assert seconds == [*range(seconds[0], 26)], (dies_at, times)
        assert {run["status"] for run in runs} <= {"succeeded", "needs-attention"}, dies_at
    raise AssertionError("It never came to its end.")
