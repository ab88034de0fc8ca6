"""Real processes that are killed around a write."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from offstage.testing.effects_world import TIMEOUT_MS, BookServer, EffectsWorld, lease, once_request
from offstage.testing.fake_clock import FakeClock
from offstage.testing.store_places import StorePlace, place_arguments

pytestmark = pytest.mark.anyio

NOW = 1_000_000


def start(folder: Path, place: StorePlace, point: str) -> subprocess.Popen[str]:
    """A process that comes to the write, and stops at a point of it."""
    command = [sys.executable, "-m", "offstage.testing.effects_world", str(folder / "book"), point, str(NOW)]
    return subprocess.Popen(
        [*command, *place_arguments(place)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


async def prepare(place: StorePlace) -> None:
    store = await place.open()
    await lease(store)
    await store.close()


async def again(folder: Path, place: StorePlace) -> tuple[str, int]:
    """What a later process gets, long after; and how often the server wrote."""
    store = await place.open()
    server = BookServer(folder / "book")
    answer = await EffectsWorld(store, server, FakeClock(NOW + 2 * TIMEOUT_MS)).effects("run-2").perform(once_request())
    await store.close()
    return answer["kind"], server.calls()


@pytest.mark.parametrize(
    ("point", "expected"), [("intent", ("ambiguous", 0)), ("sent", ("ambiguous", 1)), ("outcome", ("done", 1))]
)
async def test_a_process_killed_between_two_steps_of_a_write_writes_nothing_twice(
    tmp_path: Path, place: StorePlace, point: str, expected: tuple[str, int]
) -> None:
    await prepare(place)
    with start(tmp_path, place, point) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"at {point}\n"
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert await again(tmp_path, place) == expected
    assert await again(tmp_path, place) == expected


async def test_processes_that_come_to_a_write_at_once_make_it_once(tmp_path: Path, place: StorePlace) -> None:
    await prepare(place)
    processes = [start(tmp_path, place, "nowhere") for _ in range(4)]
    said = [process.communicate() for process in processes]
    kinds = sorted(out.strip() for out, _ in said)
    assert set(kinds) <= {"done", "ambiguous"}, said
    assert "done" in kinds
    assert await again(tmp_path, place) == ("done", 1)
