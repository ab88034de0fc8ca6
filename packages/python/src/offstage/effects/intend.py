"""Deciding about an effect, and writing that it is intended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from offstage.base import Data, OffstageError, encode_value, hash_json
from offstage.effects.approval_requests import Question, open_request
from offstage.effects.bind import visit_of
from offstage.effects.budget import Budget
from offstage.effects.effect_call import answer_of, interrupted, with_outcome
from offstage.effects.gate_context import Known, gather_context
from offstage.effects.ledger_answer import ledger_answer
from offstage.effects.ports import EffectsOptions
from offstage.effects.record_guard import is_taken, key_of_record, not_converging_yet, target_taken
from offstage.gate import GateEffect, decide
from offstage.model import (
    OWN_TARGET,
    EffectAnswer,
    EffectId,
    EffectIdentity,
    EffectRequest,
    HoldReason,
    LedgerEntry,
    PlannedEffect,
    effect_id,
)
from offstage.records import BindingChange, binding_after
from offstage.state import StoreTx

# Planning holds every write: no row is ever written without a lease.
_NO_FENCE = 0


@dataclass(frozen=True)
class Answered:
    """An answer without any call. `made`: it was made, in this transaction: no server had to be asked."""

    answer: EffectAnswer
    held: HoldReason | None = None
    made: bool = False


@dataclass(frozen=True)
class Intended:
    """A row that is durable when the transaction is. `in_doubt`: an earlier attempt may have happened, and this one repeats it."""

    entry: LedgerEntry
    in_doubt: bool


def target_for(identity: EffectIdentity, server: str, options: EffectsOptions) -> str:
    """Where an effect is made: the account or site of its server, or our own store."""
    return OWN_TARGET if identity["kind"] == "start" else options.target_of(server)


def gate_effect_of(request: EffectRequest, options: EffectsOptions) -> GateEffect:
    """An effect as the gate sees it. Raises `UNSAFE_INTEGER` for arguments that hold a poisoned integer."""
    identity, call, args = request["identity"], request["call"], request["args"]
    server = request["server"] if call is None else call["server"]
    args_hash = None if args["unknown"] else hash_json(args["value"])
    target = target_for(identity, server, options)
    return GateEffect(id=effect_id(identity), request=request, args_hash=args_hash, target=target)


async def intend(
    tx: StoreTx,
    effect: GateEffect,
    options: EffectsOptions,
    plan: Mapping[EffectId, PlannedEffect],
    budget: Budget,
) -> Answered | Intended:
    """Decides about an effect and, if it may be performed, writes that it is intended: one transaction, so that no two processes can both decide. The ledger answers first, then the gate."""
    known = await _look_up(tx, effect)
    if effect.request["identityKnown"]:
        run_id = options.run.id if options.asks else ""
        answer = ledger_answer(
            known.entry, effect.request, effect.args_hash, run_id=run_id, target=effect.target
        ) or await _record_answer(tx, effect, known)
        if answer is not None:
            return Answered(answer)
    decision = decide(effect, await gather_context(tx, effect, known, options, plan, budget))
    match decision["kind"]:
        case "refuse":
            return Answered({"kind": "refused", "effect": effect.id, "error": decision["error"]})
        case "hold":
            why = decision["why"]
            await _ask(tx, effect, why, known, options)
            return Answered({"kind": "held", "effect": effect.id, "why": why}, why)
        case "perform":
            for asked in known.asked:
                used = asked["id"] == decision["grant"]
                # Permitted by other means, a plan: nobody need be asked any more.
                if used or asked["status"] == "open":
                    changed = asked.copy()
                    changed["status"] = "used" if used else "replaced"
                    await tx.put_request(changed)
            return await _write(tx, effect, known, options)


async def _look_up(tx: StoreTx, effect: GateEffect) -> Known:
    identity = effect.request["identity"]
    binding = await tx.get_binding(key_of_record(identity)) if identity["kind"] == "record" else None
    return Known(await tx.get_effect(effect.id), binding, await tx.requests_of(effect.id))


async def _record_answer(tx: StoreTx, effect: GateEffect, known: Known) -> EffectAnswer | None:
    """What else a record's identity answers before the gate is asked: another effect is in flight, its target is taken."""
    identity = effect.request["identity"]
    if identity["kind"] != "record":
        return None
    key = key_of_record(identity)
    last = await tx.last_effect_of(key)
    if last is not None and last["id"] != effect.id and last["status"] in ("intended", "ambiguous"):
        outcome = last["outcome"]
        told = outcome["error"] if outcome is not None and outcome["kind"] == "ambiguous" else interrupted(last)
        return {"kind": "ambiguous", "effect": last["id"], "error": told}
    target_key: str | None = None
    if identity["action"] == "adopt":
        target_key = effect.request["args"]["value"]["targetKey"]
    elif identity["action"] == "reopen" and known.binding is not None:
        target_key = known.binding["targetKey"]
    if target_key is not None:
        other = await tx.binding_of_target(key["scope"], key["record"], target_key)
        if is_taken(other, key):
            return {"kind": "failed", "effect": effect.id, "error": target_taken(key, other)}
    stuck = None if known.binding is None else known.binding["notConverging"]
    if identity["action"] == "update" and effect.args_hash is not None and stuck == effect.args_hash:
        return {"kind": "failed", "effect": effect.id, "error": not_converging_yet(key)}
    return None


