"""What a schedule brought since it was looked at last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from offstage.triggers.schedule.planned_times import Schedule, next_planned_time, planned_times

Missed: TypeAlias = Literal["skip", "once", "all"]

# A planned time counts as missed when it is looked at so much later: nothing was running then, or the machine slept. A restart loses no beat. Ms.
_MISSED_MS = 60_000
# The most runs that `missed="all"` makes up for.
_MOST_MISSED = 1_000


@dataclass(frozen=True)
class ScheduleLook:
    """All in ms since the epoch. `times`: planned times that become arrivals, oldest first. `seen_until`: nothing up to here is looked at again. `next`: when it has to be looked at next; None: never."""

    times: list[int]
    seen_until: int
    next: int | None


def look_at_schedule(schedule: Schedule, missed: Missed | None, seen_until: int | None, now: int) -> ScheduleLook:
    """Looks at a schedule. One that was never looked at begins now: it has no past.

    When the clock was put back, what comes again has the same planned times, which became arrivals already.
    """
    since = min(now if seen_until is None else seen_until, now)
    times = planned_times(schedule, since, now, _MOST_MISSED if missed == "all" else 1)
    if missed == "skip":
        times = [time for time in times if now - time <= _MISSED_MS]
    return ScheduleLook(times, now, next_planned_time(schedule, now))
