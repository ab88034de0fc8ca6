import { isDeepStrictEqual } from "node:util";
import { describe, expect, test } from "vitest";
import { arrivalsSuite } from "./arrivals.suite.ts";
import { tallySuite } from "./tally.suite.ts";
import type { StoreTx } from "../state/index.ts";
import { HARD_DATA, sampleBinding, sampleEntry, sampleLease, sampleOnce, samplePlan, SAMPLE_PROGRAM, sampleRequest, sampleRun, settled } from "./store-samples.ts";
import { codeOf, openFor, type StoreUnderTest } from "./store-under-test.ts";
import { transactionSuite } from "./transactions.suite.ts";
import { waitsSuite } from "./waits.suite.ts";

const KEY = { scope: "leaks", record: "ticket", key: "PR_7" };

/** What every `Store` promises to a single user. Races and crashes have suites of their own. */
export function storeSuite(adapter: StoreUnderTest): void {
  describe(`${adapter.name}: rows`, () => {
    describeRuns(adapter);
    describeJournal(adapter);
    describeLedger(adapter);
    describeBindings(adapter);
    describeRequests(adapter);
    describeFacts(adapter);
  });
  waitsSuite(adapter);
  arrivalsSuite(adapter);
  tallySuite(adapter);
  transactionSuite(adapter);
}

function describeRuns(adapter: StoreUnderTest): void {
  test("a run comes back as it was put, and the last one put counts", async () => {
    const { tx } = await openFor(adapter);
    const run = sampleRun({ output: HARD_DATA, waits: [{ id: "w", kind: "sleep", step: "sleep#1", label: "sleep 1d", since: 1, until: null }], drivenMs: 17, error: { code: "FAILED", message: "m", hint: "h" }, failures: [{ step: "s", error: { code: "FAILED", message: "m" } }], held: [{ effect: "e", step: "s", label: "l", why: "w", waits: true }] });
    await tx((t) => t.putRun(run));
    expect(isDeepStrictEqual(await tx((t) => t.getRun(run.id)), run)).toBe(true);
    const ended = { ...run, status: "succeeded", endedAt: 9, ambiguous: run.held, counts: { calls: 3, writes: 2, replayed: 1 }, event: { kind: "schedule", at: "x" } } as const;
    await tx((t) => t.putRun(ended));
    expect(isDeepStrictEqual(await tx((t) => t.getRun(run.id)), ended)).toBe(true);
    expect(await tx((t) => t.getRun("other"))).toBeNull();
  });

  test("runs are listed newest first, filtered and limited", async () => {
    const { tx } = await openFor(adapter);
    await tx(async (t) => {
      await t.putRun(sampleRun({ id: "b", createdAt: 5, status: "queued" }));
      await t.putRun(sampleRun({ id: "a", createdAt: 5, status: "failed", rootRunId: "b" }));
      await t.putRun(sampleRun({ id: "z", createdAt: 4, status: "queued", workflow: "other" }));
    });
    const ids = (filter: Partial<Parameters<StoreTx["listRuns"]>[0]>): Promise<readonly string[]> => tx(async (t) => (await t.listRuns({ limit: 10, ...filter })).map((run) => run.id));
    expect(await ids({})).toEqual(["b", "a", "z"]);
    expect(await ids({ limit: 2 })).toEqual(["b", "a"]);
    expect(await ids({ status: ["queued"] })).toEqual(["b", "z"]);
    expect(await ids({ status: ["queued", "failed"], workflow: "leaks" })).toEqual(["b", "a"]);
    expect(await ids({ rootRunId: "b" })).toEqual(["b", "a"]);
    expect(await ids({ status: [] })).toEqual([]);
    expect(await ids({ before: { createdAt: 5, id: "b" } })).toEqual(["a", "z"]);
    expect(await ids({ before: { createdAt: 5, id: "a" }, status: ["queued"] })).toEqual(["z"]);
    expect(await ids({ before: { createdAt: 4, id: "a" } })).toEqual([]);
  });

  test("runs that began or are to begin come oldest first; those that are to begin are counted, no further than they need to be", async () => {
    const { tx } = await openFor(adapter);
    await tx(async (t) => {
      for (const [id, createdAt, status] of [["c", 3, "queued"], ["a", 3, "running"], ["d", 1, "parked"], ["b", 2, "queued"], ["e", 1, "succeeded"]] as const) await t.putRun(sampleRun({ id, createdAt, status }));
    });
    expect(await tx(async (t) => (await t.begunRuns(9)).map(({ id }) => id))).toEqual(["b", "a", "c"]);
    expect(await tx(async (t) => (await t.begunRuns(2)).map(({ id }) => id))).toEqual(["b", "a"]);
    expect(await tx(async (t) => [await t.countQueued(9), await t.countQueued(1), await t.countQueued(9, "plan"), await t.countQueued(9, "run")])).toEqual([2, 1, 0, 2]);
  });

  test("a key has the run that goes on under it, in its workflow", async () => {
    const { tx } = await openFor(adapter);
    await tx(async (t) => {
      for (const [id, turn, status, workflow] of [["a", "k", "succeeded", "leaks"], ["b", "k", "parked", "leaks"], ["c", "", "queued", "leaks"], ["d", "l", "running", "other"], ["e", null, "running", "leaks"]] as const) await t.putRun(sampleRun({ id, turn, status, workflow }));
    });
    expect(await tx(async (t) => [await t.goingRun("leaks", "k"), await t.goingRun("leaks", ""), await t.goingRun("leaks", "l"), await t.goingRun("other", "l")])).toEqual(["b", "c", null, "d"]);
  });

  test("programs are kept by hash, once", async () => {
    const { tx } = await openFor(adapter);
    await tx((t) => t.putProgram("h", SAMPLE_PROGRAM));
    await tx((t) => t.putProgram("h", SAMPLE_PROGRAM));
    expect(await tx((t) => t.getProgram("h"))).toEqual(SAMPLE_PROGRAM);
    expect(await tx((t) => t.getProgram("g"))).toBeNull();
  });

  test("plans come back as they were put", async () => {
    const { tx } = await openFor(adapter);
    const row = { plan: samplePlan("p1"), appliedAt: null, error: null };
    await tx((t) => t.putPlan(row));
    expect(await tx((t) => t.getPlan("p1"))).toEqual(row);
    const applied = { ...row, appliedAt: 7, error: { code: "PLAN_VOID", message: "m" } } as const;
    await tx((t) => t.putPlan(applied));
    expect(await tx((t) => t.getPlan("p1"))).toEqual(applied);
    expect(await tx((t) => t.getPlan("p2"))).toBeNull();
  });
}

