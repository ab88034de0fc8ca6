"""Processes that are killed while they commit."""

import signal
import subprocess
import sys

import pytest

from offstage.state import StoreTx
from offstage.testing.store_places import StorePlace, place_arguments
from offstage.testing.store_samples import numbered_entry, numbered_row

pytestmark = pytest.mark.anyio

KILLS = 32
OPENERS = 6


def write_until_killed(place: StorePlace, first: int, last: int) -> int:
    """The highest number that the writer acknowledged before it was killed in the middle of what came after `last`."""
    command = [sys.executable, "-m", "offstage.testing.commit_for_ever", str(first), *place_arguments(place)]
    highest = -1
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        for line in writer.stdout:
            highest = int(line)
            if highest >= last:
                writer.kill()
    assert writer.returncode == -signal.SIGKILL
    return highest


async def check_whole(place: StorePlace, start: int, acknowledged: int) -> int:
    """Every acknowledged row is there and whole, effect and journal agree; the first free number."""
    store = await place.open()

    async def check(t: StoreTx) -> int:
        journal = await t.load_journal("run-1")
        assert journal == [numbered_row(number) for number in range(len(journal))]
        assert len(journal) > acknowledged
        for number in range(start, len(journal)):
            assert await t.get_effect(numbered_entry(number)["id"]) == numbered_entry(number)
        assert await t.get_effect(numbered_entry(len(journal))["id"]) is None
        return len(journal)

    following = await store.transact(check, durable=False)
    await store.close()
    return following


async def test_a_killed_process_loses_no_acknowledged_row_and_leaves_no_half_transaction(place: StorePlace) -> None:
    following = 0
    for kill in range(KILLS):
        acknowledged = write_until_killed(place, following, following + kill % 7)
        following = await check_whole(place, following, acknowledged)
    assert following >= KILLS


async def test_processes_that_start_at_once_make_one_store(place: StorePlace) -> None:
    command = [sys.executable, "-m", "offstage.testing.take_token", *place_arguments(place)]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(OPENERS)]
    said = [process.communicate()[0].split() for process in started]
    assert len({id for id, _ in said}) == 1
    assert sorted(int(token) for _, token in said) == list(range(1, OPENERS + 1))
