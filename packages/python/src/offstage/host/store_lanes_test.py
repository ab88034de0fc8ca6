"""Processes that share the limits of their calls over a store."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

from offstage.base import ErrorData, OffstageError
from offstage.calls import Lane, LaneLimit, RateLimit
from offstage.calls.rate_limiter import RateLimiter
from offstage.calls.turn_queue import Turn
from offstage.host import StoreLanes, holder_is_alive, this_process
from offstage.state import Store, StoreTx
from offstage.testing.fake_clock import FakeClock
from offstage.testing.store_places import StorePlace
from offstage.testing.worlds import RealClock

T = TypeVar("T")

PER_SECOND, CALLS = 10, 15
# A process that the machine holds up between its turn and its call is late by one call.
LATE = 3
RATE = [LaneLimit(name="all", rate=RateLimit(per_second=PER_SECOND, concurrent=1))]
SLOT = [LaneLimit(name="slot", rate=RateLimit(concurrent=1))]


def _quiet(_why: ErrorData | None) -> None:
    raise AssertionError("The store could be asked.")


def lanes_of(store: Store, clock: Any, told: Callable[[ErrorData | None], None] = _quiet) -> StoreLanes:
    return StoreLanes(store, clock, me=this_process(), alive=holder_is_alive, random_bytes=os.urandom, on_trouble=told)


def _call(place: StorePlace, log: Path) -> None:
    """A process that makes calls under the rate; it says when each begins and ends, by a clock that all of them share."""

    async def main() -> None:
        store = await place.open()
        lanes = lanes_of(store, RealClock())
        limiter = RateLimiter(RealClock(), lanes)
        with log.open("a", buffering=1) as lines:
            for _ in range(CALLS):
                turn = await limiter.turn("token", RATE)
                assert isinstance(turn, Turn)
                lines.write(f"+{time.monotonic()}\n")
                await asyncio.sleep(0.01)
                lines.write(f"-{time.monotonic()}\n")
                turn.release()
        await lanes.close()
        await store.close()

    asyncio.run(main())


def _hold(place: StorePlace, log: Path) -> None:
    """A process that takes the slot and keeps it."""

    async def main() -> None:
        limiter = RateLimiter(RealClock(), lanes_of(await place.open(), RealClock()))
        await limiter.turn("token", SLOT)
        log.write_text("held")
        await asyncio.sleep(600)

    asyncio.run(main())


def test_processes_keep_a_rate_and_a_slot_together(place: StorePlace, tmp_path: Path) -> None:
    fork, log = multiprocessing.get_context("fork"), tmp_path / "log"
    asyncio.run(_made(place))
    processes = [fork.Process(target=_call, args=(place, log)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    lines = log.read_text().splitlines()
    begun = sorted(float(line[1:]) for line in lines if line.startswith("+"))
    assert len(begun) == 2 * CALLS
    assert max(sum(at <= other < at + 1 for other in begun) for at in begun) <= PER_SECOND + LATE
    # Nobody began before the other one had ended: the file is in the order in which they wrote.
    assert "".join(line[0] for line in lines) == "+-" * (2 * CALLS)


async def _made(place: StorePlace) -> None:
    await (await place.open()).close()


async def _waits(place: StorePlace, kill: Callable[[], None]) -> float:
    """How long it takes to get the slot once its holder was killed; s."""
    store = await place.open()
    lanes = lanes_of(store, RealClock())
    limiter = RateLimiter(RealClock(), lanes)
    assert await limiter.turn("token", SLOT, deadline_at=RealClock().now() + 300) == "deadline"
    kill()
    since = time.monotonic()
    turn = await limiter.turn("token", SLOT)
    took = time.monotonic() - since
    assert isinstance(turn, Turn)
    await lanes.close()
    left = await store.transact(lambda tx: tx.get_lane("token"), durable=False, reads=True)
    lane: Any = left.lane
    assert lane["uses"] == []
    await store.close()
    return took


def test_one_that_is_killed_with_the_slot_in_its_hands_keeps_nobody_waiting(place: StorePlace, tmp_path: Path) -> None:
    asyncio.run(_made(place))
    holder = multiprocessing.get_context("fork").Process(target=_hold, args=(place, tmp_path / "held"))
    holder.start()
    while not (tmp_path / "held").exists():
        time.sleep(0.02)

    def kill() -> None:
        holder.kill()
        holder.join()

    assert asyncio.run(_waits(place, kill)) < 2
    assert holder.exitcode == -signal.SIGKILL


class BreakingStore:
    """A store that cannot be asked while `broken`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.broken = False

    @property
    def id(self) -> str:
        return self._store.id

    async def transact(self, body: Any, **how: Any) -> Any:
        if self.broken:
            raise OffstageError("STORE_LOCKED", "It is locked.")
        return await self._store.transact(body, **how)

    async def close(self) -> None:
        await self._store.close()


@pytest.mark.anyio
async def test_a_store_that_cannot_be_asked_lets_no_call_pass_as_it_likes_and_ends_none(place: StorePlace) -> None:
    store, clock, told = BreakingStore(await place.open()), FakeClock(), list[str | None]()
    limiter = RateLimiter(clock, lanes_of(store, clock, lambda why: told.append(None if why is None else why["code"])))
    three = [LaneLimit(name="rate", rate=RateLimit(per_second=3))]

    async def turn() -> Turn:
        given = await limiter.turn("token", three)
        assert isinstance(given, Turn)
        return given

    (await turn()).release()
    store.broken = True
    # One had begun before: the fourth within a second waits.
    for _ in range(2):
        (await turn()).release()
    late = asyncio.create_task(turn())
    await clock.advance(500)
    assert (late.done(), told) == (False, ["STORE_LOCKED"])
    await clock.advance(1_000)
    (await late).release()
    store.broken = False
    await clock.advance(5_000)
    (await turn()).release()
    assert told == ["STORE_LOCKED", None]

    async def lane_of(tx: StoreTx) -> Lane:
        return (await tx.get_lane("token")).lane

    lane: Lane = await store.transact(lane_of, durable=False, reads=True)
    assert len(lane["windows"]["rate"]["starts"]) > 0
    await store.close()
