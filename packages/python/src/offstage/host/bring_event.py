"""Events from outside, into the store."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from offstage.base import OffstageError, Redactor, encode_value, utf16_length
from offstage.host.arrivals import Came, keep_arrival
from offstage.host.served_workflow import ServedWorkflow, with_former_names
from offstage.host.waits import is_past
from offstage.model import Arrival, EventWait, TriggerEvent
from offstage.state import Store, StoreTx

MAX_EVENT = 10 << 20
"""As much as a value of a run may have: characters of its JSON."""


@dataclass(frozen=True, kw_only=True)
class BroughtEvent:
    """An event that came from outside. `topic`: the source in one text, `webhook:github`. `id` tells it from the others of its source: one that was brought before changes nothing."""

    topic: str
    event: TriggerEvent
    id: str


@dataclass(frozen=True)
class Brought:
    """What it came to: an arrival for each trigger that wants it, and had none of this id before; and to how many steps that wait it was offered."""

    arrivals: list[Arrival]
    waits: int


async def bring_event(
    store: Store, redactor: Redactor, workflows: Sequence[ServedWorkflow], brought: BroughtEvent, now: int
) -> Brought:
    """Keeps an event for every trigger and for every waiting step of its source, durably and once.

    When this has returned the event is not lost: whoever sent it may be told so. What is registered as a secret is taken out first.
    Errors: `EVENT_INVALID` when it is too large.
    """
    [kept] = await bring_events(store, redactor, workflows, [brought], now)
    return kept


async def bring_events(
    store: Store, redactor: Redactor, workflows: Sequence[ServedWorkflow], events: Sequence[BroughtEvent], now: int
) -> list[Brought]:
    """The same for several, in their order and in one transaction: all are kept, or none is."""
    redacted = [_without_secrets(brought, redactor) for brought in events]

    async def keep(tx: StoreTx) -> list[Brought]:
        return [
            Brought(await _keep_for_triggers(tx, workflows, brought, now), await _offer_to_waits(tx, brought, now))
            for brought in redacted
        ]

    return await store.transact(keep, durable=True)


def _without_secrets(brought: BroughtEvent, redactor: Redactor) -> BroughtEvent:
    event: Any = redactor.redact_data(_any(brought.event))
    if utf16_length(encode_value(event)) > MAX_EVENT:
        raise OffstageError("EVENT_INVALID", "The event is larger than 10 MiB.", hint="A run cannot hold it.")
    return BroughtEvent(topic=brought.topic, event=event, id=redactor.redact(brought.id))


async def _keep_for_triggers(
    tx: StoreTx, workflows: Sequence[ServedWorkflow], brought: BroughtEvent, now: int
) -> list[Arrival]:
    arrivals: list[Arrival] = []
    for workflow in with_former_names(workflows):
        for trigger in workflow.triggers:
            if trigger.topic != brought.topic:
                continue
            came = Came(event=brought.event, id=brought.id, due_at=now)
            arrival = await keep_arrival(tx, workflow, trigger, came, now)
            if arrival is not None:
                arrivals.append(arrival)
    return arrivals


async def _offer_to_waits(tx: StoreTx, brought: BroughtEvent, now: int) -> int:
    """A run that has looked at an event before is not offered it again, also by a step that waits only now."""
    listed = await tx.list_waits(kind="event", topic=brought.topic, status=["open", "ready"], limit=sys.maxsize)
    known: dict[str, bool] = {}
    offered = 0
    for wait in listed:
        if wait["kind"] != "event" or is_past(wait, now):
            continue
        run_id = wait["runId"]
        if run_id not in known:
            known[run_id] = await tx.remember_event(run_id, brought.topic, brought.id)
        if not known[run_id] or not await tx.offer_event(
            {
                "runId": run_id,
                "step": wait["step"],
                "id": brought.id,
                "event": _any(brought.event),
                "offeredAt": now,
            }
        ):
            continue
        ready: EventWait = {**wait, "status": "ready"}
        await tx.put_wait(ready)
        offered += 1
    return offered


def _any(value: Any) -> Any:
    return value
