"""Events that are offered to a run by hand."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from typing import Any

from offstage.base import Data, OffstageError, Redactor, encode_value, hash_json, iso_time, utf16_length
from offstage.host.bring_event import MAX_EVENT
from offstage.host.event_shape import event_of
from offstage.host.waits import is_past
from offstage.model import EventWait, is_ended
from offstage.state import Store, StoreTx


@dataclass(frozen=True, kw_only=True)
class Offer:
    """An event for a run. `event`: as the workflow gets it; what its source says of every event may be left out. `topic`: `webhook:github`, needed only when
    the run waits for events of several sources. `id`: tells it from others: one that is offered to the run again changes nothing. Without it, what the event holds does, for as long as a step waits.
    """

    run_id: str
    event: Data
    topic: str | None = None
    id: str | None = None


@dataclass(frozen=True)
class OfferedTo:
    """What became of an offer. `steps`: to which it was new; none when it was offered before."""

    topic: str
    id: str
    steps: list[str]


async def offer_event(store: Store, redactor: Redactor, offer: Offer, now: int) -> OfferedTo:
    """Keeps an event for every step of a run that waits for one of its source, durably and once: whoever drives the run next looks at it, also when this process ends now.

    Needs no lease. What is registered as a secret is taken out first. Errors: `RUN_UNKNOWN`, `EVENT_UNWANTED`, `EVENT_INVALID`, and `USAGE`
    when it has to be said which source is meant.
    """
    given: Any = redactor.redact_data(offer.event)

    async def keep(tx: StoreTx) -> OfferedTo:
        waits = await _waits_for(tx, offer, now)
        topic, event = waits[0]["topic"], event_of(waits[0]["source"], given)
        encoded = encode_value(event)
        if utf16_length(encoded) > MAX_EVENT:
            raise OffstageError(
                "EVENT_INVALID",
                "The event is larger than 10 MiB.",
                hint="A run cannot hold it. Offer what the workflow needs of it.",
            )
        id = redactor.redact(hash_json(json.loads(encoded)) if offer.id is None else offer.id)
        # What two events hold may be the same; an id of its own is one event for the whole run, also for what waits later.
        if offer.id is not None and not await tx.remember_event(offer.run_id, topic, id):
            return OfferedTo(topic, id, [])
        steps: list[str] = []
        for wait in waits:
            if await tx.offer_event(
                {"runId": wait["runId"], "step": wait["step"], "id": id, "event": event, "offeredAt": now}
            ):
                steps.append(wait["step"])
                ready: EventWait = {**wait, "status": "ready"}
                await tx.put_wait(ready)
        return OfferedTo(topic, id, steps)

    return await store.transact(keep, durable=True)


async def _waits_for(tx: StoreTx, offer: Offer, now: int) -> list[EventWait]:
    """The steps that take the event: all of one source, and one at least."""
    run_id, run = offer.run_id, await tx.get_run(offer.run_id)
    if run is None:
        raise OffstageError("RUN_UNKNOWN", f"The store has no run {run_id}.", hint="`offstage runs` lists them.")
    if is_ended(run["status"]):
        raise OffstageError(
            "EVENT_UNWANTED",
            f"Run {run_id} waits for no event: it is at its end, {run['status']}.",
            hint="`offstage runs` lists those that are parked.",
        )
    listed = await tx.list_waits(run_id=run_id, kind="event", status=["open", "ready"], limit=sys.maxsize)
    known = [wait for wait in reversed(listed) if wait["kind"] == "event"]
    waits = [wait for wait in known if offer.topic in (None, wait["topic"])]
    open_ones = [wait for wait in waits if not is_past(wait, now)]
    # Which of two waits began first within a millisecond nobody knows.
    topics = sorted({wait["topic"] for wait in open_ones})
    if len(topics) > 1:
        raise OffstageError(
            "USAGE",
            f"Run {run_id} waits for events of {len(topics)} sources: {', '.join(topics)}.",
            hint=f"Say which one this is: --topic {topics[0]}",
        )
    if not open_ones:
        raise _unwanted(offer, waits, known)
    return open_ones


def _unwanted(offer: Offer, late: list[EventWait], known: list[EventWait]) -> OffstageError:
    run_id = offer.run_id
    if late:
        message = f"Run {run_id} waited for {late[0]['label']} until {iso_time(late[0]['until'] or 0)}."
        return OffstageError("EVENT_UNWANTED", message, hint="It goes on without it: `offstage resume`.")
    others = ", ".join(dict.fromkeys(wait["topic"] for wait in reversed(known)))
    what = "no event" if offer.topic is None else f"no event of {offer.topic}"
    return OffstageError(
        "EVENT_UNWANTED",
        f"Run {run_id} waits for {what}.",
        hint=f"It waits for: {others}."
        if others
        else f"An event is not kept for a wait that has not begun. `offstage show {run_id}` says what it waits for.",
    )
