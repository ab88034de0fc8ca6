import type { Binding, LedgerEntry, RecordAction } from "offstage/model";
import { afterMiss, bindingAfter, type BindingChange, factsAfterWrite, missedBy, nextEnsure, nextRelease, provesAbsence, provesAfterMs, type RecordAbilities, type RecordFacts, type RecordView } from "offstage/records";
import fc from "fast-check";
import { recordIdentity } from "../../packages/runtime/src/testing/effect-samples.ts";
import { sampleBinding, sampleEntry } from "../../packages/runtime/src/testing/store-samples.ts";
import type { Vector, VectorOptions } from "./vector.ts";

const KEY = { scope: "leaks", record: "ticket", key: "PR_7" };
const TARGETS = fc.constantFrom("https://jira.test/", "https://jira.test/", "https://jira.test/", "https://staging.test/");
/** Few instants, around the deadline and its lags, so that each comparison is seen equal. */
const TIMES = fc.constantFrom(0, 1_000, 60_999, 61_000, 61_001, 61_040, 61_041, 100_000);
const LAGS = fc.constantFrom(null, 0, 40);
const KEYS = fc.constantFrom("t1", "t2", "t3");
const ACTIONS = fc.constantFrom<RecordAction>("create", "adopt", "update", "release", "reopen");
const maybe = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(one, { nil: null, freq: 2 });

const bindings: fc.Arbitrary<Binding> = fc
  .record({ generation: fc.integer({ min: 1, max: 3 }), revision: fc.integer({ min: 0, max: 2 }), targetKey: KEYS, adopted: fc.boolean(), target: TARGETS, releasedAt: maybe(TIMES), goneSince: maybe(TIMES), notConverging: maybe(fc.constant("h")), workflow: fc.constantFrom("leaks", "older", "another"), inputsHash: fc.constantFrom("i", "j"), lastSeenAt: TIMES, missedSweeps: fc.integer({ min: 0, max: 2 }) })
  .map((rest) => sampleBinding("PR_7", rest));
const entries: fc.Arbitrary<LedgerEntry> = fc
  .record({ action: ACTIONS, generation: fc.integer({ min: 1, max: 3 }), revision: fc.integer({ min: 0, max: 2 }), status: fc.constantFrom("intended", "done", "ambiguous"), idempotent: fc.boolean(), unreadable: fc.boolean(), settledBy: fc.constantFrom(null, "answer", "found"), target: TARGETS, once: fc.integer({ min: 0, max: 30 }) })
  .map(({ action, generation, revision, status, unreadable, once, ...rest }) => {
    const identity = once === 0 ? ({ kind: "once", scope: "leaks", key: "k", window: null } as const) : recordIdentity(action, "PR_7", { generation, revision });
    return sampleEntry(identity, { ...rest, status: status as LedgerEntry["status"], outcome: status === "done" ? { kind: "done", value: null, unreadable } : null, settledBy: rest.settledBy as LedgerEntry["settledBy"] });
  });
const views: fc.Arbitrary<RecordView> = fc
  .record({ binding: maybe(bindings), open: maybe(entries), formerTargets: fc.array(KEYS, { maxLength: 2 }), now: TIMES, restored: fc.boolean() })
  .map((rest) => ({ key: KEY, target: "https://jira.test/", ...rest }));
const facts: fc.Arbitrary<RecordFacts> = fc.record({
  found: fc.oneof(fc.constantFrom(null, "unknown" as const), fc.record({ targetKeys: fc.array(KEYS, { maxLength: 3 }), askedAt: TIMES, provesAfterMs: LAGS })),
  read: fc.oneof(fc.constantFrom(null, "unknown" as const), fc.record({ gone: fc.boolean(), askedAt: TIMES, provesAfterMs: LAGS })),
  same: fc.constantFrom(null, true, false, "unknown" as const),
  updated: fc.boolean(),
});
const abilities: fc.Arbitrary<RecordAbilities> = fc.record({ read: fc.boolean(), same: fc.boolean(), update: fc.boolean(), reopen: fc.boolean(), release: fc.boolean() });
const changes: fc.Arbitrary<BindingChange> = fc.oneof(
  fc.record({ kind: fc.constant("bound" as const), key: fc.constant(KEY), effect: fc.constant("e"), generation: fc.integer({ min: 1, max: 3 }), kept: fc.constant({ key: "P-2" }), targetKey: KEYS, adopted: fc.boolean(), server: fc.constant("jira") }),
  fc.record({ kind: fc.constant("updated" as const), key: fc.constant(KEY), effect: fc.constant("e"), notConverging: maybe(fc.constant("g")) }),
  fc.record({ kind: fc.constant("released" as const), key: fc.constant(KEY), effect: maybe(fc.constant("e")) }),
  fc.record({ kind: fc.constant("reopened" as const), key: fc.constant(KEY), effect: fc.constant("e") }),
  fc.record({ kind: fc.constant("seen" as const), key: fc.constant(KEY), goneSince: maybe(TIMES), converged: fc.boolean() }),
);
const VISIT = { now: 9_000, runId: "run-9", workflow: "leaks-2", inputsHash: "j", epoch: 2, target: "https://jira.test/" };
const reads = fc.array(fc.record({ consistent: fc.boolean(), lagMs: LAGS }).map((read) => ({ effect: "read" as const, idempotent: true, affects: [], undo: null, ...read })), { maxLength: 3 });

/** One case in 260 comes to a comparison, the rarest that has to be met. */
const MORE = 4;

/** The pure decisions of records, over few instants and targets, so that each of their conditions is met both ways. */
export function* recordsVectors({ cases, seed }: VectorOptions): Iterable<Vector> {
  const some = <T>(arbitrary: fc.Arbitrary<T>, numRuns = cases): readonly T[] => fc.sample(arbitrary, { numRuns, seed });
  for (const [view, seen, has] of some(fc.tuple(views, facts, abilities), cases * MORE)) {
    yield { of: "ensure", view, facts: seen, has, gives: nextEnsure(view, seen, has) };
    yield { of: "release", view, facts: seen, has, gives: nextRelease(view, seen, has) };
  }
  for (const [seen, action] of some(fc.tuple(facts, ACTIONS))) yield { of: "after-write", facts: seen, action, gives: factsAfterWrite(seen, action) };
  for (const [binding, change] of some(fc.tuple(bindings, changes))) yield { of: "binding", binding, change, visit: VISIT, gives: bindingAfter(binding, change, VISIT) };
  for (const [list, since, counts, visited] of some(fc.tuple(fc.array(bindings, { maxLength: 4 }), TIMES, fc.boolean(), fc.integer({ min: 0, max: 9 }))))
    yield { of: "missed", list, since, counts, visited: visited === 0, gives: missedBy({ workflows: ["leaks", "older"], inputsHash: "i", since, counts }, list, () => visited === 0), after: list.map((binding) => afterMiss(binding, since)) };
  for (const [list, entry, askedAt] of some(fc.tuple(reads, entries, TIMES))) {
    const provesAfter = provesAfterMs(list);
    yield { of: "proof", list, entry, askedAt, gives: [provesAfter, provesAbsence(entry, { kind: "absent", askedAt, provesAfterMs: provesAfter })] };
  }
}
