import { describe, expect, test } from "vitest";
import { type ApprovalAnswer, effectId, type Run, type Wait } from "../model/index.ts";
import type { Cutoffs, StoreTx } from "../state/index.ts";
import { blobsSuite } from "./blobs.suite.ts";
import { sampleArrival, sampleBinding, sampleEntry, sampleOnce, samplePlan, SAMPLE_PROGRAM, sampleRequest, sampleRun, sampleWait, settled } from "./store-samples.ts";
import { openFor, type StoreUnderTest } from "./store-under-test.ts";

/** Runs that ended before 10,000 may go, and events that came before 8,000; it is 20,000. */
const CUTOFFS: Cutoffs = { now: 20_000, runs: 10_000, events: 8_000 };

/** What every `Store` that lasts promises of what it removes. */
export function retentionSuite(adapter: StoreUnderTest): void {
  describe(`${adapter.name}: what is over for long`, () => {
    describeChains(adapter);
    describeIdentities(adapter);
    describeRest(adapter);
  });
  blobsSuite(adapter);
}

const over = (id: string, run: Partial<Run> = {}): Run => sampleRun({ id, status: "succeeded", endedAt: 2_000, ...run });

function describeChains(adapter: StoreUnderTest): void {
  test("a run goes with its continuations, its journal and what it did, and not before all of them are over for long", async () => {
    const { tx } = await openFor(adapter);
    await tx(async (t) => {
      for (const run of [over("a"), over("a2", { rootRunId: "a", createdAt: 3_000 }), over("b"), over("b2", { rootRunId: "b", createdAt: 3_000, endedAt: 10_000 }), over("c", { createdAt: 10_000, endedAt: 10_000 })]) {
        await t.putRun(run);
        await t.appendJournal(run.id, [{ key: "k", kind: "step", hash: "h", value: "1" }]);
        await t.putEffect(step(run), null);
      }
      await t.putPlan({ plan: samplePlan("a"), appliedAt: 1_500, error: null });
      await t.putRequest(sampleRequest("q", { rootRunId: "a", status: "used" }));
      await t.rememberEvent("a", "webhook:x", "1");
    });
    expect(await removed(tx)).toEqual(["a"]);
    await tx(async (t) => {
      expect([await t.getRun("a"), await t.getRun("a2"), await t.getPlan("a"), await t.getRequest("q"), await t.getEffect(step(over("a")).id), await t.loadJournal("a"), await t.loadJournal("a2"), await t.rememberEvent("a", "webhook:x", "1")]).toEqual([null, null, null, null, null, [], [], true]);
      expect((await t.listRuns({ limit: 9 })).map(({ id }) => id)).toEqual(["c", "b2", "b"]);
      expect([(await t.loadJournal("b")).length, (await t.getEffect(step(over("b")).id))?.runId]).toEqual([1, "b"]);
    });
  });

  test.each<[string, (t: StoreTx) => Promise<unknown>]>([
    ["a run of it goes on", (t) => t.putRun(sampleRun({ id: "a2", rootRunId: "a", status: "parked" }))],
    ["a person is asked for a permission", (t) => t.putRequest(sampleRequest("q", { rootRunId: "a" }))],
    ["a permission still holds", (t) => t.putRequest(sampleRequest("q", { rootRunId: "a", status: "approved", expiresAt: 20_000 }))],
    ["a write is in doubt", (t) => t.putEffect(sampleEntry(sampleOnce("k"), { runId: "a", rootRunId: "a", status: "ambiguous", outcome: { kind: "ambiguous", error: { code: "FAILED", message: "m" } } }), null)],
    ["a write has no outcome yet", (t) => t.putEffect(sampleEntry(sampleOnce("k"), { runId: "a", rootRunId: "a" }), null)],
    ["its plan may still be applied", (t) => t.putPlan({ plan: samplePlan("a"), appliedAt: null, error: null })],
  ])("a run stays while %s", async (_what, make) => {
    const { tx } = await openFor(adapter);
    await tx(async (t) => {
      await t.putRun(over("a", { status: "pending" }));
      await make(t);
    });
    expect(await removed(tx)).toEqual([]);
    expect((await tx((t) => t.getRun("a")))?.id).toBe("a");
  });

  test("chains come in the order in which they began, each with its runs, behind a place", async () => {
    const { tx } = await openFor(adapter);
    await tx(async (t) => {
      for (const run of [over("b"), over("a", { status: "running", endedAt: null }), over("z", { createdAt: 500 }), over("z2", { rootRunId: "z" }), over("new", { createdAt: 10_000 })]) await t.putRun(run);
    });
    const chains = await tx((t) => t.oldChains(CUTOFFS, null, 9));
    expect(chains).toEqual([{ root: "z", createdAt: 500, runs: 2, removable: true }, { root: "a", createdAt: 1_000, runs: 1, removable: false }, { root: "b", createdAt: 1_000, runs: 1, removable: true }]);
    expect((await tx((t) => t.oldChains(CUTOFFS, chains[1] ?? null, 9))).map(({ root }) => root)).toEqual(["b"]);
    expect((await tx((t) => t.oldChains(CUTOFFS, null, 1))).map(({ root }) => root)).toEqual(["z"]);
  });
}

