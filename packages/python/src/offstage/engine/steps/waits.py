"""What parks a run."""

from __future__ import annotations

import json
import math
from collections.abc import Awaitable, Callable
from typing import Any

from offstage.base import (
    Object,
    OffstageError,
    Withheld,
    encode_value,
    format_duration,
    hash_json,
    is_fields,
    shorten,
    to_error_data,
    undefined,
)
from offstage.engine.caught import offstage_error
from offstage.engine.ports import ReadAnswer, WaitAnswer
from offstage.engine.steps.branches import reach_of
from offstage.engine.steps.calls import value_of
from offstage.engine.steps.states import replay_staged
from offstage.engine.strand import ParkedEnd, Strand, call
from offstage.model import EventSource
from offstage.values.data import to_partial
from offstage.values.kinds import article, caller, is_number, type_error
from offstage.values.language import iso
from offstage.values.operators import to_text, truthy

# The last instant that ISO 8601 and ECMAScript can name.
_LAST_INSTANT = 8.64e15
# Longer messages are shown whole where they are answered.
_LABEL = 200


def _begin(c: Strand, what: str) -> None:
    """A function that makes one write, or only reads, must not stop half-way for days."""
    c.ports.checkpoint("other")
    if c.write is not None or c.probe is not None:
        raise OffstageError(
            "ONE_WRITE",
            f"{what} cannot stand in a function that makes exactly one write, or only reads.",
            hint="Wait before it or after it.",
        )


def _really_waits(c: Strand) -> bool:
    """Whether time passes here. Not in a plan, and not after a held write: what follows that write has not begun."""
    return not c.planning and c.after is None


def _pass(c: Strand, label: str) -> Withheld:
    """Goes on as if the wait were over, though it is not: what is read later is not known, and neither is what it would have come to."""
    c.waited = c.waited or label
    return Withheld(() if c.after is None else (c.after,))


def _earlier(c: Strand, step: str, hash: str) -> Any:
    """What a step came to in the run that this one continues; `undefined` when the same was not waited for there."""
    kept = c.ports.journal.compacted(f"{step}/earlier")
    result = None if kept is None else kept["result"]
    return result["answer"] if is_fields(result) and result.get("hash") == hash else undefined


async def _answer(c: Strand, step: str, hash: str, ask: Callable[[], Awaitable[WaitAnswer]]) -> Any:
    """What a wait came to: from the journal, else as `ask` says now. Ends the strand when it is not over."""

    async def perform() -> Any:
        answer = await ask()
        if answer["kind"] == "over":
            return answer["value"]
        c.run.waits.append(answer["wait"])
        raise ParkedEnd

    return await c.ports.journal.once(step, hash, perform)


def _milliseconds(value: Any, what: str) -> float:
    if not is_number(value):
        raise type_error(f"{what} is {article(value)}.")
    if not math.isfinite(value) or abs(value) > _LAST_INSTANT / 2:
        raise type_error(f"{what} is {to_text(value)} ms, which nobody can wait for.")
    return value


def _length(value: Any, what: str) -> int:
    return max(0, math.ceil(_milliseconds(value, what)))


async def sleep(c: Strand, step: str, length: Any) -> None:
    """So long from when it is first reached."""
    _begin(c, "sleep")
    ms = 0 if isinstance(length, Withheld) else _length(length, "The duration of sleep")
    await _sleep(
        c, step, hash_json(["sleep", ms]), f"sleep {format_duration(ms)}", isinstance(length, Withheld), ms, None
    )


async def sleep_until(c: Strand, step: str, time: Any) -> None:
    """To an instant; one that has passed is over at once."""
    _begin(c, "until")
    at = 0 if isinstance(time, Withheld) else math.ceil(_milliseconds(time, "The time of until"))
    await _sleep(c, step, hash_json(["until", at]), f"until {iso(at)}", isinstance(time, Withheld), None, at)


async def _sleep(
    c: Strand, step: str, hash: str, label: str, unknown: bool, after_ms: int | None, at: int | None
) -> None:
    if unknown or not _really_waits(c):
        _pass(c, label)
        return

    async def ask() -> WaitAnswer:
        if _earlier(c, step, hash) is not undefined:
            return {"kind": "over", "value": None}
        return await c.ports.waits.sleep(step=step, hash=hash, label=label, kind="sleep", after_ms=after_ms, at=at)

    await _answer(c, step, hash, ask)


