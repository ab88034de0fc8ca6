import type { LedgerEntry } from "../model/index.ts";
import type { RecordStep } from "./action.ts";
import type { RecordFacts } from "./facts.ts";
import { provesAbsence } from "./proof.ts";
import { ambiguousRecord, unreadable, unsettled } from "./record-error.ts";
import type { RecordAbilities, RecordView } from "./record-view.ts";
import { candidates } from "./targets.ts";

/**
 * What to do about the effect that is open on an identity, before anything else is done with it: a done one is completed
 * into the binding, an interrupted or ambiguous one is settled by what can be found, repeated when that is harmless, or
 * blocks the identity.
 */
export function nextForOpen(view: RecordView, open: LedgerEntry, facts: RecordFacts, has: RecordAbilities): RecordStep {
  const { identity } = open;
  if (identity.kind !== "record") return { kind: "blocked", effect: open.id, error: unsettled(view, open, null) };
  switch (identity.action) {
    case "create":
    case "adopt":
      return open.status === "done" ? completeCreate(view, open, identity.generation, facts) : settleByFind(view, open, identity.generation, facts);
    case "update":
      return open.status === "done" ? completeUpdate(open, facts, has) : settleUpdate(view, open, facts, has);
    case "release":
      return open.status === "done" ? { kind: "bind", change: "released", effect: open.id } : settleRelease(view, open, facts, has);
    case "reopen":
      return open.status === "done" ? { kind: "bind", change: "reopened", effect: open.id } : repeatOrBlock(view, open);
  }
}

function completeCreate(view: RecordView, open: LedgerEntry, generation: number, facts: RecordFacts): RecordStep {
  const readable = open.outcome?.kind === "done" && !open.outcome.unreadable;
  if (readable && open.settledBy !== "found") return { kind: "bind", change: "bound", effect: open.id, generation, from: "function" };
  if (facts.found === null) return { kind: "find" };
  if (facts.found === "unknown") return { kind: "blocked", effect: open.id, error: unreadable(view) };
  const targets = candidates(view, facts.found, generation);
  const [targetKey] = targets;
  if (targetKey === undefined) return { kind: "blocked", effect: open.id, error: unreadable(view) };
  if (targets.length > 1) return { kind: "fail", error: ambiguousRecord(view, targets.length) };
  return { kind: "bind", change: "bound", effect: open.id, generation, from: { targetKey } };
}

function settleByFind(view: RecordView, open: LedgerEntry, generation: number, facts: RecordFacts): RecordStep {
  if (facts.found === null) return { kind: "find" };
  if (facts.found === "unknown") return { kind: "blocked", effect: open.id, error: unsettled(view, open, null) };
  const targets = candidates(view, facts.found, generation);
  const [targetKey] = targets;
  if (targets.length > 1) return { kind: "fail", error: ambiguousRecord(view, targets.length) };
  if (targetKey !== undefined) return { kind: "settle", effect: open.id, evidence: { kind: "found", by: "find", targetKey } };
  return absentOr(view, open, facts.found);
}

function completeUpdate(open: LedgerEntry, facts: RecordFacts, has: RecordAbilities): RecordStep {
  const converged: RecordStep = { kind: "bind", change: "updated", effect: open.id, notConverging: null };
  if (!has.read || !has.same) return converged;
  if (facts.read === null) return { kind: "read" };
  if (facts.read === "unknown" || facts.read.gone) return converged;
  if (facts.same === null) return { kind: "compare" };
  return { ...converged, notConverging: facts.same === false ? open.argsHash : null };
}

function settleUpdate(view: RecordView, open: LedgerEntry, facts: RecordFacts, has: RecordAbilities): RecordStep {
  if (!has.read || !has.same) return repeatOrBlock(view, open);
  if (facts.read === null) return { kind: "read" };
  if (facts.read === "unknown" || facts.read.gone) return repeatOrBlock(view, open);
  if (facts.same === null) return { kind: "compare" };
  if (facts.same === true) return { kind: "settle", effect: open.id, evidence: { kind: "found", by: "read", targetKey: null } };
  return facts.same === false ? absentOr(view, open, facts.read) : repeatOrBlock(view, open);
}

/** Only a target that is gone tells that a release happened; what else a release does, the record does not say. */
function settleRelease(view: RecordView, open: LedgerEntry, facts: RecordFacts, has: RecordAbilities): RecordStep {
  if (!has.read) return repeatOrBlock(view, open);
  if (facts.read === null) return { kind: "read" };
  if (facts.read !== "unknown" && facts.read.gone) return { kind: "settle", effect: open.id, evidence: { kind: "found", by: "read", targetKey: null } };
  return repeatOrBlock(view, open);
}

function absentOr(view: RecordView, open: LedgerEntry, asked: { readonly askedAt: number; readonly provesAfterMs: number | null }): RecordStep {
  const evidence = { kind: "absent", askedAt: asked.askedAt, provesAfterMs: asked.provesAfterMs } as const;
  if (provesAbsence(open, evidence)) return { kind: "settle", effect: open.id, evidence };
  return repeatOrBlock(view, open, asked.provesAfterMs);
}

function repeatOrBlock(view: RecordView, open: LedgerEntry, provesAfterMs: number | null = null): RecordStep {
  const { identity } = open;
  if (open.idempotent && identity.kind === "record" && identity.action !== "adopt") {
    return { kind: identity.action, generation: identity.generation, revision: identity.revision, certain: true };
  }
  return { kind: "blocked", effect: open.id, error: unsettled(view, open, provesAfterMs) };
}
