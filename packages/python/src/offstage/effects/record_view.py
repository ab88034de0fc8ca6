"""What the store knows of one identity of a record."""

from __future__ import annotations

from offstage.effects.budget import ALL
from offstage.effects.ports import EffectsOptions
from offstage.model import LedgerEntry, RecordKey
from offstage.records import RecordView
from offstage.state import StoreTx


async def view_record(tx: StoreTx, key: RecordKey, server: str, options: EffectsOptions) -> RecordView:
    """Gathers it."""
    scope, record, name = key["scope"], key["record"], key["key"]
    binding = await tx.get_binding(key)
    last = await tx.last_effect_of(key)
    former: list[str] = []
    if binding is not None and binding["generation"] > 1:
        older = await tx.list_bindings(scope=scope, record=record, key=name, live=False, limit=ALL)
        former = [one["targetKey"] for one in older if one["generation"] < binding["generation"] and not one["adopted"]]
    return {
        "key": {"scope": scope, "record": record, "key": name},
        "binding": binding,
        "open": last if last is not None and _is_open(last) else None,
        "formerTargets": former,
        "target": options.target_of(server),
        "now": options.clock.now(),
        "restored": options.epoch > 1,
    }


def _is_open(entry: LedgerEntry) -> bool:
    """Interrupted, ambiguous, or done and not yet in the binding."""
    return entry["status"] in ("intended", "ambiguous") or (entry["status"] == "done" and entry["completion"] is None)
