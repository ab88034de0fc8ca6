import { describe, expect, test } from "vitest";
import type { Wait } from "../model/index.ts";
import type { StoreTx, TextPlace } from "../state/index.ts";
import { sampleArrival, sampleBinding, sampleEntry, sampleOnce, samplePlan, SAMPLE_PROGRAM, sampleRequest, sampleRun, sampleWait, settled } from "./store-samples.ts";
import { openFor, type StoreUnderTest } from "./store-under-test.ts";

type Transact = <T>(body: (t: StoreTx) => Promise<T>) => Promise<T>;

const [A, B, C] = ["a", "b", "c"].map((digit) => digit.repeat(64)) as [string, string, string];
const nameOf = (hash: string): string => `blob:sha256:${hash}`;
const HOUR = 3_600_000;

/** What every `Store` that lasts promises of blobs that nothing names any more. */
export function blobsSuite(adapter: StoreUnderTest): void {
  describe(`${adapter.name}: blobs`, () => {
    describeNames(adapter);
    describeAges(adapter);
  });
}

/** Every kind of row that can hold what a workflow, a person or a server said. */
const NAMING: readonly (readonly [string, (t: StoreTx, name: string) => Promise<unknown>])[] = [
  ["a run's inputs", (t, name) => t.putRun(sampleRun({ inputs: { nested: [{ picture: name }] } }))],
  ["what a run was told", (t, name) => t.putRun(sampleRun({ event: { kind: "queue", body: name, attempt: 1 } }))],
  ["what a run came to", (t, name) => t.putRun(sampleRun({ output: `see ${name}.` }))],
  ["what stopped a run", (t, name) => t.putRun(sampleRun({ error: { code: "FAILED", message: name } }))],
  ["a program", (t, name) => t.putProgram("p", { ...SAMPLE_PROGRAM, description: name })],
  ["a journal", (t, name) => t.appendJournal("run-1", [{ key: "1", kind: "step", hash: "h", value: "1" }, { key: "2", kind: "step", hash: "h", value: JSON.stringify({ text: JSON.stringify([name]) }) }])],
  ["the place of a step", (t, name) => t.appendJournal("run-1", [{ key: `each#1[${name}]`, kind: "step", hash: "h", value: "1" }])],
  ["what is sent", (t, name) => t.putEffect(sampleEntry(sampleOnce("k"), { args: { data: name } }), null)],
  ["what a write came to", (t, name) => t.putEffect(settled(sampleEntry(sampleOnce("k")), { data: name }), null)],
  ["what completes a write", (t, name) => t.putEffect({ ...settled(sampleEntry(sampleOnce("k"))), completion: JSON.stringify(name) }, null)],
  ["the key of a write", (t, name) => t.putEffect(sampleEntry(sampleOnce(name)), null)],
  ["what a record keeps", (t, name) => t.putBinding(sampleBinding("k", { kept: { picture: name } }))],
  ["the key of a record", (t, name) => t.putBinding(sampleBinding(name, { kept: null }))],
  ["a request", (t, name) => t.putRequest(sampleRequest("q", { args: { data: name } }))],
  ["a wait", (t, name) => t.putWait({ ...sampleWait("w"), kind: "approval", topic: "t", message: "m", show: { picture: name }, by: null, answer: null } as Wait)],
  ["an event that is waited for", (t, name) => t.offerEvent({ runId: "run-1", step: "waitFor#1", id: "1", offeredAt: 1_000, event: { body: name } })],
  ["an arrival", (t, name) => t.addArrival(sampleArrival("1", { event: { kind: "queue", body: { at: name }, attempt: 1 } }))],
  ["a plan", (t, name) => t.putPlan({ plan: { ...samplePlan("p"), workflow: name }, appliedAt: null, error: null })],
  ["a state", (t, name) => t.putState("s", "n", "k", JSON.stringify([name]), 0)],
  ["the key of a state", (t, name) => t.putState("s", "n", name, "1", 0)],
];