function describeIdentities(adapter: StoreUnderTest): void {
  test("identities that last stay, with what they came to; what was sent is forgotten", async () => {
    const { tx } = await openFor(adapter);
    const done = { ...settled(sampleEntry(sampleOnce("k"), { runId: "a", rootRunId: "a" })), completion: '"recorded"' };
    await tx(async (t) => {
      await t.putRun(over("a"));
      await t.putEffect(done, null);
      await t.putBinding(sampleBinding("PR_7", { lastSeenRun: "a" }));
      await t.putState("leaks", "cursor", "", "7", 0);
    });
    expect(await removed(tx)).toEqual(["a"]);
    await tx(async (t) => {
      expect(await t.getEffect(done.id)).toEqual({ ...done, args: null });
      expect(await t.getBinding({ scope: "leaks", record: "ticket", key: "PR_7" })).toEqual(sampleBinding("PR_7", { lastSeenRun: "a" }));
      expect((await t.getState("leaks", "cursor", ""))?.value).toBe("7");
    });
  });

  test("a person's no stays, and the last answer at each place; a question that nobody answered goes", async () => {
    const { tx } = await openFor(adapter);
    const answer: ApprovalAnswer = { verdict: "approved", by: "kim", at: 1_500 };
    const asked = (id: string, runId: string, topic: string, since: number, said: ApprovalAnswer | null): Wait => ({ ...sampleWait(id, { runId, since, status: "over" }), kind: "approval", topic, message: "m", show: null, by: null, answer: said }) as Wait;
    await tx(async (t) => {
      for (const id of ["a", "b"]) await t.putRun(over(id));
      await t.putRun(over("new", { endedAt: 10_000 }));
      await t.putRequest(sampleRequest("no", { rootRunId: "a", status: "denied" }));
      for (const wait of [asked("1", "a", "t", 1, answer), asked("2", "b", "t", 2, answer), asked("3", "a", "late", 1, answer), asked("4", "b", "late", 2, null), asked("5", "new", "hid", 1, answer), asked("6", "b", "hid", 2, null), asked("7", "a", "old", 1, answer), asked("8", "new", "old", 2, answer)]) await t.putWait(wait);
    });
    expect(await removed(tx)).toEqual(["a", "b"]);
    expect(await tx(async (t) => (await t.listWaits({ limit: 99 })).map(({ id }) => id).toSorted())).toEqual(["2", "5", "6", "8"]);
    expect((await tx((t) => t.getRequest("no")))?.status).toBe("denied");
  });

  test.each(["queued", "parked", "planned", "pending"] as const)("a `once … for:` of whose time a run is that is %s stays: it may come to it again", async (status) => {
    const { tx } = await openFor(adapter);
    const row = settled(sampleEntry({ kind: "once", scope: "leaks", key: "k", window: 1 }, { intendedAt: 3_000 }));
    await tx(async (t) => {
      await t.putEffect(row, null);
      await t.putRun(sampleRun({ id: "a", createdAt: 6_000, status }));
    });
    expect(await tx((t) => t.removeWindows(10_000, 9))).toBe(0);
    await tx((t) => t.putRun(sampleRun({ id: "a", createdAt: 6_002, status })));
    expect(await tx((t) => t.removeWindows(10_000, 9))).toBe(1);
  });

  test("a `once … for:` goes when its time is over, and never before", async () => {
    const { tx } = await openFor(adapter);
    // Windows of 3,000 ms: the second ends at 6,000, the third at 9,000.
    const rows = [1, 2].map((window) => settled(sampleEntry({ kind: "once", scope: "leaks", key: "k", window }, { intendedAt: window * 3_000 })));
    const open = sampleEntry({ kind: "once", scope: "leaks", key: "other", window: 1 }, { intendedAt: 3_000 });
    await tx(async (t) => {
      for (const row of [...rows, open, settled(sampleEntry(sampleOnce("k")))]) await t.putEffect(row, null);
    });
    expect([await tx((t) => t.removeWindows(6_000, 9)), await tx((t) => t.removeWindows(6_002, 9)), await tx((t) => t.removeWindows(9_000, 9))]).toEqual([0, 1, 0]);
    expect(await tx(async (t) => [await t.getEffect(rows[0]?.id ?? ""), (await t.getEffect(rows[1]?.id ?? ""))?.status, (await t.getEffect(open.id))?.status, (await t.getEffect(effectId(sampleOnce("k"))))?.status])).toEqual([null, "done", "intended", "done"]);
  });
}

