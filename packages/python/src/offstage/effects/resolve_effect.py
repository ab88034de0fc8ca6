"""What a person found out about a write."""

from __future__ import annotations

from typing import Literal, NotRequired, TypeAlias, TypedDict

from offstage.base import OffstageError, error_data, iso_time
from offstage.effects.effect_call import with_outcome
from offstage.effects.settle import need_effect
from offstage.model import EffectId, LedgerEntry, Outcome
from offstage.state import Store, StoreTx


class Happened(TypedDict):
    """`value`: what the write returned; left out when that is not known, then a record asks `find`."""

    kind: Literal["happened"]
    value: NotRequired[object]


class DidNotHappen(TypedDict):
    """It is not there."""

    kind: Literal["did-not-happen"]


Verdict: TypeAlias = Happened | DidNotHappen
"""What a person found out."""


async def resolve_effect(store: Store, effect: EffectId, verdict: Verdict, *, by: str, now: int) -> LedgerEntry:
    """Stores what a person says about an effect of which nobody else can tell. Needs no lease.

    Raises `EFFECT_UNKNOWN`; `EFFECT_IN_FLIGHT` while its process may still send it; `USAGE` when it is settled already.
    """

    async def resolve(tx: StoreTx) -> LedgerEntry:
        entry = await need_effect(tx, effect)
        name = f"The write {effect[:12]} ({entry['step']})"
        if entry["status"] == "intended" and now < entry["deadlineAt"]:
            raise OffstageError(
                "EFFECT_IN_FLIGHT",
                f"{name} may still be under way until {iso_time(entry['deadlineAt'])}.",
                hint="Wait until then, look again, and tell.",
            )
        if entry["status"] not in ("intended", "ambiguous") and not _is_unread(entry):
            raise OffstageError(
                "USAGE",
                f"{name} is settled already: {entry['status']}.",
                hint="Only what is ambiguous can be resolved.",
            )
        resolved = with_outcome(entry, _outcome_of(entry, verdict, by), "person", now)
        await tx.put_effect(resolved, entry)
        return resolved

    return await store.transact(resolve, durable=True)


def _is_unread(entry: LedgerEntry) -> bool:
    outcome = entry["outcome"]
    unread = outcome is not None and outcome["kind"] == "done" and outcome["unreadable"]
    return unread and entry["completion"] is None


def _outcome_of(entry: LedgerEntry, verdict: Verdict, by: str) -> Outcome:
    if verdict["kind"] == "did-not-happen":
        error = error_data("EFFECT_ABSENT", f"{entry['step']}: it did not happen, said {by}.")
        return {"kind": "failed", "error": error}
    unreadable = "value" not in verdict and entry["identity"]["kind"] == "record"
    return {"kind": "done", "value": verdict.get("value"), "unreadable": unreadable}
