"""The one decision over turns of calls, in a lane: what all processes over a store know of the calls that are made with one credential."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, TypedDict

from .ports import RateLimit

HOLDER_EXPIRES_MS = 15_000
"""A process of another machine, or of which nothing is known, that has not been heard of for so long is gone; holders say often that they are there."""

# Who waits and does not ask any more keeps no place free.
_WAITER_EXPIRES_MS = 2_000
# How often who waits says that it does.
_WAITER_NEWS_MS = 500
# A server may ask for a longer pause; after this it is asked again.
_LONGEST_HOLD_BACK_MS = 60_000
# A higher rate is kept in shorter windows, so that no more starts have to be remembered.
_MOST_STARTS = 64


class LaneProcess(TypedDict):
    """Enough to tell, on the same machine, whether a process still lives. `started` None: not known, and another process may have its pid by now."""

    host: str
    boot: str
    pid: int
    started: str | None


class LaneWindow(TypedDict):
    """When calls under a limit with a rate began, or will begin; ascending, as far back as `spanMs`."""

    spanMs: float
    starts: list[float]


LaneWaits = TypedDict("LaneWaits", {"since": float, "for": list[str]})
"""Since when somebody waits, and for slots of which limits."""


class LaneUse(TypedDict):
    """What one queue of one process has of a lane: whose slots it holds, and when it last said so."""

    id: str
    process: LaneProcess
    limits: list[str]
    held: int
    seenAt: float
    waits: LaneWaits | None


class Lane(TypedDict):
    """Plain JSON; instants are milliseconds of the clock that all of them share, and `ask_lane` is the only one who changes it.

    `at`: when it was last changed; a clock that shows less has jumped back. `heldBackUntil`: nobody begins before, as a server asked for it.
    `uses`: those who hold slots, or wait for one.
    """

    at: float
    heldBackUntil: float
    windows: dict[str, LaneWindow]
    uses: list[LaneUse]


@dataclass(frozen=True, kw_only=True)
class LaneLimit:
    """A limit by name: calls under a limit of another name are counted apart."""

    name: str
    rate: RateLimit


@dataclass(frozen=True, kw_only=True)
class LaneAsker:
    """Who asks, and for calls under which limits. `alive` is asked of processes of this machine and boot only."""

    id: str
    process: LaneProcess
    limits: Sequence[LaneLimit]
    alive: Callable[[LaneProcess], bool]


@dataclass(frozen=True, kw_only=True)
class Moved:
    """A start that was given, and when it came about; None: nobody needed it."""

    start: float
    to: float | None


@dataclass(frozen=True, kw_only=True)
class LaneAsking:
    """What it says, and what it wants: a turn more; or to keep its place in line, should it have one; or nothing.

    `held`: its calls that are under way or are about to begin. `hold_back_ms`: a server asked for so long a pause.
    """

    held: int
    wants: Literal["turn", "place", "nothing"] = "turn"
    moved: Moved | None = None
    hold_back_ms: float | None = None


@dataclass(frozen=True, kw_only=True)
class LaneStart:
    """Who asked holds one slot more, and may begin in so many ms."""

    at: float
    in_ms: float


LaneAnswer: TypeAlias = LaneStart | Literal["busy", "noted"]
"""`busy`: all slots are taken, and who asked stands in line for as long as it asks again."""


@dataclass(frozen=True, kw_only=True)
class AskedLane:
    """What a lane is afterwards. Where `is_news` is false nothing is lost by not writing it."""

    lane: Lane
    answer: LaneAnswer
    is_news: bool


def ask_lane(known: Lane | None, asker: LaneAsker, asking: LaneAsking, now: float) -> AskedLane:
    """A start is given away at once, even when it is still to come: so those who ask are served in the order in which they ask, and each knows how long to wait.
    Slots go to whoever has waited longest and still asks, one at a time.
    """
    lane = _settle(known or {"at": 0, "heldBackUntil": 0, "windows": {}, "uses": []}, asker, asking, now)
    mine = next((use for use in lane["uses"] if use["id"] == asker.id), None)
    waited = None if mine is None else mine["waits"]
    others = [use for use in lane["uses"] if use["id"] != asker.id]
    slots = [limit for limit in asker.limits if limit.rate.concurrent is not None]

    def with_use(held: int, waits: LaneWaits | None) -> Lane:
        if len(slots) == 0 or (held == 0 and waits is None):
            return {**lane, "uses": others}
        use: LaneUse = {
            "id": asker.id,
            "process": asker.process,
            "limits": [limit.name for limit in slots],
            "held": held,
            "seenAt": now,
            "waits": waits,
        }
        return {**lane, "uses": [*others, use]}

    if asking.wants != "turn":
        kept = waited if asking.wants == "place" else None
        return AskedLane(lane=with_use(asking.held, kept), answer="noted", is_news=True)
    # Who asks for the first time comes after all who wait.
    after = max([now, *(use["waits"]["since"] + 1 for use in others if use["waits"] is not None)])
    since = after if waited is None else waited["since"]
    taken = [limit.name for limit in slots if _free_slots(limit, others, asking.held, since, now) <= 0]
    if len(taken) > 0:
        is_news = (
            mine is None
            or waited is None
            or mine["held"] != asking.held
            or now - mine["seenAt"] >= _WAITER_NEWS_MS
            or asking.moved is not None
        )
        waits: LaneWaits = {"since": since, "for": taken}
        return AskedLane(lane=with_use(asking.held, waits), answer="busy", is_news=is_news)
    at = _first_start(lane, asker.limits, now)
    begun: Lane = {**with_use(asking.held + 1, None), "windows": _with_start(lane, asker.limits, at)}
    return AskedLane(lane=begun, answer=LaneStart(at=at, in_ms=at - now), is_news=True)


def _settle(known: Lane, asker: LaneAsker, asking: LaneAsking, now: float) -> Lane:
    """A lane as it is now: clocks that jumped, processes that are gone, and what the asker tells are in it."""
    lane = _shifted(known, now - known["at"]) if known["at"] > now else known
    names = {limit.name for limit in asker.limits}
    windows: dict[str, LaneWindow] = {}
    for name, window in lane["windows"].items():
        span, starts = window["spanMs"], window["starts"]
        if asking.moved is not None and name in names:
            starts = _moved_start(starts, asking.moved, now)
        left = [start for start in starts if start > now - span]
        if len(left) > 0:
            windows[name] = {"spanMs": span, "starts": left}
    held_back = lane["heldBackUntil"]
    if asking.hold_back_ms is not None:
        held_back = max(held_back, now + min(asking.hold_back_ms, _LONGEST_HOLD_BACK_MS))
    uses = [use for use in lane["uses"] if _is_there(use, asker, now)]
    return {"at": now, "heldBackUntil": held_back, "windows": windows, "uses": uses}


def _shifted(lane: Lane, ms: float) -> Lane:
    """Nothing stalls for as long as a clock jumped back, and nobody gains by it: it is as if no time had passed."""

    def later(waits: LaneWaits | None) -> LaneWaits | None:
        return None if waits is None else {"since": waits["since"] + ms, "for": waits["for"]}

    return {
        "at": lane["at"] + ms,
        "heldBackUntil": lane["heldBackUntil"] + ms,
        "windows": {
            name: {"spanMs": one["spanMs"], "starts": [start + ms for start in one["starts"]]}
            for name, one in lane["windows"].items()
        },
        "uses": [{**use, "seenAt": use["seenAt"] + ms, "waits": later(use["waits"])} for use in lane["uses"]],
    }


def _moved_start(starts: list[float], moved: Moved, now: float) -> list[float]:
    """What came about is not in the future, whatever the clock of the one who tells it says."""
    if moved.start not in starts:
        return starts
    rest = starts.copy()
    rest.remove(moved.start)
    return rest if moved.to is None else sorted([*rest, min(moved.to, now)])


def _is_there(use: LaneUse, asker: LaneAsker, now: float) -> bool:
    process, me = use["process"], asker.process
    if process["host"] == me["host"]:
        is_me = (process["pid"], process["started"]) == (me["pid"], me["started"])
        if process["boot"] != me["boot"] or not (is_me or asker.alive(process)):
            return False
        # It certainly lives, whatever a clock that jumped makes of when it was seen.
        if process["started"] is not None:
            return True
    return now - use["seenAt"] < HOLDER_EXPIRES_MS


def _free_slots(limit: LaneLimit, others: Sequence[LaneUse], held: int, since: float, now: float) -> int:
    """Slots of a limit that nobody holds and nobody has waited for longer."""
    taken = held + sum(use["held"] for use in others if limit.name in use["limits"])
    ahead = [
        use
        for use in others
        if use["waits"] is not None
        and limit.name in use["waits"]["for"]
        and now - use["seenAt"] < _WAITER_EXPIRES_MS
        and use["waits"]["since"] < since
    ]
    return max(1, limit.rate.concurrent or 1) - taken - len(ahead)


def _first_start(lane: Lane, limits: Sequence[LaneLimit], now: float) -> float:
    """The first instant at which one call more may begin under all limits."""
    at, before = max(now, lane["heldBackUntil"]), math.nan
    while at != before:
        before = at
        for limit in limits:
            if limit.rate.per_second is not None and limit.name in lane["windows"]:
                at = _start_under(_window_of(limit.rate.per_second), lane["windows"][limit.name]["starts"], at)
    return at


def _start_under(window: tuple[int, float], starts: Sequence[float], at: float) -> float:
    count, span = window
    for index in range(len(starts) - count + 1):
        first, last = starts[index], starts[index + count - 1]
        if max(at, last) - min(at, first) < span:
            at = math.ceil(first + span)
    return at


def _with_start(lane: Lane, limits: Sequence[LaneLimit], at: float) -> dict[str, LaneWindow]:
    windows = {**lane["windows"]}
    for limit in limits:
        if limit.rate.per_second is None:
            continue
        known = windows.get(limit.name, {"spanMs": 0, "starts": []})
        span = max(known["spanMs"], _window_of(limit.rate.per_second)[1])
        windows[limit.name] = {"spanMs": span, "starts": sorted([*known["starts"], at])}
    return windows


def _window_of(per_second: float) -> tuple[int, float]:
    """At most so many starts in any stretch of so many ms.

    Stricter than a token bucket, which after a pause allows twice the rate within a second; servers count in such
    stretches.
    """
    if per_second < 1:
        return 1, 1_000 / per_second
    parts = math.ceil(per_second / _MOST_STARTS)
    if parts > 1:
        return math.floor(per_second / parts), 1_000 / parts
    count = math.floor(per_second)
    return count, count / per_second * 1_000
