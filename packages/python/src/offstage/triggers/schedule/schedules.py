"""The schedules of the workflows that are served, as a source of events."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from offstage.base import Clock, OffstageError, hash_json, iso_time, json_string, parse_duration
from offstage.host import Came, Looked, ServedTrigger, ServedWorkflow, keep_arrival, with_former_names
from offstage.model import Arrival
from offstage.state import Store, StoreTx
from offstage.triggers.schedule.look_at_schedule import look_at_schedule
from offstage.triggers.schedule.planned_times import Schedule, schedule_of


@dataclass(frozen=True)
class _Scheduled:
    workflow: ServedWorkflow
    trigger: ServedTrigger
    schedule: Schedule
    jitter_ms: int | None


class Schedules:
    """What is due becomes an arrival, once, however many processes look. Errors of making it: `USAGE` for a schedule that is none."""

    def __init__(self, store: Store, clock: Clock, workflows: Sequence[ServedWorkflow]) -> None:
        self._store = store
        self._clock = clock
        self._scheduled = [*_scheduled(workflows)]
        self._next: float = 0
        self._looked_at = 0

    async def look(self) -> Looked:
        """Keeps what is due."""
        now = self._clock.now()
        # A clock that was put back makes the next time another one.
        if self._looked_at <= now < self._next:
            return Looked(self._next, [])

        async def kept(tx: StoreTx) -> Looked:
            came: list[Arrival] = []
            next = math.inf
            for one in self._scheduled:
                next = min(next, await _look(tx, one, now, came))
            return Looked(next, came)

        looked = await self._store.transact(kept, durable=True)
        self._next, self._looked_at = looked.next, now
        return looked

    def rest(self) -> None:
        """Nothing goes on between two looks."""


def _scheduled(workflows: Sequence[ServedWorkflow]) -> list[_Scheduled]:
    found: list[_Scheduled] = []
    for workflow in with_former_names(workflows):
        for trigger in workflow.triggers:
            schedule = schedule_of(trigger.trigger)
            if schedule is not None:
                found.append(_Scheduled(workflow, trigger, schedule, _jitter_ms(trigger)))
    return found


def _jitter_ms(trigger: ServedTrigger) -> int | None:
    said = trigger.trigger.settings.get("jitter")
    jitter = None if said is None else parse_duration(str(said))
    if said is not None and jitter is None:
        raise OffstageError("USAGE", f"jitter={json_string(str(said))}: this is no duration.", hint='Write "30s".')
    return jitter


async def _look(tx: StoreTx, one: _Scheduled, now: int, came: list[Arrival]) -> float:
    name, trigger, formerly = one.workflow.program.name, one.trigger.name, one.workflow.formerly
    seen = await tx.get_schedule(name, trigger)
    if seen is None and formerly is not None:
        seen = await tx.get_schedule(formerly, trigger)
    look = look_at_schedule(one.schedule, one.trigger.trigger.settings.get("missed"), seen, now)
    for time in look.times:
        at = iso_time(time)
        due = time + _jitter_of(one, at)
        arrival = await keep_arrival(
            tx, one.workflow, one.trigger, Came(event={"kind": "schedule", "at": at}, id=at, due_at=due), now
        )
        if arrival is not None:
            came.append(arrival)
    await tx.put_schedule(name, trigger, look.seen_until)
    return math.inf if look.next is None else look.next


def _jitter_of(one: _Scheduled, at: str) -> int:
    """The same for the same planned time, whoever looks: a run is not moved on by a restart. Ms."""
    if one.jitter_ms is None:
        return 0
    return int(hash_json([one.workflow.program.name, one.trigger.name, at])[:12], 16) % (one.jitter_ms + 1)
