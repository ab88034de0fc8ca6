import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Store, StoreTx } from "../state/index.ts";
import { usePostgresTarget } from "../stores/postgres/index.ts";
import { movedNote, openSqliteStore, useSqliteSource } from "../stores/sqlite/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { newPostgresPlace, type PostgresPlace } from "../testing/postgres-place.ts";
import { HARD_DATA, SAMPLE_PROGRAM, sampleArrival, sampleBinding, sampleEntry, sampleLease, sampleOnce, samplePlan, sampleRequest, sampleRun, sampleWait, settled } from "../testing/store-samples.ts";
import { codeOf } from "../testing/store-under-test.ts";
import { FROM_CACHE } from "../testing/test-servers.ts";
import { moveStore, type TableSum } from "./index.ts";

const clock = createFakeClock();
const MOVER = fileURLToPath(new URL("../testing/move-and-die.ts", import.meta.url));
const KEYS = ["plain", "\0", "a\u0001", "漢 😀"];
const BYTES = new Uint8Array([0, 1, 255, 0, 128]);
let folder: string;
let file: string;
let place: PostgresPlace;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "offstage-move-"));
  file = join(folder, "store.db");
  place = newPostgresPlace(clock);
});
afterEach(async () => {
  await place.remove();
  rmSync(folder, { recursive: true });
});

const source = (): Promise<Store> => openSqliteStore({ file, clock });

/** Everything that a store can hold. */
async function fill(tx: StoreTx): Promise<void> {
  await tx.putRun(sampleRun({ output: HARD_DATA, status: "parked" }));
  await tx.putProgram("h", SAMPLE_PROGRAM);
  await tx.putPlan({ plan: samplePlan("p1"), appliedAt: 7, error: null });
  await tx.appendJournal("run-1", KEYS.map((key) => ({ key, kind: "step", hash: "h", value: "1" })));
  for (const key of KEYS) {
    await tx.putBinding(sampleBinding(key, { kept: HARD_DATA }));
    await tx.putEffect(settled(sampleEntry(sampleOnce(key), { args: HARD_DATA }), HARD_DATA), null);
    await tx.addArrival(sampleArrival(key));
    await tx.offerEvent({ runId: "run-1", step: "waitFor#1", id: key, event: HARD_DATA, offeredAt: 1 });
  }
  await tx.putRequest(sampleRequest("r1", { args: HARD_DATA }));
  await tx.putWait(sampleWait("1"));
  await tx.rememberEvent("run-1", "queue:a", "1");
  await tx.putSchedule("leaks", "every 10m", 5);
  await tx.putState("s", "n", "\0", '"v"', 0);
  await tx.putBlob("b", BYTES, 9);
  await tx.putLane("c", { starts: [1] });
  await tx.putRun(sampleRun({ id: "gone", status: "failed" }));
  await tx.removeChains({ now: 9, runs: 9, events: 9 }, ["gone"]);
  await tx.putScope("leaks", "first");
  await tx.putMeta("epoch", 3);
  for (let fence = 0; fence < 5; fence++) await tx.nextFence();
}

/** All of that, as it is read. */
async function everything(store: Store): Promise<unknown> {
  return store.transact({ durable: false }, async (tx) => ({
    run: await tx.getRun("run-1"), program: await tx.getProgram("h"), plan: await tx.getPlan("p1"), journal: await tx.loadJournal("run-1"),
    bindings: await tx.listBindings({ limit: 99 }), effects: await tx.listEffects({ limit: 99 }), arrivals: await tx.admissibleArrivals({ workflows: ["leaks"], now: 9_000, starts: 99, limit: 99 }),
    event: await tx.nextEvent("run-1", "waitFor#1", 0), request: await tx.getRequest("r1"), waits: await tx.listWaits({ limit: 99 }), seen: await tx.getSchedule("leaks", "every 10m"),
    state: await tx.getState("s", "n", "\0"), blob: Buffer.from((await tx.getBlob("b")) ?? []).toString("hex"), scope: await tx.getScope("leaks"), lane: (await tx.getLane("c")).lane, epoch: await tx.getMeta("epoch"),
  }));
}

async function filled(): Promise<unknown> {
  const store = await source();
  await store.transact({ durable: true }, fill);
  const all = await everything(store);
  await store.close();
  return all;
}

const move = (): Promise<readonly TableSum[]> =>
  usePostgresTarget({ url: place.url, schema: place.schema, markFile: join(folder, "pg.mark"), clock }, (target) =>
    useSqliteSource({ file, clock, isHeld: ({ expiresAt }) => expiresAt > clock.now() }, (from) => moveStore(from, target, { newId: () => "move-1", now: clock.now(), tell: () => undefined })),
  );

