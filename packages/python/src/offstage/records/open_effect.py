"""What to do about the effect that is open on an identity, before anything else is done with it."""

from __future__ import annotations

from offstage.model import LedgerEntry
from offstage.records.action import RecordStep, Updated
from offstage.records.facts import FindFacts, ReadFacts, RecordFacts
from offstage.records.proof import proves_absence
from offstage.records.record_error import ambiguous_record, unreadable, unsettled
from offstage.records.record_view import RecordAbilities, RecordView
from offstage.records.targets import candidates


def next_for_open(view: RecordView, open: LedgerEntry, facts: RecordFacts, has: RecordAbilities) -> RecordStep:
    """A done one is completed into the binding, an interrupted or ambiguous one is settled by what can be found, repeated when that is harmless, or blocks the identity."""
    identity = open["identity"]
    if identity["kind"] != "record":
        return {"kind": "blocked", "effect": open["id"], "error": unsettled(view, open, None)}
    done = open["status"] == "done"
    match identity["action"]:
        case "create" | "adopt":
            complete = _complete_create if done else _settle_by_find
            return complete(view, open, identity["generation"], facts)
        case "update":
            return _complete_update(open, facts, has) if done else _settle_update(view, open, facts, has)
        case "release":
            if done:
                return {"kind": "bind", "change": "released", "effect": open["id"]}
            return _settle_release(view, open, facts, has)
        case "reopen":
            return (
                {"kind": "bind", "change": "reopened", "effect": open["id"]} if done else _repeat_or_block(view, open)
            )


def _complete_create(view: RecordView, open: LedgerEntry, generation: int, facts: RecordFacts) -> RecordStep:
    outcome = open["outcome"]
    readable = outcome is not None and outcome["kind"] == "done" and not outcome["unreadable"]
    if readable and open["settledBy"] != "found":
        return {"kind": "bind", "change": "bound", "effect": open["id"], "generation": generation, "from": "function"}
    if facts.found is None:
        return {"kind": "find"}
    if facts.found == "unknown":
        return {"kind": "blocked", "effect": open["id"], "error": unreadable(view)}
    targets = candidates(view, facts.found, generation)
    if not targets:
        return {"kind": "blocked", "effect": open["id"], "error": unreadable(view)}
    if len(targets) > 1:
        return {"kind": "fail", "error": ambiguous_record(view, len(targets))}
    return {
        "kind": "bind",
        "change": "bound",
        "effect": open["id"],
        "generation": generation,
        "from": {"targetKey": targets[0]},
    }


def _settle_by_find(view: RecordView, open: LedgerEntry, generation: int, facts: RecordFacts) -> RecordStep:
    if facts.found is None:
        return {"kind": "find"}
    if facts.found == "unknown":
        return {"kind": "blocked", "effect": open["id"], "error": unsettled(view, open, None)}
    targets = candidates(view, facts.found, generation)
    if len(targets) > 1:
        return {"kind": "fail", "error": ambiguous_record(view, len(targets))}
    if targets:
        return {
            "kind": "settle",
            "effect": open["id"],
            "evidence": {"kind": "found", "by": "find", "targetKey": targets[0]},
        }
    return _absent_or(view, open, facts.found)


def _complete_update(open: LedgerEntry, facts: RecordFacts, has: RecordAbilities) -> RecordStep:
    converged: Updated = {"kind": "bind", "change": "updated", "effect": open["id"], "notConverging": None}
    if not has.read or not has.same:
        return converged
    if facts.read is None:
        return {"kind": "read"}
    if facts.read == "unknown" or facts.read.gone:
        return converged
    if facts.same is None:
        return {"kind": "compare"}
    if facts.same is False:
        converged["notConverging"] = open["argsHash"]
    return converged


def _settle_update(view: RecordView, open: LedgerEntry, facts: RecordFacts, has: RecordAbilities) -> RecordStep:
    if not has.read or not has.same:
        return _repeat_or_block(view, open)
    if facts.read is None:
        return {"kind": "read"}
    if facts.read == "unknown" or facts.read.gone:
        return _repeat_or_block(view, open)
    if facts.same is None:
        return {"kind": "compare"}
    if facts.same is True:
        return _settled_by_read(open)
    return _absent_or(view, open, facts.read) if facts.same is False else _repeat_or_block(view, open)


def _settle_release(view: RecordView, open: LedgerEntry, facts: RecordFacts, has: RecordAbilities) -> RecordStep:
    """Only a target that is gone tells that a release happened; what else a release does, the record does not say."""
    if not has.read:
        return _repeat_or_block(view, open)
    if facts.read is None:
        return {"kind": "read"}
    if facts.read != "unknown" and facts.read.gone:
        return _settled_by_read(open)
    return _repeat_or_block(view, open)


def _settled_by_read(open: LedgerEntry) -> RecordStep:
    return {"kind": "settle", "effect": open["id"], "evidence": {"kind": "found", "by": "read", "targetKey": None}}


def _absent_or(view: RecordView, open: LedgerEntry, asked: FindFacts | ReadFacts) -> RecordStep:
    if not proves_absence(open, asked.asked_at, asked.proves_after_ms):
        return _repeat_or_block(view, open, asked.proves_after_ms)
    return {
        "kind": "settle",
        "effect": open["id"],
        "evidence": {"kind": "absent", "askedAt": asked.asked_at, "provesAfterMs": asked.proves_after_ms},
    }


def _repeat_or_block(view: RecordView, open: LedgerEntry, proves_after: int | None = None) -> RecordStep:
    identity = open["identity"]
    if open["idempotent"] and identity["kind"] == "record":
        action = identity["action"]
        if action != "adopt":
            return {
                "kind": action,
                "generation": identity["generation"],
                "revision": identity["revision"],
                "certain": True,
            }
    return {"kind": "blocked", "effect": open["id"], "error": unsettled(view, open, proves_after)}