function describeJournal(adapter: StoreUnderTest): void {
  const row = (key: string, value = "1"): Parameters<StoreTx["appendJournal"]>[1][number] => ({ key, kind: "step", hash: "h", value });

  test("a journal is read in the order in which it was written, each run its own", async () => {
    const { tx } = await openFor(adapter);
    await tx((t) => t.appendJournal("r1", [row("b"), row("a"), row("c[😀/x]")]));
    await tx((t) => t.appendJournal("r2", [row("a", "2")]));
    await tx((t) => t.appendJournal("r1", []));
    await tx((t) => t.appendJournal("r1", [{ key: "aa", kind: "log", hash: "", value: '"text"' }]));
    expect(await tx((t) => t.loadJournal("r1"))).toEqual([row("b"), row("a"), row("c[😀/x]"), { key: "aa", kind: "log", hash: "", value: '"text"' }]);
    expect(await tx((t) => t.loadJournal("r2"))).toEqual([row("a", "2")]);
    expect(await tx((t) => t.loadJournal("r3"))).toEqual([]);
  });

  test("a row whose key is there takes its place", async () => {
    const { tx } = await openFor(adapter);
    await tx((t) => t.appendJournal("r1", [row("a"), row("b"), row("a", "2")]));
    expect(await tx((t) => t.loadJournal("r1"))).toEqual([row("a", "2"), row("b")]);
  });

  test("clearing takes a key and all below it, nothing beside it, in one run", async () => {
    const { tx } = await openFor(adapter);
    const beside = ["each#1[a].", "each#1[a]0", "each#1[a]x/1", "each#1[A]/1", "each#1[", "each#1[a", "each#1[b]/x/y"];
    await tx((t) => t.appendJournal("r1", ["each#1[a]", "each#1[a]/", "each#1[a]/x", "each#1[a]/x/y", "each#1[a]/\u{10ffff}", ...beside].map((key) => row(key))));
    await tx((t) => t.appendJournal("r2", [row("each#1[a]/x")]));
    await tx((t) => t.clearJournal("r1", "each#1[a]"));
    expect((await tx((t) => t.loadJournal("r1"))).map(({ key }) => key)).toEqual(beside);
    expect(await tx((t) => t.loadJournal("r2"))).toHaveLength(1);
  });
}

