import { describe, expect, test } from "vitest";
import type { Binding, LedgerEntry, RecordAction } from "../model/index.ts";
import { recordIdentity } from "../testing/effect-samples.ts";
import { sampleBinding, sampleEntry, settled } from "../testing/store-samples.ts";
import { type FindFacts, nextEnsure, NO_FACTS, type ReadFacts, type RecordAbilities, type RecordFacts, type RecordStep, type RecordView } from "./index.ts";

const ALL: RecordAbilities = { read: true, same: true, update: true, reopen: true, release: true };
const NONE: RecordAbilities = { read: false, same: false, update: false, reopen: false, release: false };
const KEY = { scope: "leaks", record: "ticket", key: "PR_7" };
const LAG = 40;
const DEADLINE = 61_000;

const viewOf = (rest: Partial<RecordView> = {}): RecordView => ({ key: KEY, binding: null, open: null, formerTargets: [], target: "https://jira.test/", now: 100_000, restored: false, ...rest });
const bound = (rest: Partial<Binding> = {}): Binding => sampleBinding("PR_7", { revision: 1, targetKey: "t1", ...rest });
const found = (targetKeys: readonly string[], rest: Partial<FindFacts> = {}): FindFacts => ({ targetKeys, askedAt: 100_000, provesAfterMs: LAG, ...rest });
const read = (rest: Partial<ReadFacts> = {}): ReadFacts => ({ gone: false, askedAt: 100_000, provesAfterMs: 0, ...rest });
const open = (action: RecordAction, rest: Partial<LedgerEntry> = {}, identity: { readonly generation?: number; readonly revision?: number } = {}): LedgerEntry => sampleEntry(recordIdentity(action, "PR_7", identity), { deadlineAt: DEADLINE, ...rest });
const done = (action: RecordAction, rest: Partial<LedgerEntry> = {}): LedgerEntry => ({ ...settled(open(action)), ...rest });
const unreadable = (): LedgerEntry => done("create", { outcome: { kind: "done", value: null, unreadable: true } });
const next = (view: Partial<RecordView>, facts: Partial<RecordFacts> = {}, has: Partial<RecordAbilities> = {}): RecordStep => nextEnsure(viewOf(view), { ...NO_FACTS, ...facts }, { ...ALL, ...has });

describe("no binding", () => {
  test("finds first, always: even in a store that was restored", () => {
    expect(next({})).toEqual({ kind: "find" });
    expect(next({ restored: true })).toEqual({ kind: "find" });
  });

  test("none: creates; one: adopts; more: says so", () => {
    expect(next({}, { found: found([]) })).toEqual({ kind: "create", generation: 1, revision: 0, certain: true });
    expect(next({}, { found: found(["t9"]) })).toEqual({ kind: "adopt", generation: 1, revision: 0, targetKey: "t9" });
    expect(next({}, { found: found(["t9", "t9"]) })).toMatchObject({ kind: "adopt", targetKey: "t9" });
    expect(next({}, { found: found(["t8", "t9"]) })).toMatchObject({ kind: "fail", error: { code: "AMBIGUOUS_RECORD", message: expect.stringContaining("ticket PR_7") } });
  });

  test("what find gives is not known yet: may create", () => {
    expect(next({}, { found: "unknown" })).toMatchObject({ kind: "create", certain: false });
  });
});

