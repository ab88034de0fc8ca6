import { type Data, encodeValue, hashJson, OffstageError } from "../base/index.ts";
import { decide, type GateEffect } from "../gate/index.ts";
import { type EffectAnswer, effectId, type EffectRequest, type HoldReason, type LedgerEntry, type PlannedEffect } from "../model/index.ts";
import { type Adoption, bindingAfter } from "../records/index.ts";
import type { StoreTx } from "../state/index.ts";
import { openRequest } from "./approval-requests.ts";
import type { Budget } from "./budget.ts";
import { answerOf, interrupted, withOutcome } from "./effect-call.ts";
import { gatherContext, type Known } from "./gate-context.ts";
import { ledgerAnswer } from "./ledger-answer.ts";
import type { EffectsOptions, StartedRun } from "./ports.ts";
import { isTaken, notConvergingYet, targetTaken } from "./record-guard.ts";
import { targetFor } from "./own-target.ts";
import { visitOf } from "./visit.ts";

/** Planning holds every write: no row is ever written without a lease. */
const NO_FENCE = 0;

/** What became of an intent: an answer without any call, or a row that is durable when the transaction is. */
export type Intent =
  | { readonly kind: "answered"; readonly answer: EffectAnswer; readonly held: HoldReason | null; /** It was made, in this transaction: no server had to be asked. */ readonly made?: true }
  /** `inDoubt`: an earlier attempt may have happened, and this one repeats it. */
  | { readonly kind: "intended"; readonly entry: LedgerEntry; readonly inDoubt: boolean };

/** An effect as the gate sees it. Throws `UNSAFE_INTEGER` for arguments that hold a poisoned integer. */
export function gateEffectOf(request: EffectRequest, options: EffectsOptions): GateEffect {
  const argsHash = request.args.unknown.length === 0 ? hashJson(request.args.value) : null;
  return { id: effectId(request.identity), request, argsHash, target: targetFor(request.identity, request.call?.server ?? request.server, options) };
}

/**
 * Decides about an effect and, if it may be performed, writes that it is intended: one transaction, so that no two
 * processes can both decide. The ledger answers first, then the gate.
 */
export async function intend(tx: StoreTx, effect: GateEffect, options: EffectsOptions, plan: ReadonlyMap<string, PlannedEffect>, budget: Budget): Promise<Intent> {
  const { id, request, argsHash, target } = effect;
  const known = await lookUp(tx, effect);
  const fromLedger = request.identityKnown ? (ledgerAnswer(known.entry, request, argsHash, { runId: options.asks === false ? "" : options.run.id, target }) ?? (await recordAnswer(tx, effect, known))) : null;
  if (fromLedger !== null) return { kind: "answered", answer: fromLedger, held: null };
  const decision = decide(effect, await gatherContext(tx, effect, known, options, plan, budget));
  switch (decision.kind) {
    case "refuse":
      return { kind: "answered", answer: { kind: "refused", effect: id, error: decision.error }, held: null };
    case "hold":
      await ask(tx, effect, decision.why, known, options);
      return { kind: "answered", answer: { kind: "held", effect: id, why: decision.why }, held: decision.why };
    case "perform": {
      for (const asked of known.asked) {
        if (asked.id === decision.grant) await tx.putRequest({ ...asked, status: "used" });
        // Permitted by other means, a plan: nobody need be asked any more.
        else if (asked.status === "open") await tx.putRequest({ ...asked, status: "replaced" });
      }
      return write(tx, effect, known, options);
    }
  }
}

async function lookUp(tx: StoreTx, effect: GateEffect): Promise<Known> {
  const { identity } = effect.request;
  return { entry: await tx.getEffect(effect.id), binding: identity.kind === "record" ? await tx.getBinding(identity) : null, asked: await tx.requestsOf(effect.id) };
}

/** What else a record's identity answers before the gate is asked: another effect is in flight, its target is taken. */
async function recordAnswer(tx: StoreTx, effect: GateEffect, known: Known): Promise<EffectAnswer | null> {
  const { identity, args } = effect.request;
  if (identity.kind !== "record") return null;
  const last = await tx.lastEffectOf(identity);
  if (last !== null && last.id !== effect.id && (last.status === "intended" || last.status === "ambiguous")) return { kind: "ambiguous", effect: last.id, error: last.outcome?.kind === "ambiguous" ? last.outcome.error : interrupted(last) };
  if (identity.action === "adopt") {
    const other = await tx.bindingOfTarget(identity.scope, identity.record, (args.value as unknown as Adoption).targetKey);
    return !isTaken(other, identity) ? null : { kind: "failed", effect: effect.id, error: targetTaken(identity, other) };
  }
  if (identity.action === "reopen" && known.binding !== null) {
    const other = await tx.bindingOfTarget(identity.scope, identity.record, known.binding.targetKey);
    if (isTaken(other, identity)) return { kind: "failed", effect: effect.id, error: targetTaken(identity, other) };
  }
  if (identity.action === "update" && effect.argsHash !== null && known.binding?.notConverging === effect.argsHash) return { kind: "failed", effect: effect.id, error: notConvergingYet(identity) };
  return null;
}