function describeLedger(adapter: StoreUnderTest): void {
  const identities = [
    { kind: "record", scope: "leaks", record: "ticket", key: "PR_7", generation: 2, action: "update", revision: 3 },
    { kind: "once", scope: "leaks", key: "k", window: null },
    { kind: "once", scope: "leaks", key: "k", window: 0 },
    { kind: "start", scope: "leaks", key: "k" },
    { kind: "step", rootRun: "run-1", step: "x#1" },
  ] as const;

  test.each(identities)("an effect with the identity %j comes back as it was put", async (identity) => {
    const { tx } = await openFor(adapter);
    const entry = sampleEntry(identity, { args: HARD_DATA, idempotent: true, completion: '{"a":1}', tool: null });
    expect(await tx((t) => t.putEffect(entry, null))).toBe(true);
    expect(isDeepStrictEqual(await tx((t) => t.getEffect(entry.id)), entry)).toBe(true);
    const done = settled(entry, HARD_DATA);
    expect(await tx((t) => t.putEffect(done, entry))).toBe(true);
    expect(isDeepStrictEqual(await tx((t) => t.getEffect(entry.id)), done)).toBe(true);
  });

  test("an effect is put only where the row is that was decided about", async () => {
    const { tx } = await openFor(adapter);
    const entry = sampleEntry(sampleOnce("k"));
    const later = { ...entry, status: "ambiguous", outcome: { kind: "ambiguous", error: { code: "SERVER_TIMEOUT", message: "m" } } } as const;
    const again = { ...entry, attempt: 2, runId: "run-9", intendedAt: entry.intendedAt + 5 };
    for (const status of ["intended", "done", "failed", "ambiguous"] as const) expect(await tx((t) => t.putEffect(entry, { ...entry, status }))).toBe(false);
    expect(await tx((t) => t.getEffect(entry.id))).toBeNull();
    expect(await tx((t) => t.putEffect(entry, null))).toBe(true);
    const others = [null, ...(["done", "failed", "ambiguous"] as const).map((status) => ({ ...entry, status })), { ...entry, attempt: 2 }, { ...entry, fence: entry.fence + 1 }];
    for (const expected of others) expect(await tx((t) => t.putEffect(later, expected))).toBe(false);
    expect(await tx((t) => t.getEffect(entry.id))).toEqual(entry);
    expect(await tx((t) => t.putEffect(later, entry))).toBe(true);
    expect(await tx((t) => t.getEffect(entry.id))).toEqual(later);
    expect(await tx((t) => t.putEffect(again, later))).toBe(true);
    expect(await tx((t) => t.getEffect(entry.id))).toEqual(again);
  });

  test("a completion is kept by the done effect that has none", async () => {
    const { tx } = await openFor(adapter);
    const entry = sampleEntry(sampleOnce("k"));
    const completed = async (): Promise<string | null | undefined> => (await tx((t) => t.getEffect(entry.id)))?.completion;
    await tx((t) => t.completeEffect(entry.id, "1"));
    await tx((t) => t.putEffect(entry, null));
    await tx((t) => t.completeEffect(entry.id, "2"));
    expect(await completed()).toBeNull();
    await tx((t) => t.putEffect(settled(entry), entry));
    await tx((t) => t.completeEffect(entry.id, "3"));
    await tx((t) => t.completeEffect(entry.id, "4"));
    expect(await completed()).toBe("3");
  });

  test("effects are listed newest intent first, by run, root run and status", async () => {
    const { tx } = await openFor(adapter);
    const entries = [
      sampleEntry(sampleOnce("a"), { intendedAt: 1 }), settled(sampleEntry(sampleOnce("b"), { intendedAt: 3, runId: "run-2" })),
      sampleEntry(sampleOnce("c"), { intendedAt: 2, runId: "run-3", rootRunId: "run-3", status: "ambiguous" }), sampleEntry(sampleOnce("d"), { intendedAt: 2 }),
    ];
    await tx(async (t) => { for (const entry of entries) await t.putEffect(entry, null); });
    const keys = (filter: Partial<Parameters<StoreTx["listEffects"]>[0]>): Promise<readonly unknown[]> => tx(async (t) => (await t.listEffects({ limit: 10, ...filter })).map(({ identity }) => "key" in identity && identity.key));
    expect(await keys({})).toEqual(["b", "d", "c", "a"]);
    expect(await keys({ rootRunId: "run-1" })).toEqual(["b", "d", "a"]);
    expect(await keys({ runId: "run-1", limit: 1 })).toEqual(["d"]);
    expect(await keys({ status: ["intended", "ambiguous"] })).toEqual(["d", "c", "a"]);
    const [, , , d] = entries;
    expect(d !== undefined && (await keys({ before: d }))).toEqual(["c", "a"]);
    expect(d !== undefined && (await keys({ before: d, runId: "run-1" }))).toEqual(["a"]);
  });

  test("writes are counted from an instant on: calls that were not proven to have failed, by names, besides one, and no further than asked", async () => {
    const { tx } = await openFor(adapter);
    const at = (key: string, intendedAt: number, rest: Partial<ReturnType<typeof sampleEntry>> = {}): ReturnType<typeof sampleEntry> => sampleEntry(sampleOnce(key), { intendedAt, ...rest });
    const entries = [
      at("old", 9), at("a", 10), at("b", 11, { status: "done", outcome: { kind: "done", value: 1, unreadable: false } }), at("c", 12, { status: "ambiguous" }), at("failed", 13, { status: "failed" }), at("adopted", 14, { tool: null }),
      at("d", 15, { server: "wiki" }), at("e", 16, { tool: "other", runId: "run-2" }),
    ];
    await tx(async (t) => {
      for (const entry of entries) await t.putEffect(entry, null);
      await t.putRun(sampleRun({ id: "run-1", workflow: "leaks" }));
      await t.putRun(sampleRun({ id: "run-2", workflow: "other" }));
    });
    const count = (filter: Partial<Parameters<StoreTx["countWrites"]>[0]>): Promise<number> => tx((t) => t.countWrites({ since: 10, besides: "none", most: 99, ...filter }));
    expect(await Promise.all([{}, { since: 9 }, { most: 3 }, { most: 0 }, { besides: entries[1]?.id ?? "" }, { server: "jira" }, { tool: "create_issue" }, { server: "jira", tool: "create_issue" }, { workflows: ["leaks"] }, { workflows: ["other"], server: "jira" }, { workflows: ["other", "leaks"] }, { workflows: ["none"] }].map(count))).toEqual([5, 6, 3, 0, 4, 4, 4, 3, 4, 1, 5, 0]);
  });

  test("the last effect of a record's identity is the one that was intended last", async () => {
    const { tx } = await openFor(adapter);
    const effect = (action: "create" | "update" | "release", generation: number, revision: number, intendedAt: number, key = "PR_7"): ReturnType<typeof sampleEntry> => sampleEntry({ kind: "record", ...KEY, key, generation, action, revision }, { intendedAt });
    const entries = [effect("update", 1, 2, 5), effect("create", 1, 0, 1), effect("update", 1, 1, 5), effect("release", 1, 1, 9, "PR_8"), sampleEntry(sampleOnce("PR_7"), { intendedAt: 99 })];
    await tx(async (t) => { for (const entry of entries) await t.putEffect(entry, null); });
    expect(await tx((t) => t.lastEffectOf(KEY))).toEqual(entries[0]);
    expect(await tx((t) => t.lastEffectOf({ ...KEY, record: "other" }))).toBeNull();
  });
}