describe("a live binding", () => {
  const binding = bound();

  test("without read there is nothing to do", () => {
    expect(next({ binding }, {}, NONE)).toEqual({ kind: "done", converged: false });
  });

  test("is read, compared, and updated under the next revision", () => {
    expect(next({ binding })).toEqual({ kind: "read" });
    expect(next({ binding }, { read: read() })).toEqual({ kind: "compare" });
    expect(next({ binding }, { read: read(), same: true })).toEqual({ kind: "done", converged: true });
    expect(next({ binding }, { read: read(), same: false })).toEqual({ kind: "update", generation: 1, revision: 1, certain: true });
  });

  test("cannot be compared or updated: left as it is", () => {
    expect(next({ binding }, { read: read() }, { same: false })).toEqual({ kind: "done", converged: false });
    expect(next({ binding }, { read: read(), same: false }, { update: false })).toEqual({ kind: "done", converged: false });
  });

  test("what is read or compared is not known yet: may update", () => {
    expect(next({ binding }, { read: "unknown" })).toMatchObject({ kind: "update", certain: false });
    expect(next({ binding }, { read: read(), same: "unknown" })).toMatchObject({ kind: "update", certain: false });
  });

  test("was updated in this attempt and still differs: not converging, and no second update", () => {
    expect(next({ binding }, { read: read(), same: false, updated: true })).toMatchObject({ kind: "fail", error: { code: "NOT_CONVERGING" } });
    expect(next({ binding }, { read: read(), same: true, updated: true })).toEqual({ kind: "done", converged: true });
    expect(next({ binding }, { read: read(), same: "unknown", updated: true })).toEqual({ kind: "done", converged: false });
  });

  test("in another target is refused before anything is asked", () => {
    expect(next({ binding, target: "https://staging.test/" })).toMatchObject({ kind: "fail", error: { code: "TARGET_CHANGED", message: expect.stringContaining("https://staging.test/") } });
    expect(next({ open: open("create"), target: "https://staging.test/" })).toMatchObject({ kind: "fail", error: { code: "TARGET_CHANGED" } });
  });
});

describe("the read says gone", () => {
  const gone = read({ gone: true, askedAt: 90_000 });
  const binding = bound();
  const since = bound({ goneSince: 90_000 });

  test("find is asked too", () => {
    expect(next({ binding }, { read: gone })).toEqual({ kind: "find" });
  });

  test("the first witness is kept, and nothing is made", () => {
    expect(next({ binding }, { read: gone, found: found([], { askedAt: 90_001 }) })).toEqual({ kind: "bind", change: "seen", goneSince: 90_000 });
    expect(next({ binding: since }, { read: gone, found: found([], { askedAt: 90_001 }) })).toMatchObject({ kind: "hold", generation: 2, why: { kind: "unproven" } });
  });

  test("the second witness counts only past its lag after the first", () => {
    const at = (askedAt: number): string => next({ binding: since }, { read: read({ gone: true, askedAt: 100_000 }), found: found([], { askedAt }) }).kind;
    expect([at(90_000 + LAG - 1), at(90_000 + LAG)]).toEqual(["hold", "create"]);
    expect(next({ binding: since }, { read: gone, found: found([]) })).toEqual({ kind: "create", generation: 2, revision: 0, certain: true });
  });

  test("a consistent find is a witness at once, one without lag never", () => {
    expect(next({ binding }, { read: gone, found: found([], { askedAt: 90_000, provesAfterMs: 0 }) })).toMatchObject({ kind: "create", generation: 2 });
    expect(next({ binding: since }, { read: gone, found: found([], { askedAt: 999_999, provesAfterMs: null }) })).toMatchObject({ kind: "hold", why: { detail: expect.stringContaining("no lag") } });
    expect(next({ binding: since }, { read: gone, found: "unknown" })).toMatchObject({ kind: "hold" });
  });

  test("find still shows it: the witnesses contradict each other", () => {
    expect(next({ binding: since }, { read: gone, found: found(["t1"], { askedAt: 999_999 }) })).toMatchObject({ kind: "hold", why: { detail: expect.stringContaining("still shows") } });
  });

  test("find shows another: it is adopted as the next generation", () => {
    expect(next({ binding: since }, { read: gone, found: found(["t9"]) })).toEqual({ kind: "adopt", generation: 2, revision: 0, targetKey: "t9" });
  });

  test("targets of older generations are over, however long find shows them", () => {
    expect(next({ binding: bound({ generation: 2, targetKey: "t2", goneSince: 90_000 }), formerTargets: ["t1"] }, { read: gone, found: found(["t1"]) })).toMatchObject({ kind: "create", generation: 3 });
  });
});