async def approve(
    c: Strand, step: str, *, message: Any, show: Any, by: Any, within: Any, on_timeout: str | None
) -> Any:
    """A person's answer, as `{ outcome, by, at }`."""
    _begin(c, "approve")
    shown = None if show is undefined else to_partial(show, "What approve shows", "keep")
    inputs = to_partial(c.module.inputs, "The inputs", "keep")
    said = to_partial(message, "The message of approve")
    if said.unknown or inputs.unknown or (shown is not None and shown.unknown) or not _really_waits(c):
        return _pass(c, f'the approval "{shorten(message, _LABEL)}"' if isinstance(message, str) else "an approval")
    if not isinstance(message, str):
        raise type_error(f"The message of approve is {article(message)}.")
    names = None if by is undefined else _names(by)
    within_ms = None if within is undefined else _length(within, "within of approve")
    show_value = None if shown is None else shown.value
    # Nothing shown: then nothing tells whether a later run asks about the same thing, and each asks for itself.
    root = c.run.frame.root_run_id if shown is None else None
    topic = hash_json([c.module.scope, step, _plain(inputs.value), root])
    label = shorten(message, _LABEL)
    hash = hash_json(_plain([message, show_value, names]))
    answer = await _answer(
        c,
        step,
        hash,
        lambda: c.ports.waits.approve(
            step=step,
            hash=hash,
            label=label,
            topic=topic,
            message=message,
            show=show_value,
            by=names,
            within_ms=within_ms,
        ),
    )
    return _outcome(answer, on_timeout, label)


def _outcome(answer: Any, on_timeout: str | None, label: str) -> Object:
    verdict = answer["verdict"]
    if verdict is None:
        if on_timeout == "fail":
            raise OffstageError("APPROVAL_TIMEOUT", f"Nobody answered in time: {label}")
        verdict = {None: "timeout", "approve": "approved", "deny": "denied"}.get(on_timeout, "timeout")
    return Object(outcome=verdict, by=answer.get("by"), at=iso(answer["at"]))


def _plain(value: Any) -> Any:
    """A canonical form for hashes, in which a poisoned integer is what it shows."""
    return json.loads(encode_value(value))


def _names(by: Any) -> list[str]:
    names: Any = to_partial(by, "by of approve").value
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):  # pyright: ignore[reportUnknownVariableType]
        raise type_error("by of approve must be a list of names, at least one: else nobody could answer.")
    return [*names]  # pyright: ignore[reportUnknownVariableType]


async def poll(c: Strand, step: str, turn: Callable[..., Any], *, every: Any, most: Any) -> Any:
    """The first value that a turn gives; null when all turns gave none. Where time does not pass there is one turn."""
    _begin(c, "poll")
    every_ms = _length(every, "every of poll")
    if not is_number(most) or not isinstance(most, int) or most < 1:
        raise type_error(
            f"max of poll must be a whole number from 1, not {to_text(most) if is_number(most) else article(most)}."
        )
    done = c.ports.journal.compacted(step) if _really_waits(c) else None
    if done is not None:
        replay_staged(c, done["staged"])
        return done["result"]
    before = len(c.staged)
    for n in range(1, most + 1):
        value = await _turn(c, f"{step}/{n}", caller(turn, "The turn of poll"))
        if not _really_waits(c):
            return _pass(c, f"a look every {format_duration(every_ms)}") if value is undefined else value
        if value is not undefined:
            return await _finish(c, step, value, before)
        if n < most:
            label = f"look again every {format_duration(every_ms)}, {n} of {most} turns taken"
            await _pause(c, f"{step}/{n}/wait", every_ms, label)
    return await _finish(c, step, None, before)