function describeBindings(adapter: StoreUnderTest): void {
  test("a binding comes back as it was put, and the last one put counts", async () => {
    const { tx } = await openFor(adapter);
    const binding = sampleBinding("PR_7", { kept: HARD_DATA, adopted: true, goneSince: 4, notConverging: "n" });
    await tx((t) => t.putBinding(binding));
    expect(isDeepStrictEqual(await tx((t) => t.getBinding(KEY)), binding)).toBe(true);
    const later = { ...sampleBinding("PR_7"), revision: 2, lastSeenAt: 9, lastSeenRun: "run-2", missedSweeps: 1 };
    await tx((t) => t.putBinding(later));
    expect(await tx((t) => t.getBinding(KEY))).toEqual(later);
    expect(await tx((t) => t.getBinding({ ...KEY, scope: "project" }))).toBeNull();
  });

  test("older generations stay, released; the newest is the binding", async () => {
    const { tx } = await openFor(adapter);
    const first = sampleBinding("PR_7");
    const second = sampleBinding("PR_7", { generation: 2, targetKey: "target-2", boundAt: 5_000 });
    await tx(async (t) => { await t.putBinding(first); await t.putBinding(second); });
    expect(await tx((t) => t.getBinding(KEY))).toEqual(second);
    expect(await tx((t) => t.listBindings({ ...KEY, limit: 9 }))).toEqual([{ ...first, releasedAt: 5_000 }, second]);
    expect(await tx((t) => t.bindingOfTarget("leaks", "ticket", first.targetKey))).toBeNull();
    await tx((t) => t.putBinding({ ...second, releasedAt: 6_000 }));
    expect(await tx((t) => t.getBinding(KEY))).toEqual({ ...second, releasedAt: 6_000 });
  });

  test("one target is bound once in a record while it lives", async () => {
    const { tx } = await openFor(adapter);
    const first = sampleBinding("PR_7", { targetKey: "t" });
    await tx((t) => t.putBinding(first));
    expect(await codeOf(tx((t) => t.putBinding(sampleBinding("PR_8", { targetKey: "t" }))))).toBe("BUG");
    expect(await tx((t) => t.bindingOfTarget("leaks", "ticket", "t"))).toEqual(first);
    await tx((t) => t.putBinding(sampleBinding("PR_8", { targetKey: "t", record: "other" })));
    await tx((t) => t.putBinding({ ...first, releasedAt: 2 }));
    await tx((t) => t.putBinding(sampleBinding("PR_8", { targetKey: "t" })));
    expect((await tx((t) => t.bindingOfTarget("leaks", "ticket", "t")))?.key).toBe("PR_8");
  });

  test("bindings are listed in order, filtered by life, and the live ones counted", async () => {
    const { tx } = await openFor(adapter);
    await tx(async (t) => { for (const binding of [sampleBinding("b"), sampleBinding("a"), sampleBinding("c", { releasedAt: 4 }), sampleBinding("d", { scope: "project" })]) await t.putBinding(binding); });
    const keys = (filter: Partial<Parameters<StoreTx["listBindings"]>[0]>): Promise<readonly string[]> => tx(async (t) => (await t.listBindings({ limit: 10, ...filter })).map(({ key }) => key));
    expect(await keys({})).toEqual(["a", "b", "c", "d"]);
    expect(await keys({ scope: "leaks", record: "ticket", live: true })).toEqual(["a", "b"]);
    expect(await keys({ live: false })).toEqual(["c"]);
    expect(await keys({ after: sampleBinding("a") })).toEqual(["b", "c", "d"]);
    expect(await keys({ after: sampleBinding("c"), live: true })).toEqual(["d"]);
    expect(await keys({ after: sampleBinding("d", { scope: "project" }) })).toEqual([]);
    expect(await keys({ limit: 1 })).toEqual(["a"]);
    expect(await tx((t) => t.countBindings("leaks", "ticket"))).toBe(2);
    expect(await tx((t) => t.countBindings("leaks", "other"))).toBe(0);
  });
}