describe("a released binding", () => {
  const binding = bound({ revision: 2, releasedAt: 50_000 });

  test("is reopened under its own generation, after a look whether it is there", () => {
    expect(next({ binding })).toEqual({ kind: "read" });
    expect(next({ binding }, { read: read() })).toEqual({ kind: "reopen", generation: 1, revision: 2, certain: true });
    expect(next({ binding }, {}, { read: false })).toEqual({ kind: "reopen", generation: 1, revision: 2, certain: true });
    expect(next({ binding }, { read: read({ gone: true }) })).toEqual({ kind: "find" });
  });

  test("without reopen begins a generation, for which find ignores what older ones made", () => {
    expect(next({ binding }, {}, { reopen: false })).toEqual({ kind: "find" });
    expect(next({ binding, formerTargets: ["t0"] }, { found: found(["t1", "t0"]) }, { reopen: false })).toEqual({ kind: "create", generation: 2, revision: 0, certain: true });
    expect(next({ binding }, { found: found(["t1", "t9"]) }, { reopen: false })).toMatchObject({ kind: "adopt", generation: 2, targetKey: "t9" });
  });

  test("that was adopted was only unbound: it may be adopted again", () => {
    expect(next({ binding: { ...binding, adopted: true } }, { found: found(["t1"]) })).toEqual({ kind: "adopt", generation: 2, revision: 0, targetKey: "t1" });
  });
});

describe("an open create", () => {
  test("that is done is bound with what its function returned, which is evaluated again if it was lost", () => {
    expect(next({ open: done("create") })).toEqual({ kind: "bind", change: "bound", effect: done("create").id, generation: 1, from: "function" });
  });

  test.each([["found", done("create", { settledBy: "found" })], ["unreadable", unreadable()]])("that is %s is completed by find", (_name, entry) => {
    expect(next({ open: entry })).toEqual({ kind: "find" });
    expect(next({ open: entry }, { found: found(["t9"]) })).toMatchObject({ kind: "bind", change: "bound", from: { targetKey: "t9" } });
    expect(next({ open: entry }, { found: found([]) })).toMatchObject({ kind: "blocked", error: { code: "RESULT_UNREADABLE" } });
    expect(next({ open: entry }, { found: found(["t8", "t9"]) })).toMatchObject({ kind: "fail", error: { code: "AMBIGUOUS_RECORD" } });
    expect(next({ open: entry }, { found: "unknown" })).toMatchObject({ kind: "blocked" });
  });

  test.each(["intended", "ambiguous"] as const)("that is %s is settled by finding it", (status) => {
    const entry = open("create", { status });
    expect(next({ open: entry })).toEqual({ kind: "find" });
    expect(next({ open: entry }, { found: found(["t9"], { askedAt: 1 }) })).toEqual({ kind: "settle", effect: entry.id, evidence: { kind: "found", by: "find", targetKey: "t9" } });
    expect(next({ open: entry }, { found: found(["t8", "t9"]) })).toMatchObject({ kind: "fail", error: { code: "AMBIGUOUS_RECORD" } });
  });

  test("and by not finding it only when the lag has passed since its deadline", () => {
    const at = (askedAt: number, provesAfterMs: number | null = LAG): string => next({ open: open("create", { status: "ambiguous" }) }, { found: found([], { askedAt, provesAfterMs }) }).kind;
    expect([at(DEADLINE + LAG - 1), at(DEADLINE + LAG), at(DEADLINE + LAG + 1)]).toEqual(["blocked", "blocked", "settle"]);
    expect([at(DEADLINE, 0), at(DEADLINE + 1, 0), at(9e9, null)]).toEqual(["blocked", "settle", "blocked"]);
  });

  test("until then it says from when on a run can tell; without a lag, that nothing can", () => {
    const told = (provesAfterMs: number | null): RecordStep => next({ open: open("create", { status: "ambiguous" }) }, { found: found([], { askedAt: DEADLINE, provesAfterMs }) });
    // The deadline is at 61 s, and 40 ms of lag are over within the second after it.
    expect(told(LAG)).toMatchObject({ kind: "blocked", error: { message: expect.stringContaining("From 1970-01-01T00:01:02Z on the next run can"), hint: expect.stringContaining("offstage resolve") } });
    expect(told(null)).toMatchObject({ kind: "blocked", error: { message: expect.stringContaining("nothing that can be asked tells") } });
  });

  test("else it is repeated if that is harmless, or blocks and says how to go on", () => {
    const facts = { found: found([], { provesAfterMs: null }) };
    expect(next({ open: open("create", { idempotent: true }) }, facts)).toEqual({ kind: "create", generation: 1, revision: 0, certain: true });
    expect(next({ open: open("create") }, facts)).toMatchObject({ kind: "blocked", error: { code: "EFFECT_AMBIGUOUS", hint: expect.stringContaining("offstage resolve") } });
    expect(next({ open: open("create") }, { found: "unknown" })).toMatchObject({ kind: "blocked" });
  });

  test("of a later generation does not take an older one's target for its own", () => {
    const entry = open("create", { status: "ambiguous" }, { generation: 2 });
    expect(next({ open: entry, binding: bound({ goneSince: 1 }) }, { found: found(["t1"], { askedAt: 1 }) })).toMatchObject({ kind: "blocked" });
    expect(next({ open: entry, binding: bound({ goneSince: 1 }) }, { found: found(["t1", "t2"]) })).toMatchObject({ kind: "settle", evidence: { targetKey: "t2" } });
  });
});

