"""The one path of a write."""

from __future__ import annotations

from dataclasses import dataclass

from offstage.base import OffstageError
from offstage.effects.budget import Budget
from offstage.effects.effect_call import answer_of, interrupted, late, send, with_outcome
from offstage.effects.intend import Answered, Intended, gate_effect_of, intend
from offstage.effects.planned_lines import PlannedLines
from offstage.effects.ports import EffectEvent, EffectKind, EffectsOptions
from offstage.gate import GateEffect
from offstage.model import EffectAnswer, EffectId, EffectRequest, LedgerEntry, Outcome, PlannedEffect
from offstage.state import StoreTx

_EVENTS: dict[str, EffectKind] = {
    "done": "effect-done",
    "failed": "effect-failed",
    "held": "effect-held",
    "ambiguous": "effect-ambiguous",
    "refused": "effect-refused",
}


@dataclass(frozen=True)
class PerformerState:
    """What one run's performer works with."""

    options: EffectsOptions
    plan: dict[EffectId, PlannedEffect]
    budget: Budget
    lines: PlannedLines


async def perform_once(state: PerformerState, request: EffectRequest) -> EffectAnswer:
    """Intend (durable) → check the deadline and the lease → send → outcome (durable).

    What can go wrong between two of these leaves a row that says so; nothing is called without one.
    """
    effect = gate_effect_of(request, state.options)
    planning = state.options.run.phase == "plan"
    intent = await _intended(state, effect, planning)
    if isinstance(intent, Intended):
        return _told(state, request, await _carry_out(state, request, intent), attempted=True)
    if planning and intent.held is not None:
        state.lines.add(effect, intent.held)
        if request["certainty"] == "sure" and request["identityKnown"]:
            state.budget.note(effect.id, request)
    return _told(state, request, intent.answer, attempted=intent.made)


async def _intended(state: PerformerState, effect: GateEffect, planning: bool) -> Answered | Intended:
    options, budget = state.options, state.budget
    if options.fence is None and not planning:
        raise OffstageError("BUG", "Only a plan may be made without the store's lease.")

    async def body(tx: StoreTx) -> Answered | Intended:
        intent = await intend(tx, effect, options, state.plan, budget)
        # Noted inside, so that a write that is decided about at the same time counts this one.
        if isinstance(intent, Intended) or intent.made:
            budget.note(effect.id, effect.request)
        return intent

    try:
        return await options.store.transact(body, durable=not planning, fence=options.fence)
    except BaseException:
        budget.forget(effect.id)
        raise


async def _carry_out(state: PerformerState, request: EffectRequest, intent: Intended) -> EffectAnswer:
    options, budget, entry = state.options, state.budget, intent.entry
    lost = await _lease_lost(options)
    if lost is not None or options.clock.now() >= entry["deadlineAt"]:
        answer = await _settle_own(options, entry, _still_in_doubt(entry) if intent.in_doubt else late(request))
        if not intent.in_doubt:
            budget.forget(entry["id"])
        if lost is not None:
            raise lost
        return answer
    outcome = await send(options.caller, request, entry)
    if outcome["kind"] == "failed" and intent.in_doubt:
        outcome = _still_in_doubt(entry)
    if outcome["kind"] == "failed":
        budget.forget(entry["id"])
    return await _settle_own(options, entry, outcome)


def _still_in_doubt(entry: LedgerEntry) -> Outcome:
    """A repetition that did nothing proves nothing about the attempt before it."""
    return {"kind": "ambiguous", "error": interrupted(entry)}


async def _lease_lost(options: EffectsOptions) -> OffstageError | None:
    async def nothing(_tx: StoreTx) -> None:
        return None

    try:
        await options.store.transact(nothing, durable=False, reads=True, fence=options.fence)
    except OffstageError as error:
        if error.code == "LEASE_LOST":
            return error
        raise
    return None


async def _settle_own(options: EffectsOptions, entry: LedgerEntry, outcome: Outcome) -> EffectAnswer:
    """Writes how our own attempt ended.

    Without the fence: the truth about a call that was made is worth keeping even when another process drives the store by now; what that
    one settled better in the meantime stays.
    """

    def settled_now(of: LedgerEntry) -> LedgerEntry:
        repeated = of["attempt"] > 1 and of["idempotent"]
        return with_outcome(of, outcome, "repeated" if repeated else "answer", options.clock.now())

    async def settle(tx: StoreTx) -> EffectAnswer:
        ordinary = settled_now(entry)
        if await tx.put_effect(ordinary, entry):
            return answer_of(ordinary, False)
        current = await tx.get_effect(entry["id"])
        if current is None or (current["attempt"], current["fence"]) != (entry["attempt"], entry["fence"]):
            return {"kind": "ambiguous", "effect": entry["id"], "error": interrupted(current or entry)}
        # Settled meanwhile by what was found or not found: only our own success knows better.
        if current["status"] == "done" or (current["status"] == "failed" and outcome["kind"] != "done"):
            return answer_of(current, False)
        settled = settled_now(current)
        await tx.put_effect(settled, current)
        return answer_of(settled, False)

    return await options.store.transact(settle, durable=True)


def _told(state: PerformerState, request: EffectRequest, answer: EffectAnswer, *, attempted: bool) -> EffectAnswer:
    call = request["call"]
    event = EffectEvent(
        kind=_EVENTS[answer["kind"]],
        run_id=state.options.run.id,
        effect=answer["effect"],
        server=request["server"],
        tool=None if call is None else call["tool"],
        label=request["label"],
        detail=_detail_of(answer),
        replayed=answer["kind"] == "done" and answer["replayed"],
        attempted=attempted,
    )
    state.options.on_effect(event)
    return answer


def _detail_of(answer: EffectAnswer) -> str:
    match answer["kind"]:
        case "done":
            return "its result could not be read" if answer["unreadable"] else ""
        case "held":
            why = answer["why"]
            return why["detail"] if "detail" in why else why["kind"]
        case "failed" | "ambiguous" | "refused":
            return answer["error"]["message"]