function describeRequests(adapter: StoreUnderTest): void {
  test("requests come back as they were put, those that matter of an effect newest first", async () => {
    const { tx } = await openFor(adapter);
    const effect = "e".repeat(64);
    const approved = sampleRequest("r1", { status: "approved", answeredAt: 2, answeredBy: "ada", answeredWhy: "seen", expiresAt: 99, openedAt: 1, args: HARD_DATA });
    const rows = [approved, sampleRequest("r2", { openedAt: 3 }), sampleRequest("r3", { status: "denied", openedAt: 4 }), sampleRequest("r4", { effect: "f".repeat(64), openedAt: 5 }), sampleRequest("r5", { status: "used", openedAt: 0 }), sampleRequest("r6", { status: "replaced", openedAt: 0 })];
    await tx(async (t) => { for (const row of rows) await t.putRequest(row); });
    expect(isDeepStrictEqual(await tx((t) => t.getRequest("r1")), approved)).toBe(true);
    expect(await tx((t) => t.getRequest("r9"))).toBeNull();
    expect((await tx((t) => t.requestsOf(effect))).map(({ id }) => id)).toEqual(["r3", "r2", "r1"]);
    expect((await tx((t) => t.listRequests({ status: ["open"], limit: 9 }))).map(({ id }) => id)).toEqual(["r4", "r2"]);
    expect((await tx((t) => t.listRequests({ limit: 3 }))).map(({ id }) => id)).toEqual(["r4", "r3", "r2"]);
  });

  test("grants that no run goes on with are found by their root", async () => {
    const { tx } = await openFor(adapter);
    const answers = [{ verdict: "approve", by: "ada", why: null, at: 7, way: "link" }] as const;
    const owed = sampleRequest("r1", { status: "approved", by: ["oncall", "bob"], count: 2, answers });
    const rows = [owed, sampleRequest("r2", { status: "approved", openedAt: 2_000 }), sampleRequest("r3", { status: "approved", continuedBy: "run-2" }), sampleRequest("r4", { status: "used" }), sampleRequest("r5", { status: "approved", rootRunId: "run-9", notice: "n" })];
    await tx(async (t) => { for (const row of rows) await t.putRequest(row); });
    expect((await tx((t) => t.owedRequests("run-1"))).map(({ id }) => id)).toEqual(["r2", "r1"]);
    expect(await tx((t) => t.owedRequests("run-9"))).toEqual([rows[4]]);
    expect(await tx((t) => t.getRequest("r1"))).toEqual(owed);
  });

  test("an effect has one open request", async () => {
    const { tx } = await openFor(adapter);
    await tx((t) => t.putRequest(sampleRequest("r1")));
    expect(await codeOf(tx((t) => t.putRequest(sampleRequest("r2"))))).toBe("BUG");
    await tx(async (t) => { await t.putRequest(sampleRequest("r1", { status: "replaced" })); await t.putRequest(sampleRequest("r2")); });
    expect((await tx((t) => t.requestsOf("e".repeat(64)))).map(({ id }) => id)).toEqual(["r2"]);
  });
}