describe("a store that is moved", () => {
  test("is there with everything, goes on with its places and tokens, and is the same store in the same epoch", async () => {
    const before = await filled();
    const sums = await move();
    const there = await place.open({ markFile: join(folder, "pg.mark") });
    expect(await everything(there)).toEqual(before);
    expect(sums.filter(({ rows }) => rows === 0)).toEqual([]);
    expect(await there.transact({ durable: true }, (tx) => tx.nextFence())).toBe(6);
    expect(await there.transact({ durable: true }, (tx) => tx.addArrival(sampleArrival("next")))).toBe(true);
    expect((await there.transact({ durable: true }, (tx) => tx.admissibleArrivals({ workflows: ["leaks"], now: 9_000, starts: 99, limit: 99 }))).map(({ id }) => id)).toEqual([...KEYS, "next"]);
    await there.close();
  });

  test("is one in whose file nobody writes any more, whoever had it open, and which nobody opens", async () => {
    await filled();
    const open = await source();
    await move();
    for (const write of [(tx: StoreTx) => tx.putRun(sampleRun({ id: "late" })), (tx: StoreTx) => tx.nextFence(), (tx: StoreTx) => tx.putLease(sampleLease(9)), (tx: StoreTx) => tx.addArrival(sampleArrival("late")), (tx: StoreTx) => tx.forgetEvents("run-1")]) {
      expect(await codeOf(open.transact<unknown>({ durable: true }, write))).toBe("STORE_MOVED");
    }
    await open.close();
    await expect(source()).rejects.toMatchObject({ code: "STORE_MOVED", message: expect.stringContaining(`postgres, schema ${place.schema}`) });
    expect(existsSync(movedNote(file))).toBe(true);
    expect((await move()).length).toBeGreaterThan(10);
  });

  test("is not moved while a process drives it, nor over another store, nor to a second place", async () => {
    await filled();
    const store = await source();
    await store.transact({ durable: true }, (tx) => tx.putLease({ ...sampleLease(5), expiresAt: clock.now() + 1 }));
    expect(await codeOf(move())).toBe("STORE_LOCKED");
    await store.transact({ durable: true }, (tx) => tx.putLease(sampleLease(5)));
    await store.close();
    await (await place.open()).close();
    expect(await codeOf(move())).toBe("STORE_MOVED");
    await (await source()).close();
    await place.remove();
    await move();
    const elsewhere = newPostgresPlace(clock);
    await expect(usePostgresTarget({ url: elsewhere.url, schema: elsewhere.schema, markFile: join(folder, "x"), clock }, (target) =>
      useSqliteSource({ file, clock, isHeld: () => false }, (from) => moveStore(from, target, { newId: () => "m", now: 0, tell: () => undefined })))).rejects.toMatchObject({ code: "STORE_MOVED", message: expect.stringContaining("and is not moved to") });
  });

  test("is refused when what arrived is not what was read, and stays where it is", async () => {
    await filled();
    const wrong = usePostgresTarget({ url: place.url, schema: place.schema, markFile: join(folder, "pg.mark"), clock }, (target) =>
      useSqliteSource({ file, clock, isHeld: () => false }, (from) =>
        moveStore(from, { ...target, begin: async () => {
          const connection = await target.begin();
          return { ...connection, all: connection.all, run: (query) => connection.run({ ...query, parameters: query.parameters.map((value) => (value === '"v"' ? '"w"' : value)) }) };
        } }, { newId: () => "m", now: 0, tell: () => undefined })));
    await expect(wrong).rejects.toMatchObject({ code: "STORE_CORRUPT", message: expect.stringContaining("states") });
    await (await source()).close();
    expect((await move()).length).toBeGreaterThan(10);
  });
});

test("a move that is killed at any step leaves one that can be driven, or none; the next one brings it to its end", async () => {
  const before = await filled();
  const die = (step: number): Promise<{ readonly signal: unknown; readonly out: string }> =>
    new Promise((resolve) => execFile(process.execPath, [...FROM_CACHE, MOVER, file, place.url, place.schema, join(folder, "pg.mark"), String(step)], (error, out) => resolve({ signal: error?.signal, out })));
  const opened = async (opening: Promise<Store>): Promise<boolean> => opening.then((store) => store.close().then(() => true), () => false);
  const seen = new Set<string>();
  const tables = (await useSqliteSource({ file, clock, isHeld: () => false }, async (from) => from.tables)).length;
  // At the first and the last table, while it checks, when it has arrived, and when the source was left.
  for (const step of [0, tables - 1, tables, tables + 1, tables + 2]) {
    expect((await die(step)).signal).toBe("SIGKILL");
    const isThere = (await place.query(`SELECT to_regclass('${place.schema}.meta') IS NOT NULL AS there`))[0]?.["there"] === true;
    const [inFile, inDatabase] = [await opened(source()), isThere && (await opened(place.open()))];
    expect(inFile && inDatabase).toBe(false);
    seen.add(`${step - tables}: ${inFile ? "file" : "no file"}, ${isThere ? (inDatabase ? "database" : "refused") : "nothing"}`);
  }
  expect([...seen]).toEqual([`${-tables}: file, nothing`, "-1: file, nothing", "0: file, nothing", "1: file, refused", "2: no file, refused"]);
  const last = await die(999);
  expect(Number(last.out)).toBeGreaterThan(30);
  const there = await place.open({ markFile: join(folder, "pg.mark") });
  expect(await everything(there)).toEqual(before);
  await there.close();
  expect(await opened(source())).toBe(false);
});
