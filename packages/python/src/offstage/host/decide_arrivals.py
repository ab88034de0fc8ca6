"""Whose turn it is among events that came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from offstage.model import Arrival


class GoingRun(NamedTuple):
    """A run that an arrival started and that is not at its end."""

    run_id: str
    workflow: str
    key: str


class Dropped(NamedTuple):
    """An arrival that starts nothing, and why."""

    arrival: Arrival
    why: str


@dataclass(frozen=True)
class ArrivalDecisions:
    """What becomes of arrivals that wait; those that are not named go on waiting.

    `replace`: ids of runs that a newer event replaces: they are cancelled, and the event starts when they have ended.
    """

    start: list[Arrival] = field(default_factory=list[Arrival])
    drop: list[Dropped] = field(default_factory=list[Dropped])
    replace: list[str] = field(default_factory=list[str])


# Events that say no more than that it is time to look: one that is newer says all that the older ones did.
_NEWER = {"schedule": "a later time of the same schedule", "resource": "a later change of the same resource"}


def decide_arrivals(waiting: Sequence[Arrival], going: Sequence[GoingRun], now: int) -> ArrivalDecisions:
    """Of arrivals with the same workflow and key one starts, in the order in which they came, when no run of that key is going on.

    While one is, `skip` drops an arrival, `replace` ends the run, and of several times of one schedule, or changes of one resource, only the
    newest is kept; a sweep is never dropped for another arrival's sake but for a newer one of its own trigger.
    """
    decided = ArrivalDecisions()
    # None: the run of that turn begins only now.
    busy: dict[tuple[str, str], str | None] = {(run.workflow, run.key): run.run_id for run in going}
    due = [arrival for arrival in waiting if arrival["dueAt"] <= now]
    newest = _newest_of(due)
    for arrival in due:
        turn = _turn_of(arrival)
        if turn not in busy:
            busy[turn] = None
            decided.start.append(arrival)
            continue
        running = busy[turn]
        why = _why_dropped(arrival, newest, running)
        if why is not None:
            decided.drop.append(Dropped(arrival, why))
        elif arrival["overlap"] == "replace" and running is not None and running not in decided.replace:
            decided.replace.append(running)
    return decided


def _why_dropped(arrival: Arrival, newest: Mapping[tuple[str, ...], Arrival], running: str | None) -> str | None:
    """`running`: the run that it waits for; None when that begins only now."""

    def is_older(names: tuple[str, ...]) -> bool:
        return names in newest and newest[names] is not arrival

    newer = _NEWER.get(arrival["event"]["kind"])
    if newer is not None and not arrival["each"] and is_older(_of_trigger(arrival)):
        return f"{newer} came before it could start"
    if arrival["sweep"]:
        return None
    if arrival["overlap"] == "skip":
        return "a run with the same key begins" if running is None else f"run {running} with the same key was going on"
    if arrival["overlap"] == "replace" and is_older(_of_replacing(arrival)):
        return "a newer event replaced it before it could start"
    return None


def _newest_of(due: Sequence[Arrival]) -> dict[tuple[str, ...], Arrival]:
    """The newest arrival of each trigger and of each that replaces, within a turn: thousands may wait for one."""
    newest: dict[tuple[str, ...], Arrival] = {}
    for arrival in due:
        newest[_of_trigger(arrival)] = arrival
        if arrival["overlap"] == "replace":
            newest[_of_replacing(arrival)] = arrival
    return newest


def _of_trigger(arrival: Arrival) -> tuple[str, ...]:
    return ("trigger", arrival["trigger"], *_turn_of(arrival))


def _of_replacing(arrival: Arrival) -> tuple[str, ...]:
    return ("replace", *_turn_of(arrival))


def _turn_of(arrival: Arrival) -> tuple[str, str]:
    return (arrival["workflow"], arrival["key"])
