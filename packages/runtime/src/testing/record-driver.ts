import { type Data, type ErrorData, hashJson } from "../base/index.ts";
import type { Effects } from "../effects/index.ts";
import type { CallClass, EffectRequest, RecordAction, RecordKey } from "../model/index.ts";
import { factsAfterWrite, nextEnsure, nextRelease, NO_FACTS, type RecordAbilities, type RecordFacts, type RecordStep, type RecordView } from "../records/index.ts";

/** A record as the driver executes it: plain functions instead of a program's arrows. */
export interface DrivenRecord {
  readonly key: RecordKey;
  readonly server: string;
  readonly has: RecordAbilities;
  find(): Promise<{ readonly items: readonly { readonly id: string }[]; readonly askedAt: number; readonly provesAfterMs: number | null }>;
  read(kept: Data): Promise<{ readonly gone: boolean; readonly same: boolean; readonly askedAt: number; readonly provesAfterMs: number | null }>;
  /** The one call of a callback, and its class. */
  write(action: Exclude<RecordAction, "adopt">, kept: Data): { readonly tool: string; readonly args: Data; readonly class: CallClass };
}

/** How an attempt ended. */
export type Ending =
  | { readonly kind: "done"; readonly kept: Data }
  | { readonly kind: "released" }
  | { readonly kind: "held"; readonly why: string }
  | { readonly kind: "blocked" | "failed" | "refused"; readonly error: ErrorData };

interface Attempt {
  readonly effects: Effects;
  readonly record: DrivenRecord;
  facts: RecordFacts;
  found: readonly { readonly id: string }[];
  same: boolean;
  /** What `create` returned in this attempt. */
  made: Data | undefined;
  unanswered: boolean;
}

/** Ensures (or releases) one identity as the engine does: executes the decisions of `records` through `effects`. */
export async function driveRecord(effects: Effects, record: DrivenRecord, goal: "ensure" | "release" = "ensure"): Promise<Ending> {
  const attempt: Attempt = { effects, record, facts: NO_FACTS, found: [], same: false, made: undefined, unanswered: false };
  const next = goal === "ensure" ? nextEnsure : nextRelease;
  for (let steps = 0; steps < 40; steps++) {
    const view = await effects.record(record.key, record.server);
    const step = next(view, attempt.facts, record.has);
    const ending = await execute(attempt, view, step, goal);
    if (ending !== null) return ending;
  }
  throw new Error("The decisions about a record go in circles.");
}

async function execute(attempt: Attempt, view: RecordView, step: RecordStep, goal: "ensure" | "release"): Promise<Ending | null> {
  const { effects, record } = attempt;
  switch (step.kind) {
    case "find": {
      const { items, askedAt, provesAfterMs } = await record.find();
      attempt.found = items;
      attempt.facts = { ...attempt.facts, found: { targetKeys: items.map(({ id }) => targetKeyOf(id)), askedAt, provesAfterMs } };
      return null;
    }
    case "read": {
      const { same, ...read } = await record.read(view.binding?.kept ?? null);
      attempt.same = same;
      attempt.facts = { ...attempt.facts, read };
      return null;
    }
    case "compare":
      attempt.facts = { ...attempt.facts, same: attempt.same };
      return null;
    case "settle":
      await effects.settle(step.effect, step.evidence.kind === "absent" ? step.evidence : { kind: "found", value: step.evidence.targetKey === null ? null : itemOf(attempt, step.evidence.targetKey) });
      return null;
    case "bind":
      return bind(attempt, view, step);
    case "done":
      if (goal === "release") return { kind: "released" };
      return { kind: "done", kept: (await effects.bind({ kind: "seen", key: record.key, goneSince: null, converged: step.converged })).kept };
    case "blocked":
      return { kind: "blocked", error: step.error };
    case "hold":
      return { kind: "held", why: step.why.kind };
    case "fail":
      return { kind: "failed", error: step.error };
    default:
      return write(attempt, view, step);
  }
}

async function bind(attempt: Attempt, view: RecordView, step: Extract<RecordStep, { kind: "bind" }>): Promise<Ending | null> {
  const { effects, record } = attempt;
  const { key, server } = record;
  switch (step.change) {
    case "bound": {
      let kept: Data;
      if (step.from === "function") {
        // The function's own value was lost with its process: it runs again, its write answered from the ledger.
        if (attempt.made === undefined) return write(attempt, view, { kind: "create", generation: step.generation, revision: 0, certain: true });
        kept = keep(attempt.made);
      } else kept = keep(itemOf(attempt, step.from.targetKey));
      await effects.bind({ kind: "bound", key, effect: step.effect, generation: step.generation, kept, targetKey: targetKeyOf((kept as { id: string }).id), adopted: false, server });
      return null;
    }
    case "updated":
      await effects.bind({ kind: "updated", key, effect: step.effect, notConverging: step.notConverging });
      attempt.facts = { ...attempt.facts, updated: true };
      return null;
    case "reopened":
      await effects.bind({ kind: "reopened", key, effect: step.effect });
      attempt.facts = NO_FACTS;
      return null;
    case "released":
      await effects.bind({ kind: "released", key, effect: step.effect });
      return null;
    case "seen":
      await effects.bind({ kind: "seen", key, goneSince: step.goneSince });
      return null;
  }
}

type Write = Extract<RecordStep, { kind: "create" | "adopt" | "update" | "release" | "reopen" }>;

async function write(attempt: Attempt, view: RecordView, step: Write): Promise<Ending | null> {
  const answer = await attempt.effects.perform(requestOf(attempt, view, step));
  switch (answer.kind) {
    case "done":
      attempt.facts = factsAfterWrite(attempt.facts, step.kind);
      if (step.kind === "create" && !answer.unreadable) attempt.made = answer.value;
      return null;
    case "ambiguous":
      // What was not answered is looked for at once; a repeated one that is not answered either waits for another run.
      if (attempt.unanswered) return { kind: "blocked", error: answer.error };
      attempt.unanswered = true;
      attempt.facts = NO_FACTS;
      return null;
    case "held":
      return { kind: "held", why: answer.why.kind };
    case "failed":
      return { kind: "failed", error: answer.error };
    case "refused":
      return { kind: "refused", error: answer.error };
  }
}

function requestOf(attempt: Attempt, view: RecordView, step: Write): EffectRequest {
  const { record } = attempt;
  const common = { identity: { kind: "record", ...record.key, generation: step.generation, action: step.kind, revision: step.revision }, step: `ensure#1[${record.key.key}]`, identityKnown: true, after: null, label: `${record.key.record} ${record.key.key}`, server: record.server } as const;
  if (step.kind === "adopt") {
    const adoption = { kept: keep(itemOf(attempt, step.targetKey)), targetKey: step.targetKey };
    return { ...common, call: null, args: { value: adoption, unknown: [] }, certainty: "sure" };
  }
  const { tool, args, class: callClass } = record.write(step.kind, view.binding?.kept ?? null);
  return { ...common, call: { server: record.server, tool, class: callClass }, args: { value: args, unknown: [] }, certainty: step.certain ? "sure" : "may" };
}

function itemOf(attempt: Attempt, targetKey: string): Data {
  return attempt.found.find(({ id }) => targetKeyOf(id) === targetKey) ?? null;
}

function keep(item: Data): Data {
  return { id: (item as { id: string }).id };
}

/** The target key of a ticket. */
export function targetKeyOf(id: string): string {
  return hashJson({ id });
}
