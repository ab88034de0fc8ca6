"""Sending one write, and what is known of it."""

from __future__ import annotations

from offstage.base import ErrorData, error_data, to_error_data
from offstage.effects.ports import CallAnswer, Caller
from offstage.model import EffectAnswer, EffectRequest, LedgerEntry, Outcome, SettledBy


async def send(caller: Caller, request: EffectRequest, entry: LedgerEntry) -> Outcome:
    """Sends one write and tells what is known of it: what does not prove that nothing happened is ambiguous."""
    call, value = request["call"], request["args"]["value"]
    if call is None:
        return {"kind": "done", "value": value, "unreadable": False}
    try:
        answer = await caller.call(call["server"], call["tool"], value, deadline_at=entry["deadlineAt"])
    except BaseException as raised:
        return _ambiguous(request, entry, to_error_data(raised))
    return _outcome_of(answer, request, entry)


def _outcome_of(answer: CallAnswer, request: EffectRequest, entry: LedgerEntry) -> Outcome:
    match answer["kind"]:
        case "value":
            return {"kind": "done", "value": answer["value"], "unreadable": False}
        case "unreadable":
            return {"kind": "done", "value": None, "unreadable": True}
        case "error":
            if answer["refused"]:
                return {"kind": "failed", "error": answer["error"]}
            return _ambiguous(request, entry, answer["error"])


def _called(entry: LedgerEntry) -> str:
    return entry["server"] if entry["tool"] is None else f"{entry['server']}.{entry['tool']}"


def _hint(entry: LedgerEntry) -> str:
    return f"Look at {entry['target'] or entry['server']}, then tell: offstage resolve {entry['id'][:12]}. Later runs try again to find out."


def _ambiguous(request: EffectRequest, entry: LedgerEntry, error: ErrorData) -> Outcome:
    message = f"{request['label']}: whether it was written is not known. {_called(entry)}: {error['message']}"
    return {"kind": "ambiguous", "error": error_data("EFFECT_AMBIGUOUS", message, _hint(entry))}


def interrupted(entry: LedgerEntry) -> ErrorData:
    """The error of an effect that somebody intended and of which nothing more is known."""
    message = f"{_called(entry)} was about to be called by run {entry['runId']} ({entry['step']}), and how that ended is not known."
    return error_data("EFFECT_AMBIGUOUS", message, _hint(entry))


def answer_of(entry: LedgerEntry, replayed: bool) -> EffectAnswer:
    """A ledger row as the answer to who asks for its effect."""
    effect, outcome = entry["id"], entry["outcome"]
    if outcome is None:
        return {"kind": "ambiguous", "effect": effect, "error": interrupted(entry)}
    match outcome["kind"]:
        case "done":
            value, unreadable = outcome["value"], outcome["unreadable"]
            return {"kind": "done", "effect": effect, "value": value, "unreadable": unreadable, "replayed": replayed}
        case "failed":
            return {"kind": "failed", "effect": effect, "error": outcome["error"]}
        case "ambiguous":
            return {"kind": "ambiguous", "effect": effect, "error": outcome["error"]}


def with_outcome(entry: LedgerEntry, outcome: Outcome, settled_by: SettledBy, now: int) -> LedgerEntry:
    """A row with its outcome."""
    made = entry.copy()
    made["status"] = outcome["kind"]
    made["outcome"] = outcome
    made["settledAt"] = now
    made["settledBy"] = None if outcome["kind"] == "ambiguous" else settled_by
    return made


def late(request: EffectRequest) -> Outcome:
    """An error that says that nothing was sent."""
    return {
        "kind": "failed",
        "error": error_data(
            "EFFECT_LATE",
            f"{request['label']}: it was not sent, because this process was held up past its deadline.",
            "Run again; raise the server's timeout if its calls wait long for their turn.",
        ),
    }