async def _ask(tx: StoreTx, effect: GateEffect, why: HoldReason, known: Known, options: EffectsOptions) -> None:
    """Only what a person can permit is asked for; what waits for something else is held without a question."""
    if options.run.phase == "plan" or effect.args_hash is None or not options.asks:
        return
    if why["kind"] != "approval" and why["kind"] != "guard":
        return
    question = Question(
        effect=effect.id,
        args_hash=effect.args_hash,
        request=effect.request,
        target=effect.target,
        reason=why["detail"],
        by=why.get("by") if why["kind"] == "approval" else None,
        count=why.get("count", 1) if why["kind"] == "approval" else 1,
    )
    await open_request(tx, known.asked, question, options.run, id=options.new_id(), now=options.clock.now())


async def _write(tx: StoreTx, effect: GateEffect, known: Known, options: EffectsOptions) -> Answered | Intended:
    request = effect.request
    intended = _entry_of(effect, known, options)
    if request["identity"]["kind"] == "start":
        return await _start(tx, intended, known, options)
    adopted = request["call"] is None
    entry = _done_at_once(intended, request["args"]["value"], "bound") if adopted else intended
    # The row that was decided about must be the row that is replaced: another process may have come between.
    if not await tx.put_effect(entry, known.entry):
        return Answered({"kind": "ambiguous", "effect": effect.id, "error": interrupted(entry)})
    if adopted:
        await _adopt(tx, effect, known, options)
    await options.before_commit(tx)
    if adopted:
        return Answered(answer_of(entry, False))
    return Intended(entry, known.entry is not None and known.entry["status"] in ("intended", "ambiguous"))


async def _start(tx: StoreTx, intended: LedgerEntry, known: Known, options: EffectsOptions) -> Answered:
    """The new run and the row that says so are one: a crash leaves both or neither, and there is nothing to send."""
    asked: Any = intended["args"]
    value = {"run": await options.start_run(tx, asked)}
    entry = _done_at_once(intended, value, value)
    if not await tx.put_effect(entry, known.entry):
        raise OffstageError(
            "BUG", f"The run {intended['step']} was started by another process within the same transaction."
        )
    await options.before_commit(tx)
    return Answered(answer_of(entry, False), made=True)


def _done_at_once(intended: LedgerEntry, value: Data, completion: Data) -> LedgerEntry:
    """A row of an effect that no server is asked for."""
    done = with_outcome(
        intended, {"kind": "done", "value": value, "unreadable": False}, "answer", intended["intendedAt"]
    )
    done["completion"] = encode_value(completion)
    return done


def _entry_of(effect: GateEffect, known: Known, options: EffectsOptions) -> LedgerEntry:
    request, run = effect.request, options.run
    call = request["call"]
    server = request["server"] if call is None else call["server"]
    now = options.clock.now()
    starts = request["identity"]["kind"] == "start"
    return {
        "id": effect.id,
        "identity": request["identity"],
        "status": "intended",
        "runId": run.id,
        "rootRunId": run.root_run_id,
        "step": request["step"],
        "server": server,
        "tool": None if call is None else call["tool"],
        "target": effect.target,
        "argsHash": effect.args_hash or "",
        "args": request["args"]["value"],
        "attempt": (0 if known.entry is None else known.entry["attempt"]) + 1,
        "fence": _NO_FENCE if options.fence is None else options.fence,
        "epoch": options.epoch,
        "idempotent": True if call is None else call["class"]["idempotent"],
        "intendedAt": now,
        "deadlineAt": now if starts else now + options.timeout_ms(server),
        "settledAt": None,
        "outcome": None,
        "settledBy": None,
        "completion": None,
    }


async def _adopt(tx: StoreTx, effect: GateEffect, known: Known, options: EffectsOptions) -> None:
    """An adoption calls nothing, so that its intent, its outcome and its binding are one."""
    identity = effect.request["identity"]
    if identity["kind"] != "record":
        return
    adoption = effect.request["args"]["value"]
    change: BindingChange = {
        "kind": "bound",
        "key": key_of_record(identity),
        "effect": effect.id,
        "generation": identity["generation"],
        "kept": adoption["kept"],
        "targetKey": adoption["targetKey"],
        "adopted": True,
        "server": effect.request["server"],
    }
    await tx.put_binding(binding_after(known.binding, change, visit_of(options, effect.target)))
