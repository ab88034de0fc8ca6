"""What an effect is after somebody looked for it."""

from __future__ import annotations

from offstage.base import OffstageError, error_data
from offstage.effects.effect_call import with_outcome
from offstage.model import EffectId, Evidence, LedgerEntry
from offstage.records import proves_absence
from offstage.state import StoreTx


def settled_by(entry: LedgerEntry, evidence: Evidence, now: int) -> LedgerEntry:
    """One that is interrupted or ambiguous: found, it is done; not found, failed, but only if that proves it; else as it was. A settled one is never changed. Pure."""
    if entry["status"] not in ("intended", "ambiguous"):
        return entry
    if evidence["kind"] == "found":
        return with_outcome(entry, {"kind": "done", "value": evidence["value"], "unreadable": False}, "found", now)
    if not proves_absence(entry, evidence["askedAt"], evidence["provesAfterMs"]):
        return entry
    message = f"{entry['step']}: it was looked for after its time and is not there. It did not happen."
    return with_outcome(entry, {"kind": "failed", "error": error_data("EFFECT_ABSENT", message)}, "absent", now)


async def settle_effect(tx: StoreTx, effect: EffectId, evidence: Evidence, now: int) -> LedgerEntry:
    """Settles a row by evidence and stores it. Raises `EFFECT_UNKNOWN`."""
    entry = await need_effect(tx, effect)
    settled = settled_by(entry, evidence, now)
    if settled is not entry:
        await tx.put_effect(settled, entry)
    return settled


async def need_effect(tx: StoreTx, effect: EffectId) -> LedgerEntry:
    """The row of an effect. Raises `EFFECT_UNKNOWN`."""
    entry = await tx.get_effect(effect)
    if entry is None:
        raise OffstageError(
            "EFFECT_UNKNOWN",
            f"The store has no effect {effect}.",
            hint="See `offstage show <run>` for the effects of a run.",
        )
    return entry
