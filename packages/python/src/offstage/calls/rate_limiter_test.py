import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from offstage.calls.lane import LaneLimit
from offstage.calls.lanes import OwnLanes
from offstage.calls.ports import RateLimit
from offstage.calls.rate_limiter import RateLimiter
from offstage.calls.turn_queue import Turn
from offstage.testing.fake_clock import FakeClock

Begun = list[int]


def limit(per_second: float | None = None, concurrent: int | None = None, name: str = "all") -> LaneLimit:
    return LaneLimit(name=name, rate=RateLimit(per_second=per_second, concurrent=concurrent))


def run(main: Callable[[FakeClock, RateLimiter], Awaitable[None]]) -> None:
    async def inner() -> None:
        clock = FakeClock()
        await main(clock, RateLimiter(clock, OwnLanes(clock)))

    asyncio.run(inner())


async def begins(
    clock: FakeClock,
    limiter: RateLimiter,
    limits: list[LaneLimit],
    begun: Begun,
    holds_ms: float | None = 0,
    **more: Any,
) -> object:
    turn = await limiter.turn("key", limits, **more)
    if isinstance(turn, Turn):
        begun.append(clock.now() - 1_000_000)
        if holds_ms is not None:
            await clock.sleep(holds_ms)
            turn.release()
    return turn


def test_no_more_calls_begin_in_any_second_than_a_rate_allows() -> None:
    async def main(clock: FakeClock, limiter: RateLimiter) -> None:
        begun: Begun = []
        tasks = [asyncio.create_task(begins(clock, limiter, [limit(per_second=2)], begun)) for _ in range(6)]
        await clock.advance(5_000)
        await asyncio.gather(*tasks)
        assert begun == [0, 0, 1_000, 1_000, 2_000, 2_000]
        await clock.advance(10_000)
        late = [asyncio.create_task(begins(clock, limiter, [limit(per_second=2)], begun)) for _ in range(3)]
        await clock.advance(3_000)
        await asyncio.gather(*late)
        assert begun[6:] == [15_000, 15_000, 16_000]

    run(main)


def test_a_rate_below_one_is_a_call_every_so_often() -> None:
    async def main(clock: FakeClock, limiter: RateLimiter) -> None:
        begun: Begun = []
        tasks = [asyncio.create_task(begins(clock, limiter, [limit(per_second=0.5)], begun)) for _ in range(3)]
        await clock.advance(9_000)
        await asyncio.gather(*tasks)
        assert begun == [0, 2_000, 4_000]

    run(main)


def test_no_more_calls_are_under_way_than_allowed_and_they_begin_in_their_order() -> None:
    async def main(clock: FakeClock, limiter: RateLimiter) -> None:
        begun: Begun = []
        tasks = [asyncio.create_task(begins(clock, limiter, [limit(concurrent=2)], begun, 100)) for _ in range(5)]
        await clock.advance(1_000)
        await asyncio.gather(*tasks)
        assert begun == [0, 0, 100, 100, 200]

    run(main)


def test_all_limits_of_a_call_hold_and_those_of_another_name_are_counted_apart() -> None:
    async def main(clock: FakeClock, limiter: RateLimiter) -> None:
        begun: Begun = []
        slow, quick = (
            [limit(per_second=1, name="search"), limit(per_second=3)],
            [limit(name="get"), limit(per_second=3)],
        )
        tasks = [asyncio.create_task(begins(clock, limiter, limits, begun)) for limits in (slow, slow, quick, quick)]
        await clock.advance(3_000)
        await asyncio.gather(*tasks)
        assert begun == [0, 0, 0, 1_000]

    run(main)


def test_a_pause_that_a_server_asked_for_is_for_all_with_its_credential_and_not_for_others() -> None:
    async def main(clock: FakeClock, limiter: RateLimiter) -> None:
        turn = await limiter.turn("key", [])
        assert isinstance(turn, Turn)
        turn.release(2_000)
        turn.release(50_000)
        assert isinstance(await limiter.turn("other", []), Turn)
        begun: Begun = []
        task = asyncio.create_task(begins(clock, limiter, [], begun))
        await clock.advance(1_999)
        assert begun == []
        await clock.advance(10)
        await task
        assert begun == [2_000]

    run(main)


def test_a_call_that_waits_too_long_or_is_cancelled_takes_no_turn() -> None:
    async def main(clock: FakeClock, limiter: RateLimiter) -> None:
        held = await limiter.turn("key", [limit(concurrent=1)])
        assert isinstance(held, Turn)
        begun: Begun = []
        signal = asyncio.Event()
        late = asyncio.create_task(begins(clock, limiter, [limit(concurrent=1)], begun, deadline_at=clock.now() + 100))
        cancelled = asyncio.create_task(begins(clock, limiter, [limit(concurrent=1)], begun, signal=signal))
        waits = asyncio.create_task(begins(clock, limiter, [limit(concurrent=1)], begun))
        await clock.advance(100)
        signal.set()
        await clock.settle()
        assert (await late, await cancelled, begun) == ("deadline", "aborted", [])
        held.release()
        await clock.advance(10)
        assert isinstance(await waits, Turn)
        assert begun == [100]
        already = asyncio.Event()
        already.set()
        assert await limiter.turn("key", [], signal=already) == "aborted"

    run(main)