function describeRest(adapter: StoreUnderTest): void {
  test("an event is known as long as its run is, and for a time after that; one that waits stays", async () => {
    const { tx } = await openFor(adapter);
    await tx(async (t) => {
      for (const run of [over("a"), over("b"), sampleRun({ id: "c" })]) await t.putRun(run);
      for (const arrival of [sampleArrival("1", { runId: "a", status: "started", arrivedAt: 7_999 }), sampleArrival("2", { runId: "b", status: "started", arrivedAt: 8_000 }), sampleArrival("3", { runId: "c", status: "started" }), sampleArrival("4", { status: "dropped", why: "w" }), sampleArrival("5"), sampleArrival("6", { status: "dropped", why: "w", arrivedAt: 8_000 })]) await t.addArrival(arrival);
    });
    expect(await tx((t) => t.removeArrivals(CUTOFFS, 0, 2))).toEqual({ removed: 0, last: null });
    expect(await removed(tx)).toEqual(["a", "b"]);
    const known = (): Promise<readonly string[]> => tx(async (t) => {
      const found: string[] = [];
      for (const id of ["1", "2", "3", "4", "5", "6"]) if ((await t.getArrival("leaks", "every 10m", id)) !== null) found.push(id);
      return found;
    });
    expect(await known()).toEqual(["2", "3", "4", "5", "6"]);
    const later = { ...CUTOFFS, events: 8_001 };
    const first = await tx((t) => t.removeArrivals(later, 0, 2));
    expect([first.removed, await known()]).toEqual([1, ["3", "4", "5", "6"]]);
    expect(await tx((t) => t.removeArrivals(later, first.last ?? -1, 9))).toEqual({ removed: 2, last: null });
    expect(await known()).toEqual(["3", "5"]);
  });

  test("programs that no run names go", async () => {
    const { tx } = await openFor(adapter);
    await tx(async (t) => {
      await t.putRun(over("a", { programHash: "used" }));
      for (const hash of ["used", "other"]) await t.putProgram(hash, SAMPLE_PROGRAM);
    });
    expect(await tx((t) => t.removePrograms(9))).toBe(1);
    expect(await tx(async (t) => [await t.getProgram("other"), (await t.getProgram("used"))?.name])).toEqual([null, "leaks"]);
  });

  test("what a long run left goes in pieces", async () => {
    const { tx } = await openFor(adapter);
    await tx(async (t) => {
      await t.putRun(over("a"));
      await t.appendJournal("a", Array.from({ length: 5 }, (_, index) => ({ key: `k${index}`, kind: "step", hash: "h", value: "1" })));
      await t.removeChains(CUTOFFS, ["a"]);
    });
    const lengths: number[] = [];
    while (await tx((t) => t.removeLeavings(2))) lengths.push((await tx((t) => t.loadJournal("a"))).length);
    expect(lengths).toEqual([3, 1, 0]);
  });
}

/** A write without a lasting identity. */
function step({ id, rootRunId }: Run): ReturnType<typeof settled> {
  return settled(sampleEntry({ kind: "step", rootRun: rootRunId, step: id }, { runId: id, rootRunId }));
}

/** The roots of the chains that were removed, with all that they left. */
async function removed(tx: <T>(body: (t: StoreTx) => Promise<T>) => Promise<T>): Promise<readonly string[]> {
  const roots = await tx(async (t) => {
    const chains = (await t.oldChains(CUTOFFS, null, 99)).filter(({ removable }) => removable).map(({ root }) => root);
    if (chains.length > 0) await t.removeChains(CUTOFFS, chains);
    return chains;
  });
  while (await tx((t) => t.removeLeavings(99)));
  return roots;
}
