"""Messages that a broker gave, into the store."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

from offstage.base import Clock, OffstageError, Redactor
from offstage.host import BroughtEvent, ServedWorkflow, bring_events
from offstage.model import Arrival
from offstage.state import Store
from offstage.triggers.queue.queue_port import QueueBroker, QueueConnection, QueueMessage, Unfit
from offstage.triggers.queue.read_message import read_message


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where messages become events."""

    store: Store
    clock: Clock
    redactor: Redactor
    workflows: Sequence[ServedWorkflow]


class Aside(NamedTuple):
    """One that can be no event. `error`: it could not be put aside, and comes again; None: it was."""

    id: str
    why: str
    error: str | None


class Taken(NamedTuple):
    """What became of the messages of one delivery."""

    arrivals: list[Arrival]
    aside: list[Aside]


class _Fit(NamedTuple):
    message: QueueMessage
    event: BroughtEvent


class _Unfit(NamedTuple):
    message: QueueMessage
    why: str


async def take_messages(
    desk: Desk, broker: QueueBroker, connection: QueueConnection, messages: Sequence[QueueMessage]
) -> Taken:
    """Makes messages durable, and tells the broker so after that; those that can be no events are put aside, and hold up nobody.

    Errors: what the store fails with, after they were given back; `QUEUE_UNAVAILABLE` when the broker does not hear that they are durable:
    they come again then, and change nothing.
    """
    fit: list[_Fit] = []
    unfit: list[_Unfit] = []
    for message in messages:
        read = read_message(message, broker)
        if isinstance(read, Unfit):
            unfit.append(_Unfit(message, read.why))
        else:
            fit.append(_Fit(message, BroughtEvent(topic=f"queue:{broker.name}", event=read, id=message.id)))
    try:
        arrivals = await _bring_all(desk, fit, unfit)
    except OffstageError:
        # The store is what is told of; a broker that is gone too gives them again by itself.
        with suppress(OffstageError):
            await connection.give_back(messages)
        raise
    aside = {one.message for one in unfit}
    durable = [message for message in messages if message not in aside]
    if durable:
        await connection.acknowledge(durable)
    return Taken(arrivals, [await _put_aside(connection, one) for one in unfit])


async def _bring_all(desk: Desk, fit: Sequence[_Fit], unfit: list[_Unfit]) -> list[Arrival]:
    """One that the store cannot hold must not keep the others out: then each is brought by itself."""
    if not fit:
        return []
    try:
        return await _bring(desk, [one.event for one in fit])
    except OffstageError as error:
        if not _is_too_much(error):
            raise
    arrivals: list[Arrival] = []
    for message, event in fit:
        try:
            arrivals += await _bring(desk, [event])
        except OffstageError as error:
            if not _is_too_much(error):
                raise
            unfit.append(_Unfit(message, error.message))
    return arrivals


async def _bring(desk: Desk, events: Sequence[BroughtEvent]) -> list[Arrival]:
    brought = await bring_events(desk.store, desk.redactor, desk.workflows, events, desk.clock.now())
    return [arrival for one in brought for arrival in one.arrivals]


def _is_too_much(error: OffstageError) -> bool:
    """A fault of the event, not of the store."""
    return error.code == "EVENT_INVALID" or error.code.startswith("VALUE_")


async def _put_aside(connection: QueueConnection, unfit: _Unfit) -> Aside:
    message, why = unfit
    try:
        await connection.dead_letter(message, why)
    except OffstageError as error:
        if error.code != "QUEUE_UNAVAILABLE":
            raise
        return Aside(message.id, why, error.message)
    return Aside(message.id, why, None)