async def _turn(c: Strand, key: str, turn: Callable[..., Any]) -> Any:
    """One turn, its steps below `key`; one that was taken already gave nothing."""
    journal = c.ports.journal
    taken = journal.compacted(key) if _really_waits(c) else None
    if taken is not None:
        replay_staged(c, taken["staged"])
        return taken["result"]
    path, before = c.path, len(c.staged)
    c.path = f"{key}/"
    try:
        value = await call(turn)
        # A function of Python's that gives nothing gives None.
        value = undefined if value is None else value
        if value is undefined and _really_waits(c):
            await journal.compact(key, {"result": undefined, "staged": c.staged[before:]})
        return value
    finally:
        c.path = path


async def _pause(c: Strand, step: str, after_ms: int, label: str) -> None:
    hash = hash_json(["poll", after_ms])
    await _answer(
        c,
        step,
        hash,
        lambda: c.ports.waits.sleep(step=step, hash=hash, label=label, kind="poll", after_ms=after_ms, at=None),
    )


async def _finish(c: Strand, step: str, value: Any, before: int) -> Any:
    if not c.unsettled:
        await c.ports.journal.compact(step, {"result": value, "staged": c.staged[before:]})
    return value


async def wait_for(c: Strand, step: str, source: EventSource, *, when: Callable[..., Any] | None, within: Any) -> Any:
    """The first event for which `when` holds; null when none came in time."""
    _begin(c, "wait_for")
    within_ms = None if within is undefined or isinstance(within, Withheld) else _length(within, "within of wait_for")
    topic, label = _topic(source)
    if isinstance(within, Withheld) or not _really_waits(c):
        return _pass(c, label)
    hash = hash_json(["wait-for", topic])
    answer = await _answer(c, step, hash, lambda: _first_match(c, step, hash, label, source, topic, within_ms, when))
    return value_of(c, step, answer)


async def _first_match(
    c: Strand, step: str, hash: str, label: str, source: EventSource, topic: str, within_ms: int | None, when: Any
) -> WaitAnswer:
    """Looks at what was offered, each event once, in the order in which it came."""
    journal = c.ports.journal
    key = f"{step}/seen"
    earlier = _earlier_match(c, key, _earlier(c, step, hash), when)
    if earlier is not None:
        return {"kind": "over", "value": earlier}
    kept = journal.compacted(key)
    seen = 0 if kept is None else int(kept["result"])
    while True:
        answer = await c.ports.waits.event(
            step=step, hash=hash, label=label, source=source, topic=topic, within_ms=within_ms, seen=seen
        )
        if answer["kind"] == "open":
            return answer
        offered: Any = answer["value"]
        verdict = _value(None) if offered is None else _verdict(c, key, when, offered["place"], offered["event"])
        if verdict is not None:
            return {"kind": "over", "value": verdict}
        seen = seen if offered is None else int(offered["place"])
        await journal.compact(key, {"result": seen, "staged": []})
        c.ports.checkpoint("other")


def _earlier_match(c: Strand, key: str, answer: Any, when: Any) -> ReadAnswer | None:
    if answer is undefined:
        return None
    # An event is judged again: what `when` compares it with may come from new reads. Places begin at 1.
    if answer["kind"] == "value" and answer["value"] is not None:
        return _verdict(c, key, when, 0, answer["value"])
    return answer


def _verdict(c: Strand, key: str, when: Any, place: int, event: Any) -> ReadAnswer | None:
    """What an event is to this wait: its value, the error of the filter, or None when it is another one."""
    if when is None:
        return _value(event)
    path = c.path
    c.path = f"{key}/{place}/"
    try:
        return _value(event) if truthy(caller(when, "when of wait_for")(event)) else None
    except BaseException as error:
        if reach_of(error) not in ("code", "item") or isinstance(error, ParkedEnd):
            raise
        return {"kind": "error", "error": to_error_data(offstage_error(error)), "gone": False}
    finally:
        c.path = path


def _value(event: Any) -> ReadAnswer:
    return {"kind": "value", "value": event, "gone": False}


def _topic(source: EventSource) -> tuple[str, str]:
    """The source in one text, by which who offers an event names it; and for people."""
    match source["kind"]:
        case "webhook":
            return f"webhook:{source['source']}", f"an event of the webhook {source['source']}"
        case "queue":
            return f"queue:{source['name']}", f"a message of the queue {source['name']}"
        case "resource":
            return (
                f"resource:{source['server']}:{source['uri']}",
                f"a change of {source['uri']} of {source['server']}",
            )
