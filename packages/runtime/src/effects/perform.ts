import { isOffstageError, OffstageError } from "../base/index.ts";
import type { GateEffect } from "../gate/index.ts";
import type { EffectAnswer, EffectId, EffectRequest, LedgerEntry, Outcome, PlannedEffect } from "../model/index.ts";
import type { Budget } from "./budget.ts";
import { answerOf, interrupted, late, send, withOutcome } from "./effect-call.ts";
import { gateEffectOf, type Intent, intend } from "./intend.ts";
import type { PlannedLines } from "./planned-lines.ts";
import type { EffectsOptions } from "./ports.ts";

/** What one run's performer works with. */
export interface PerformerState {
  readonly options: EffectsOptions;
  readonly plan: ReadonlyMap<EffectId, PlannedEffect>;
  readonly budget: Budget;
  readonly lines: PlannedLines;
}

/**
 * The one path of a write: intend (durable) → check the deadline and the lease → send → outcome (durable). What can go
 * wrong between two of these leaves a row that says so; nothing is called without one.
 */
export async function performOnce(state: PerformerState, request: EffectRequest): Promise<EffectAnswer> {
  const { options, lines, budget } = state;
  const effect = gateEffectOf(request, options);
  const planning = options.run.phase === "plan";
  const intent = await intended(state, effect, planning);
  if (intent.kind === "answered") {
    if (planning && intent.held !== null) {
      lines.add(effect, intent.held);
      if (request.certainty === "sure" && request.identityKnown) budget.note(effect.id, request);
    }
    return told(state, request, intent.answer, { attempted: intent.made === true });
  }
  return told(state, request, await carryOut(state, request, intent), { attempted: true });
}

async function intended(state: PerformerState, effect: GateEffect, planning: boolean): ReturnType<typeof intend> {
  const { options, plan, budget } = state;
  if (options.fence === null && !planning) throw new OffstageError("BUG", "Only a plan may be made without the store's lease.");
  try {
    return await options.store.transact({ durable: !planning, ...fenceOf(options) }, async (tx) => {
      const intent = await intend(tx, effect, options, plan, budget);
      // Noted inside, so that a write that is decided about at the same time counts this one.
      if (intent.kind === "intended" || intent.made === true) budget.note(effect.id, effect.request);
      return intent;
    });
  } catch (error) {
    budget.forget(effect.id);
    throw error;
  }
}

async function carryOut(state: PerformerState, request: EffectRequest, { entry, inDoubt }: Extract<Intent, { kind: "intended" }>): Promise<EffectAnswer> {
  const { options, budget } = state;
  const lost = await leaseLost(options);
  if (lost !== null || options.clock.now() >= entry.deadlineAt) {
    const answer = await settleOwn(options, entry, inDoubt ? stillInDoubt(entry) : late(request));
    if (!inDoubt) budget.forget(entry.id);
    if (lost !== null) throw lost;
    return answer;
  }
  const sent = await send(options.caller, request, entry);
  const outcome = sent.kind === "failed" && inDoubt ? stillInDoubt(entry) : sent;
  if (outcome.kind === "failed") budget.forget(entry.id);
  return settleOwn(options, entry, outcome);
}

/** A repetition that did nothing proves nothing about the attempt before it. */
function stillInDoubt(entry: LedgerEntry): Outcome {
  return { kind: "ambiguous", error: interrupted(entry) };
}

function fenceOf({ fence }: EffectsOptions): { readonly fence?: number } {
  return fence === null ? {} : { fence };
}

async function leaseLost(options: EffectsOptions): Promise<OffstageError | null> {
  try {
    await options.store.transact({ durable: false, reads: true, ...fenceOf(options) }, async () => undefined);
    return null;
  } catch (error) {
    if (isOffstageError(error) && error.code === "LEASE_LOST") return error;
    throw error;
  }
}

/**
 * Writes how our own attempt ended. Without the fence: the truth about a call that was made is worth keeping even when
 * another process drives the store by now; what that one settled better in the meantime stays.
 */
async function settleOwn(options: EffectsOptions, entry: LedgerEntry, outcome: Outcome): Promise<EffectAnswer> {
  return options.store.transact({ durable: true }, async (tx) => {
    const settledNow = (of: LedgerEntry): LedgerEntry => withOutcome(of, outcome, of.attempt > 1 && of.idempotent ? "repeated" : "answer", options.clock.now());
    const ordinary = settledNow(entry);
    if (await tx.putEffect(ordinary, entry)) return answerOf(ordinary, false);
    const current = await tx.getEffect(entry.id);
    const ours = current !== null && current.attempt === entry.attempt && current.fence === entry.fence;
    if (!ours) return { kind: "ambiguous", effect: entry.id, error: interrupted(current ?? entry) };
    // Settled meanwhile by what was found or not found: only our own success knows better.
    if (current.status === "done" || (current.status === "failed" && outcome.kind !== "done")) return answerOf(current, false);
    const settled = settledNow(current);
    await tx.putEffect(settled, current);
    return answerOf(settled, false);
  });
}

function told(state: PerformerState, request: EffectRequest, answer: EffectAnswer, how: { readonly attempted: boolean }): EffectAnswer {
  const replayed = answer.kind === "done" && answer.replayed;
  state.options.onEffect({ kind: `effect-${answer.kind}`, effect: answer.effect, server: request.server, tool: request.call?.tool ?? null, label: request.label, detail: detailOf(answer), replayed, ...how });
  return answer;
}

function detailOf(answer: EffectAnswer): string {
  switch (answer.kind) {
    case "done":
      return answer.unreadable ? "its result could not be read" : "";
    case "held":
      return "detail" in answer.why ? answer.why.detail : answer.why.kind;
    case "failed":
    case "ambiguous":
    case "refused":
      return answer.error.message;
  }
}
