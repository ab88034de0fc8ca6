"""What the ledger alone answers to a request."""

from __future__ import annotations

from offstage.base import ErrorData, error_data
from offstage.effects.effect_call import answer_of
from offstage.model import EffectAnswer, EffectRequest, LedgerEntry


def ledger_answer(
    entry: LedgerEntry | None, request: EffectRequest, args_hash: str | None, *, run_id: str, target: str
) -> EffectAnswer | None:
    """None when the gate has to decide about an attempt. Pure.

    Done is done: a lasting identity is replayed whatever the arguments are now. A step of this very run that asks with other arguments than
    before has drifted. A failure that this run has seen already stays what it saw; later runs may try again. What was made in another
    target is refused. What may have happened is never attempted again, unless the tool is declared idempotent and asked the same.
    """
    if entry is None:
        return None
    if entry["status"] != "failed" and entry["target"] != target:
        return {"kind": "refused", "effect": entry["id"], "error": moved_away(entry, target)}
    own, same = entry["runId"] == run_id, entry["argsHash"] == args_hash
    match entry["status"]:
        case "done":
            drifts = entry["identity"]["kind"] == "step" and own and not same
            return _drifted(entry, request) if drifts else answer_of(entry, True)
        case "failed":
            return answer_of(entry, True) if own and same and entry["settledBy"] == "answer" else None
        case "intended" | "ambiguous":
            return None if same and _may_repeat(entry, request) else answer_of(entry, True)


def _may_repeat(entry: LedgerEntry, request: EffectRequest) -> bool:
    """True when sending the same call once more does nothing more."""
    call = request["call"]
    return (
        entry["idempotent"]
        and call is not None
        and call["class"]["idempotent"]
        and entry["tool"] == call["tool"]
        and entry["server"] == call["server"]
    )


def _drifted(entry: LedgerEntry, request: EffectRequest) -> EffectAnswer:
    error = error_data(
        "JOURNAL_MISMATCH",
        f"{request['label']} ({request['step']}) was written by this run with other arguments than it asks for now.",
        "This is a fault of Offstage or of an edited store. Start a new run.",
    )
    return {"kind": "refused", "effect": entry["id"], "error": error}


def moved_away(entry: LedgerEntry, target: str) -> ErrorData:
    """The error of an effect that was made in another account or site than its server speaks to now."""
    return error_data(
        "TARGET_CHANGED",
        f"The write {entry['id'][:12]} ({entry['step']}) was made in {entry['target']}, and {entry['server']} speaks to {target} now.",
        "Point the server in mcp.json back, or use another store for the other target.",
    )