function describeFacts(adapter: StoreUnderTest): void {
  test("a state is put only over the version that was read", async () => {
    const { tx } = await openFor(adapter);
    const put = (value: string, expected: number): Promise<boolean> => tx((t) => t.putState("s", "n", "k", value, expected));
    expect(await tx((t) => t.getState("s", "n", "k"))).toBeNull();
    expect(await put("1", 1)).toBe(false);
    expect([await put("1", 0), await put("x", 0)]).toEqual([true, false]);
    expect(await tx((t) => t.getState("s", "n", "k"))).toEqual({ value: "1", version: 1 });
    expect([await put("2", 1), await put("x", 1), await put("x", 3)]).toEqual([true, false, false]);
    expect(await tx((t) => t.getState("s", "n", "k"))).toEqual({ value: "2", version: 2 });
    expect(await tx((t) => t.getState("s", "n", ""))).toBeNull();
  });

  test("bytes are kept under their hash, whatever they are; what is there stays", async () => {
    const { tx } = await openFor(adapter);
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => index % 256);
    expect(await tx((t) => t.getBlob("h"))).toBeNull();
    await tx((t) => t.putBlob("h", bytes, 1));
    await tx((t) => t.putBlob("h", Uint8Array.of(1), 2));
    expect(Buffer.compare((await tx((t) => t.getBlob("h"))) ?? Buffer.alloc(0), bytes)).toBe(0);
  });

  test("scopes, store-wide facts and the lease are kept", async () => {
    const { tx } = await openFor(adapter);
    expect(await tx(async (t) => [await t.getScope("w"), await t.getMeta("epoch"), await t.getMeta("paused"), await t.getMeta("restored-at"), await t.getLease()])).toEqual([null, 1, [], null, null]);
    await tx(async (t) => {
      await t.putScope("w", "first");
      await t.putMeta("epoch", 2);
      await t.putMeta("paused", ["*", "server:jira"]);
      await t.putLease(sampleLease(1));
      await t.putLease({ ...sampleLease(2), expiresAt: 5 });
    });
    expect(await tx(async (t) => [await t.getScope("w"), await t.getMeta("epoch"), await t.getMeta("paused"), await t.getLease()])).toEqual(["first", 2, ["*", "server:jira"], { ...sampleLease(2), expiresAt: 5 }]);
    await tx((t) => t.putLease(null));
    expect(await tx((t) => t.getLease())).toBeNull();
  });

  test("fencing tokens only ever grow, also when the lease was given up", async () => {
    const { tx } = await openFor(adapter);
    const fences = [await tx((t) => t.nextFence()), await tx((t) => t.nextFence()), await tx(async (t) => { await t.putLease(null); return t.nextFence(); })];
    expect(fences).toEqual([1, 2, 3]);
  });

  test("a text that the store could not give back is refused", async () => {
    const { tx } = await openFor(adapter);
    expect(await codeOf(tx((t) => t.putBinding(sampleBinding("half \ud800"))))).toBe("VALUE_INVALID");
    expect(await tx((t) => t.countBindings("leaks", "ticket"))).toBe(0);
  });
}
