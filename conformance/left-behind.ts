import { type Data, encodeValue } from "offstage/base";
import type { Binding, LedgerEntry, Outcome, Run } from "offstage/model";
import { openSqliteStore } from "offstage/stores/sqlite";
import { createFakeClock } from "../packages/runtime/src/testing/fake-clock.ts";

/** One call as its host made it. `step`: null for a write, which the ledger has. */
export interface NotedCall {
  readonly step: string | null;
  readonly tool: string;
  readonly args: Data;
}

/** What the processes of a case left: their store, which nobody has open any more, and the calls that they made, in order. */
export interface Leavings {
  readonly file: string;
  readonly calls: readonly NotedCall[];
  /** The processes that were killed on the way. */
  readonly dead: ReadonlySet<unknown>;
}

/** What every language has to leave alike: no ids, times and sites of it. */
export interface LeftBehind {
  readonly runs: readonly string[];
  /** What they hold, and what is ambiguous and failed in those that have either: each goes on behind it as far as it can. */
  readonly held: readonly string[];
  /** What those give. */
  readonly given: readonly string[];
  readonly ledger: readonly string[];
  readonly bindings: readonly string[];
  /** By the keys of the loops that they were made in; writes of each run that another one started are apart. */
  readonly calls: Readonly<Record<string, readonly string[]>>;
}

const ALL = { limit: 100_000 };
const RUN_ID = /\b[0-9a-z]{9}-[0-9a-z]{8}\b/g;
const EFFECT_ID = /\b[0-9a-f]{64}\b/g;

/** Reads it, from the store of any language. */
export async function leftBehind({ file, calls }: Leavings): Promise<LeftBehind> {
  const store = await openSqliteStore({ file, clock: createFakeClock() });
  try {
    const [runs, ledger, bindings] = await store.transact({ durable: false, reads: true }, async (tx) => [await tx.listRuns(ALL), await tx.listEffects(ALL), await tx.listBindings(ALL)] as const);
    return {
      runs: runs.map(runOf).map(plain).toSorted(),
      held: runs.flatMap(heldBy).map(plain).toSorted(),
      given: runs.filter((run) => !isSettled(run)).map(({ workflow, output }) => plain([workflow, output])).toSorted(),
      ledger: ledger.map(entryOf).map(plain).toSorted(),
      bindings: bindings.map(bindingOf).map(plain).toSorted(),
      calls: callsByLoop(calls, ledger, new Map(runs.map(({ id, event, workflow }) => [id, event.kind === "started" ? `${workflow} ${event.key}: ` : ""]))),
    };
  } finally {
    await store.close();
  }
}

function runOf(run: Run): unknown {
  const { workflow, scope, phase, status, inputs, event, error, ambiguous, waits, counts } = run;
  return {
    workflow, scope, phase, status, inputs, event, ...(isSettled(run) ? { output: run.output, failures: sorted(failuresOf(run)) } : {}), code: error?.code ?? null, counts: { writes: counts.writes },
    ambiguous: sorted(ambiguous.map(({ step, label }) => [loopOf(step), labelOf(label)])), waits: sorted(waits.map(({ kind, step, label }) => [kind, loopOf(step), label])),
  };
}

function heldBy(run: Run): readonly unknown[] {
  const { workflow, phase, status, held, ambiguous } = run;
  if (isSettled(run)) return [];
  return [...[...held, ...ambiguous].map(({ step, label, waits }) => [loopOf(step), labelOf(label), waits]), ...failuresOf(run)].map((one) => [workflow, phase, status, ...one]);
}

function isSettled({ held, ambiguous }: Run): boolean {
  return held.length === 0 && ambiguous.length === 0;
}

function failuresOf({ failures }: Run): readonly (readonly unknown[])[] {
  return failures.map(({ step, error: { code } }) => [loopOf(step), code]);
}

/** What has no name but its place is labelled by that, whose sites are each language's own. */
function labelOf(label: string): string {
  return /^\S+#\d+$/.test(label) ? loopOf(label) : label;
}

/** Items side by side come to something in any order. */
function sorted(all: readonly unknown[]): readonly string[] {
  return all.map(encodeValue).toSorted();
}

function entryOf({ identity, status, step, server, tool, target, args, attempt, epoch, idempotent, outcome, settledBy, completion }: LedgerEntry): unknown {
  const own = identity.kind === "step" ? { ...identity, step: loopOf(identity.step) } : identity;
  return { identity: own, status, loop: loopOf(step), server, tool, target, args, attempt, epoch, idempotent, outcome: outcome === null ? null : wordless(outcome), settledBy, completion };
}

function bindingOf({ scope, record, key, generation, revision, kept, targetKey, adopted, server, target, releasedAt, goneSince, notConverging, workflow, inputsHash, missedSweeps, epoch }: Binding): unknown {
  return { scope, record, key, generation, revision, kept, targetKey, adopted, server, target, isReleased: releasedAt !== null, isGone: goneSince !== null, notConverging, workflow, inputsHash, missedSweeps, epoch };
}

/** Errors by their codes: their words are each server's and each library's own. */
function wordless(outcome: Outcome): unknown {
  return "error" in outcome ? { ...outcome, error: outcome.error.code } : outcome;
}

/** The keys of the loops that a step stands in, and the turns: what its sites are called is each language's own. */
function loopOf(step: string): string {
  return [...step.matchAll(/#\d+(?:\[(.*?)\](?=\/|$)|\/(\d+)(?=\/|$))/g)].map(([, key, turn]) => key ?? turn).join("/");
}

/** `started`: what goes before the loops of a run that another one started. It is driven when there is time; of those that were started in one instant any comes first. */
function callsByLoop(calls: readonly NotedCall[], ledger: readonly LedgerEntry[], started: ReadonlyMap<string, string>): Readonly<Record<string, readonly string[]>> {
  const places = new Map(ledger.map(({ tool, args, step, runId }) => [`${tool ?? ""} ${encodeValue(args)}`, `${started.get(runId) ?? ""}${loopOf(step)}`]));
  const found: Record<string, string[]> = {};
  for (const { step, tool, args } of calls) {
    const asked = `${tool} ${encodeValue(args)}`;
    (found[step === null ? places.get(asked) ?? "" : loopOf(step)] ??= []).push(plain(asked));
  }
  return found;
}

function plain(value: unknown): string {
  return (typeof value === "string" ? value : encodeValue(value)).replaceAll(RUN_ID, "RUN").replaceAll(EFFECT_ID, "EFFECT");
}