/** Only what a person can permit is asked for; what waits for something else is held without a question. */
async function ask(tx: StoreTx, effect: GateEffect, why: HoldReason, known: Known, options: EffectsOptions): Promise<void> {
  if (options.run.phase === "plan" || effect.argsHash === null || (why.kind !== "approval" && why.kind !== "guard") || options.asks === false) return;
  const { by = null, count = 1 } = why.kind === "approval" ? why : {};
  const question = { effect: effect.id, argsHash: effect.argsHash, request: effect.request, target: effect.target, reason: why.detail, by, count };
  await openRequest(tx, known.asked, question, options.run, { id: options.newId(), now: options.clock.now() });
}

async function write(tx: StoreTx, effect: GateEffect, known: Known, options: EffectsOptions): Promise<Intent> {
  const { request } = effect;
  const intended = entryOf(effect, known, options);
  if (request.identity.kind === "start") return start(tx, intended, known, options);
  const adopted = request.call === null;
  const entry = adopted ? doneAtOnce(intended, request.args.value, "bound") : intended;
  // The row that was decided about must be the row that is replaced: another process may have come between.
  if (!(await tx.putEffect(entry, known.entry))) {
    return { kind: "answered", answer: { kind: "ambiguous", effect: effect.id, error: interrupted(entry) }, held: null };
  }
  if (adopted) await adopt(tx, effect, known, options);
  await options.beforeCommit(tx);
  return adopted ? { kind: "answered", answer: answerOf(entry, false), held: null } : { kind: "intended", entry, inDoubt: known.entry?.status === "intended" || known.entry?.status === "ambiguous" };
}

/** The new run and the row that says so are one: a crash leaves both or neither, and there is nothing to send. */
async function start(tx: StoreTx, intended: LedgerEntry, known: Known, options: EffectsOptions): Promise<Intent> {
  const value = { run: await options.startRun(tx, intended.args as unknown as StartedRun) };
  const entry = doneAtOnce(intended, value, value);
  if (!(await tx.putEffect(entry, known.entry))) throw new OffstageError("BUG", `The run ${intended.step} was started by another process within the same transaction.`);
  await options.beforeCommit(tx);
  return { kind: "answered", answer: answerOf(entry, false), held: null, made: true };
}

/** A row of an effect that no server is asked for. */
function doneAtOnce(intended: LedgerEntry, value: Data, completion: Data): LedgerEntry {
  return { ...withOutcome(intended, { kind: "done", value, unreadable: false }, "answer", intended.intendedAt), completion: encodeValue(completion) };
}

function entryOf(effect: GateEffect, known: Known, options: EffectsOptions): LedgerEntry {
  const { request, id, argsHash, target } = effect;
  const { run, fence, epoch, clock } = options;
  const server = request.call?.server ?? request.server;
  const now = clock.now();
  return {
    id, identity: request.identity, status: "intended", runId: run.id, rootRunId: run.rootRunId, step: request.step, server, tool: request.call?.tool ?? null, target,
    argsHash: argsHash ?? "", args: request.args.value, attempt: (known.entry?.attempt ?? 0) + 1, fence: fence ?? NO_FENCE, epoch, idempotent: request.call?.class.idempotent ?? true,
    intendedAt: now, deadlineAt: request.identity.kind === "start" ? now : now + options.timeoutMs(server), settledAt: null, outcome: null, settledBy: null, completion: null,
  };
}

/** An adoption calls nothing, so that its intent, its outcome and its binding are one. */
async function adopt(tx: StoreTx, effect: GateEffect, known: Known, options: EffectsOptions): Promise<void> {
  const { identity, args, server } = effect.request;
  if (identity.kind !== "record") return;
  const { scope, record, key, generation } = identity;
  const { kept, targetKey } = args.value as unknown as Adoption;
  const change = { kind: "bound", key: { scope, record, key }, effect: effect.id, generation, kept, targetKey, adopted: true, server } as const;
  await tx.putBinding(bindingAfter(known.binding, change, visitOf(options, effect.target)));
}
