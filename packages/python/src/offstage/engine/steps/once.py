"""Writes that happen once."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from offstage.base import (
    OffstageError,
    UnsafeInteger,
    Withheld,
    WithheldEnd,
    decode_value,
    encode_value,
    undefined,
    withheld_in,
)
from offstage.engine.steps.holds import ambiguous_end
from offstage.engine.strand import Place, Probe, Strand, WriteSlot, call
from offstage.model import CallClass, EffectIdentity, Evidence, LedgerEntry
from offstage.values.data import to_partial
from offstage.values.kinds import article, caller, is_number, type_error, unsafe_use


def proves_after_ms(classes: list[CallClass]) -> int | None:
    """How long after the deadline of a write what these reads do not show proves that it did not happen; None: never."""
    if not classes:
        return None
    lags = [0 if each["consistent"] else each["lagMs"] for each in classes]
    known = [lag for lag in lags if lag is not None]
    return max(known) if len(known) == len(lags) else None


def known_text(value: Any, what: str) -> str:
    """A key: a text, all of it known."""
    if isinstance(value, Withheld):
        value.end()
    if isinstance(value, UnsafeInteger):
        raise unsafe_use(what)
    if not isinstance(value, str):
        raise type_error(f"{what[0].upper()}{what[1:]} must be a string, not {article(value)}.")
    unknown = withheld_in(value)
    if unknown is not None:
        unknown.end()
    return value


async def once(
    c: Strand, step: str, key: Any, function: Callable[..., Any], *, window: Any, confirm: Callable[..., Any] | None
) -> Any:
    """The one write in `function`, once under this key. When it is done, `function` is not called and the recorded value returned."""
    ports = c.ports
    ports.checkpoint("other")
    name = known_text(key, "the key of once")
    identity: EffectIdentity = {
        "kind": "once",
        "scope": c.module.scope,
        "key": name,
        "window": _window(c, step, window),
    }
    if identity["window"] is not None:
        earlier = await ports.effects.earlier_window(identity, step)
        if earlier is not None:
            identity = {**identity, "window": earlier}
    entry = await ports.effects.entry(identity)
    if entry is not None and entry["status"] == "done" and entry["completion"] is not None:
        # A run that goes on after it was parked has not found done what it did itself.
        if entry["runId"] != c.run.frame.run_id:
            c.run.replayed += 1
        return decode_value(entry["completion"])
    slot = WriteSlot(identity, f"once {name}")
    if entry is not None and entry["status"] in ("ambiguous", "intended") and confirm is not None:
        found = await _confirm(c, step, entry, confirm, slot)
        if found is not undefined:
            return found
    with c.within(f"{step}/", write=slot):
        value = await call(caller(function, "The function of once"))
    if slot.answer is not None and slot.answer["kind"] == "done":
        await _complete(c, slot.answer["effect"], value)
    return value


async def once_per_run(c: Strand, step: str, function: Callable[..., Any]) -> Any:
    """`once.per_run`: the write's identity is its step."""
    c.ports.checkpoint("other")
    slot = WriteSlot({"kind": "step", "rootRun": c.run.frame.root_run_id, "step": step}, step)
    with c.within(f"{step}/", write=slot):
        return await call(caller(function, "The function of once.per_run"))


def _window(c: Strand, step: str, window: Any) -> int | None:
    """The number of the window since the epoch; None for ever."""
    if window is None:
        return None
    if not is_number(window) or not window > 0:
        raise type_error(f"for_ of once must be a duration, not {article(window)}.")
    return math.floor(c.ports.journal.now(f"{step}/window") / window)


async def _complete(c: Strand, effect: str, value: Any) -> None:
    # What is not known yet is completed by a later run.
    if not _holds_unknown(value):
        await c.ports.effects.complete(effect, encode_value(value))


def _holds_unknown(value: Any) -> bool:
    try:
        return bool(to_partial(value, "A result", "keep").unknown)
    except OffstageError as error:
        if error.code == "TYPE_ERROR":
            return False
        raise


async def _confirm(c: Strand, step: str, entry: LedgerEntry, function: Callable[..., Any], slot: WriteSlot) -> Any:
    """Asks `confirm` whether a lost write happened; `undefined` when the function has to be run (again)."""
    probe = Probe()
    # Journaled, so older than the question when a run was resumed: that proves less, never too much.
    asked_at = c.ports.journal.now(f"{step}/confirm-at")
    try:
        with c.within(f"{step}/confirm/", probe=probe):
            found = await call(caller(function, "confirm of once"))
    except WithheldEnd:
        return undefined
    if isinstance(found, Withheld):
        return undefined
    is_absent = found is None or found is undefined
    evidence: Evidence = (
        {"kind": "absent", "askedAt": asked_at, "provesAfterMs": proves_after_ms(probe.classes)}
        if is_absent
        else {"kind": "found", "value": to_partial(found, "What confirm found", "keep").value}
    )
    settled = await c.ports.effects.settle(entry["id"], evidence)
    if not is_absent:
        await _complete(c, settled["id"], found)
        return found
    if settled["status"] == "failed" or settled["idempotent"]:
        return undefined
    raise ambiguous_end(
        settled["id"],
        {
            "code": "EFFECT_AMBIGUOUS",
            "message": f"{slot.label}: it is not known whether it was written, and confirm does not find it.",
            "hint": f"Tell with: resolve {settled['id'][:12]}. Later runs ask again.",
        },
        Place(step, slot.label),
    )