describe("an open update", () => {
  const binding = bound();

  test("that is done is read again before it is bound", () => {
    const entry = done("update", { argsHash: "h" });
    expect(next({ binding, open: entry })).toEqual({ kind: "read" });
    expect(next({ binding, open: entry }, { read: read() })).toEqual({ kind: "compare" });
    expect(next({ binding, open: entry }, { read: read(), same: true })).toEqual({ kind: "bind", change: "updated", effect: entry.id, notConverging: null });
    expect(next({ binding, open: entry }, { read: read(), same: false })).toMatchObject({ change: "updated", notConverging: "h" });
    for (const facts of [{ read: "unknown" as const }, { read: read({ gone: true }) }]) expect(next({ binding, open: entry }, facts)).toMatchObject({ change: "updated", notConverging: null });
  });

  test("that is ambiguous is told by what is there now", () => {
    const entry = open("update", { status: "ambiguous" });
    const at = (askedAt: number): string => next({ binding, open: entry }, { read: read({ askedAt }), same: false }).kind;
    expect(next({ binding, open: entry })).toEqual({ kind: "read" });
    expect(next({ binding, open: entry }, { read: read(), same: true })).toMatchObject({ kind: "settle", evidence: { kind: "found", by: "read" } });
    expect([at(DEADLINE), at(DEADLINE + 1)]).toEqual(["blocked", "settle"]);
    expect(next({ binding, open: entry }, { read: read({ gone: true }) })).toMatchObject({ kind: "blocked" });
    expect(next({ binding, open: entry }, { read: read(), same: "unknown" })).toMatchObject({ kind: "blocked" });
    expect(next({ binding, open: entry }, {}, { same: false })).toMatchObject({ kind: "blocked" });
    expect(next({ binding, open: { ...entry, idempotent: true } }, {}, { same: false })).toMatchObject({ kind: "update" });
  });
});

test("an open release or reopen that is done is bound, whatever is wanted now", () => {
  expect(next({ binding: bound(), open: done("release") })).toMatchObject({ kind: "bind", change: "released" });
  expect(next({ binding: bound({ releasedAt: 1 }), open: done("reopen") })).toMatchObject({ kind: "bind", change: "reopened" });
});

test("an open release is told by a target that is gone, a reopen by nothing", () => {
  const binding = bound();
  expect(next({ binding, open: open("release") })).toEqual({ kind: "read" });
  expect(next({ binding, open: open("release") }, { read: read({ gone: true }) })).toMatchObject({ kind: "settle", evidence: { kind: "found", by: "read" } });
  expect(next({ binding, open: open("release") }, { read: read() })).toMatchObject({ kind: "blocked" });
  expect(next({ binding, open: open("reopen") })).toMatchObject({ kind: "blocked" });
  expect(next({ binding, open: open("reopen", { idempotent: true }) })).toMatchObject({ kind: "reopen" });
});