function describeNames(adapter: StoreUnderTest): void {
  test.each(NAMING)("an old one stays while it is named in %s", async (_what, name) => {
    const { tx } = await openFor(adapter);
    await tx((t) => name(t, nameOf(A)));
    for (const hash of [A, B]) await tx((t) => t.putBlob(hash, Uint8Array.of(1), 1));
    expect(await unnamed(tx, 10)).toEqual([B]);
  });

  test("goes with the last that named it, and says how large it was; others stay", async () => {
    const { tx } = await openFor(adapter);
    await tx(async (t) => {
      for (const id of ["a", "b"]) await t.putRun(sampleRun({ id, status: "succeeded", endedAt: 2_000, output: id === "a" ? nameOf(A) : null }));
      await t.appendJournal("a", [{ key: "k", kind: "step", hash: "h", value: JSON.stringify(nameOf(B)) }]);
      await t.appendJournal("b", [{ key: "k", kind: "step", hash: "h", value: JSON.stringify([nameOf(B), nameOf(C)]) }]);
      for (const [index, hash] of [A, B, C].entries()) await t.putBlob(hash, new Uint8Array(10 ** index), 1);
    });
    expect(await unnamed(tx, 10)).toEqual([]);
    const remove = async (root: string): Promise<unknown> => {
      await tx((t) => t.removeChains({ now: 9, runs: 9, events: 9 }, [root]));
      while (await tx((t) => t.removeLeavings(1)));
      const hashes = await unnamed(tx, 10);
      return tx((t) => t.removeBlobs(10, hashes));
    };
    expect([await remove("a"), await remove("b")]).toEqual([{ blobs: 1, bytes: 1 }, { blobs: 2, bytes: 110 }]);
    expect(await tx(async (t) => [await t.getBlob(A), await t.getBlob(B), await t.getBlob(C)])).toEqual([null, null, null]);
  });

  test("a look over many rows in small steps finds every name, in keys of more than one part too", async () => {
    const { tx } = await openFor(adapter);
    const hashes = Array.from({ length: 40 }, (_, index) => index.toString(16).padStart(64, "0"));
    await tx(async (t) => {
      for (const [index, hash] of hashes.entries()) {
        if (index % 4 === 0) await t.putState(`s${index % 3}`, `n\0${index % 2}`, `k${index}`, nameOf(hash), 0);
        if (index % 4 === 1) await t.putBinding(sampleBinding(`k${index}`, { record: `r${index % 3}`, kept: nameOf(hash) }));
        if (index % 4 === 2) await t.appendJournal(`run-${index % 3}`, [{ key: `k${index}`, kind: "step", hash: "h", value: nameOf(hash) }]);
      }
      for (const hash of hashes) await t.putBlob(hash, Uint8Array.of(1), 1);
    });
    for (const limit of [1, 2, 3, 99]) expect(await unnamed(tx, 10, limit)).toEqual(hashes.filter((_hash, index) => index % 4 === 3));
  });
}

function describeAges(adapter: StoreUnderTest): void {
  const isOld = async (tx: Transact, before: number): Promise<boolean> => (await tx((t) => t.oldBlobs(before, "", 9))).bytes.has(A);

  test("one that is kept again counts from then on, whoever kept it earlier", async () => {
    const { tx } = await openFor(adapter);
    for (const at of [5, 7, 6]) await tx((t) => t.putBlob(A, Uint8Array.of(1), at));
    expect([await isOld(tx, 7), await isOld(tx, 8)]).toEqual([false, true]);
    expect(await tx((t) => t.removeBlobs(7, [A]))).toEqual({ blobs: 0, bytes: 0 });
    expect(await tx((t) => t.removeBlobs(8, []))).toEqual({ blobs: 0, bytes: 0 });
  });

  test.each(NAMING)("one that is named anew is young, and is not removed by whoever looked before: in %s", async (_what, name) => {
    const { tx } = await openFor(adapter);
    await tx((t) => t.putBlob(A, Uint8Array.of(1), 1));
    const looked = await unnamed(tx, 10);
    await tx((t) => name(t, nameOf(A)));
    expect([looked, await tx((t) => t.removeBlobs(10, looked)), await isOld(tx, 10)]).toEqual([[A], { blobs: 0, bytes: 0 }, false]);
  });

  test("one that is kept and not named before its process is gone stays as long as any other", async () => {
    const { tx } = await openFor(adapter);
    await tx((t) => t.putBlob(A, Uint8Array.of(1), HOUR));
    expect([await unnamed(tx, HOUR), await unnamed(tx, HOUR + 1)]).toEqual([[], [A]]);
  });

  test("one that was named in what was not stored is as old as it was", async () => {
    const { store, tx } = await openFor(adapter);
    await tx((t) => t.putBlob(A, Uint8Array.of(1), 1));
    await expect(store.transact({ durable: false }, async (t) => {
      await t.putState("s", "n", "k", nameOf(A), 0);
      throw new Error("undone");
    })).rejects.toThrow("undone");
    expect(await isOld(tx, 2)).toBe(true);
  });
}

/** The hashes of old blobs that nothing names, looked for in steps of `limit`. */
async function unnamed(tx: Transact, before: number, limit = 2): Promise<readonly string[]> {
  const found = new Set<string>();
  for (let after: string | null = ""; after !== null; ) {
    const from: string = after;
    const { bytes, last } = await tx((t) => t.oldBlobs(before, from, limit));
    for (const hash of bytes.keys()) found.add(hash);
    after = last;
  }
  for (let place: TextPlace | null = null; ; ) {
    const from: TextPlace | null = place;
    const { hashes, last }: Awaited<ReturnType<StoreTx["namedBlobs"]>> = await tx((t) => t.namedBlobs(from, limit));
    for (const hash of hashes) found.delete(hash);
    if (last === null) return [...found];
    place = last;
  }
}
