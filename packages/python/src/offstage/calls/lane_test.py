from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from offstage.calls.lane import (
    Lane,
    LaneAnswer,
    LaneAsker,
    LaneAsking,
    LaneLimit,
    LaneProcess,
    LaneStart,
    Moved,
    ask_lane,
)
from offstage.calls.ports import RateLimit

HOUR = 3_600_000


class World:
    """A lane, a clock, and processes that ask."""

    def __init__(self) -> None:
        self.lane: Lane | None = None
        self.now = 1_000_000
        self.dead: set[int] = set()
        self.held: dict[int, int] = {}

    def ask(
        self, who: int, limits: list[LaneLimit], *, host: str = "here", started: str | None = "1", **asking: Any
    ) -> LaneAnswer:
        """What a process is answered; its lane is kept as a store keeps it."""
        process: LaneProcess = {"host": host, "boot": "boot", "pid": who, "started": started}
        asker = LaneAsker(
            id=f"queue-{who}", process=process, limits=limits, alive=lambda other: other["pid"] not in self.dead
        )
        known = json.loads(json.dumps(self.lane))
        more: Any = {"held": self.held.get(who, 0), **asking}
        asked = ask_lane(known, asker, LaneAsking(**more), self.now)
        if asked.is_news:
            self.lane = asked.lane
        if isinstance(asked.answer, LaneStart):
            self.held[who] = self.held.get(who, 0) + 1
        return asked.answer

    def start(self, who: int, limits: list[LaneLimit], **asking: Any) -> LaneStart:
        """A start that it has to be given."""
        answer = self.ask(who, limits, **asking)
        assert isinstance(answer, LaneStart)
        return answer

    def free(self, who: int, limits: list[LaneLimit], **asking: Any) -> None:
        """One of its calls is over."""
        self.held[who] -= 1
        self.ask(who, limits, wants="nothing", **asking)


def per_second(rate: float, name: str = "rate") -> list[LaneLimit]:
    return [LaneLimit(name=name, rate=RateLimit(per_second=rate))]


def concurrent(count: int) -> list[LaneLimit]:
    return [LaneLimit(name="slots", rate=RateLimit(concurrent=count))]


WHOM = st.tuples(st.integers(1, 3), st.integers(0, 400), st.booleans())


@settings(max_examples=100, deadline=None)
@given(st.one_of(st.integers(1, 9), st.integers(60, 300)), st.lists(WHOM, max_size=120))
def test_in_no_stretch_of_a_second_more_than_the_rate_begin(rate: int, asked: list[tuple[int, int, bool]]) -> None:
    world, starts = World(), list[float]()
    for who, gap, back in asked:
        world.now += gap
        start = world.start(who, per_second(rate)).at
        if back and start > world.now:
            world.ask(who, per_second(rate), wants="nothing", moved=Moved(start=start, to=None))
        else:
            starts.append(start)
    starts.sort()
    assert all(later - first >= 1_000 for first, later in zip(starts, starts[rate:], strict=False))


def test_no_time_is_lost_and_those_who_ask_are_served_in_their_order() -> None:
    world = World()
    starts = [world.start(index % 3, per_second(10)).at for index in range(100)]
    assert (starts, starts[-1] - starts[0]) == (sorted(starts), 9_000)


def test_a_clock_that_jumps_stalls_nobody_and_gives_nobody_more() -> None:
    world = World()
    for _ in range(4):
        world.start(1, per_second(2))
    world.now -= HOUR
    assert world.start(2, per_second(2)).in_ms == 2_000
    world.now += 2 * HOUR
    assert [world.start(2, per_second(2)).in_ms for _ in range(3)] == [0, 0, 1_000]


def test_a_start_that_came_about_late_counts_from_then_but_never_from_what_has_not_been_yet() -> None:
    world = World()
    first = world.start(1, per_second(1)).at
    world.now += 700
    moved = Moved(start=first, to=first + 600)
    assert world.start(1, per_second(1), moved=moved).at == first + 1_600
    other = World()
    begun = other.start(1, per_second(1)).at
    other.now += 10
    assert other.start(1, per_second(1), moved=Moved(start=begun, to=begun + HOUR)).at == other.now + 1_000


def test_two_limits_both_hold_and_a_slow_one_keeps_nobody_waiting_who_is_not_under_it() -> None:
    world, wide = World(), per_second(5, "all")
    slow = [*per_second(0.01, "search"), *wide]
    first, second = world.start(1, slow).at, world.start(1, slow).at
    assert second - first == 100_000
    assert [world.start(2, wide).at - first for _ in range(5)] == [0, 0, 0, 0, 1_000]


def test_after_a_server_asked_for_a_pause_nobody_begins_before_and_none_is_longer_than_a_minute() -> None:
    world = World()
    world.ask(1, [], wants="nothing", hold_back_ms=4_000)
    assert world.start(2, per_second(5)).in_ms == 4_000
    world.ask(1, [], wants="nothing", hold_back_ms=100)
    assert world.start(3, []).in_ms == 4_000
    world.ask(1, [], wants="nothing", hold_back_ms=24 * HOUR)
    assert world.start(3, []).in_ms == 60_000


STEP = st.tuples(st.integers(1, 4), st.booleans(), st.integers(0, 100))


@settings(max_examples=100, deadline=None)
@given(st.integers(1, 3), st.lists(STEP, max_size=80))
def test_no_more_slots_are_held_than_there_are_and_whoever_keeps_asking_gets_one(
    count: int, steps: list[tuple[int, bool, int]]
) -> None:
    world, limits = World(), concurrent(count)
    for who, frees, gap in steps:
        world.now += gap
        if frees and world.held.get(who, 0) > 0:
            world.free(who, limits)
        else:
            world.ask(who, limits)
        assert sum(world.held.values()) <= count
    for who in [*world.held]:
        while world.held[who] > 0:
            world.free(who, limits)
    served: set[int] = set()
    for who in [1, 2, 3, 4] * 4:
        world.now += 10
        if isinstance(world.ask(who, limits), LaneStart):
            served.add(who)
            world.free(who, limits)
    assert len(served) == 4


def test_who_has_waited_longer_comes_first_and_who_asks_no_more_keeps_nobody_waiting_for_long() -> None:
    world, one = World(), concurrent(1)
    world.start(1, one)
    world.now += 10
    assert world.ask(2, one) == "busy"
    world.free(1, one)
    assert world.ask(1, one) == "busy"
    world.now += 2_000
    world.start(1, one)
    # What is told without wanting a turn keeps the place in line.
    world.ask(2, one)
    world.now += 100
    world.ask(3, one)
    world.ask(2, one, wants="place")
    world.free(1, one)
    assert world.ask(3, one) == "busy"
    world.start(2, one)


def test_those_of_a_process_that_was_killed_are_free_at_once_here_and_after_a_while_elsewhere() -> None:
    world, one = World(), concurrent(1)
    world.start(1, one)
    assert world.ask(2, one) == "busy"
    world.dead.add(1)
    world.start(2, one)
    world.free(2, one)
    away = {"host": "away"}
    world.start(5, one, **away)
    for _ in range(10):
        world.now += 5_000
        world.ask(5, one, wants="nothing", **away)
    world.now += 14_999
    assert world.ask(2, one) == "busy"
    world.now += 1
    world.start(2, one)


def test_a_clock_that_jumps_forward_frees_nothing_of_a_process_that_lives_here() -> None:
    world, two = World(), concurrent(2)
    world.start(1, two)
    # A pid alone does not count as living.
    world.start(2, two, started=None)
    world.now += HOUR
    world.start(3, two)
    assert world.ask(3, two) == "busy"
