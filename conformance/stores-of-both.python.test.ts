import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import Sqlite from "better-sqlite3";
import { isOffstageError } from "offstage/base";
import type { StoreTx } from "offstage/state";
import { openSqliteStore } from "offstage/stores/sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createFakeClock } from "../packages/runtime/src/testing/fake-clock.ts";
import { HARD_DATA, sampleArrival, sampleBinding, sampleEntry, sampleLease, sampleOnce, samplePlan, SAMPLE_PROGRAM, sampleRequest, sampleRun, sampleWait, settled } from "../packages/runtime/src/testing/store-samples.ts";
import { CASES } from "./cases.ts";
import { playEmbedded } from "./embedded-stage.ts";

/** Stores that conformance cases left, and one of everything that stores tend to lose; what Python read there it put into stores of its own, of the same names. */
const folder = mkdtempSync(join(tmpdir(), "offstage-stores-of-both-"));
const [ours, theirs] = [join(folder, "typescript"), join(folder, "python")];
const clock = createFakeClock();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Copied {
  readonly store: string;
  readonly counts: Readonly<Record<string, number>>;
  readonly write: unknown;
}

let copied: readonly Copied[] = [];

beforeAll(async () => {
  for (const path of [ours, theirs]) mkdirSync(path);
  for (const one of CASES) await playEmbedded(one, null, ({ file }) => copyFileSync(file, join(ours, `${one.id.replaceAll(/\W+/g, "-")}.db`)));
  await fillHard(join(ours, "hard.db"));
  const { stdout } = await promisify(execFile)(process.env["OFFSTAGE_PYTHON"] ?? "python3", ["-m", "offstage.testing.copy_stores", ours, theirs], { maxBuffer: 64 << 20 });
  copied = stdout.trim().split("\n").map((line) => JSON.parse(line) as Copied);
}, 300_000);

async function fillHard(file: string): Promise<void> {
  const store = await openSqliteStore({ file, clock });
  const identities = [{ kind: "record", scope: "leaks", record: "ticket", key: "PR_7 é😀\u0000", generation: 2, action: "update", revision: 3 }, sampleOnce("k"), { kind: "once", scope: "leaks", key: "ﬁ 漢字", window: 7 }, { kind: "start", scope: "leaks", key: '"\\' }, { kind: "step", rootRun: "run-1", step: "each#1[a/b]" }] as const;
  await store.transact({ durable: true }, async (tx) => {
    await tx.putRun(sampleRun({ output: HARD_DATA, waits: [{ id: "w", kind: "sleep", step: "s", label: "l", since: 1, until: null }], turn: "k", sweep: true, counts: { calls: 1, writes: 1, replayed: 0, unlike: { "a.b": 2 } }, error: { code: "FAILED", message: "m\u2028" } }));
    await tx.putProgram("p".repeat(64), SAMPLE_PROGRAM);
    await tx.appendJournal("run-1", ["b", "a", "each#1[😀]/x#1"].map((key, index) => ({ key, kind: "step" as const, hash: "h", value: String(index) })));
    for (const [index, identity] of identities.entries()) await tx.putEffect(index % 2 === 0 ? settled(sampleEntry(identity, { args: HARD_DATA, intendedAt: index }), HARD_DATA) : sampleEntry(identity, { idempotent: true, tool: null, intendedAt: index }), null);
    await tx.putBinding(sampleBinding("a", { kept: HARD_DATA, adopted: true }));
    await tx.putBinding(sampleBinding("a", { generation: 2, targetKey: "t2" }));
    await tx.putRequest(sampleRequest("r", { status: "approved", args: HARD_DATA, by: ["x"], count: 2, answers: [{ verdict: "approve", by: "x", why: null, at: 1, way: "link" }] }));
    await tx.putPlan({ plan: samplePlan("run-1"), appliedAt: 5, error: { code: "PLAN_VOID", message: "m" } });
    await tx.putWait(sampleWait("w"));
    await tx.putWait({ ...sampleWait("q"), kind: "approval", topic: "t", message: "?", show: HARD_DATA, by: null, answer: { verdict: "denied", by: "a", at: 7 } });
    await tx.addArrival(sampleArrival("1", { event: { kind: "webhook", source: "github", headers: { a: "b" }, body: HARD_DATA } }));
    await tx.putSchedule("leaks", "every 10m", 7);
    await tx.putState("s", "n", "k", "1", 0);
    await tx.putState("s", "n", "k", "2", 1);
    await tx.putBlob("h", Uint8Array.from({ length: 300 }, (_, index) => index), 9);
    await tx.putScope("leaks", "first");
    await tx.putMeta("paused", ["*"]);
    await tx.putMeta("epoch", 3);
    await tx.putLease(sampleLease(1));
  });
  await store.close();
}

/** What the tables hold, in the order of their rows; but for the places, which only order them, and for what is of one store. */
function contentOf(file: string): Readonly<Record<string, readonly unknown[]>> {
  const database = new Sqlite(file, { readonly: true });
  const order = { arrivals: "place", journal: "run_id, place", effects: "place", bindings: "scope, record, key, generation", states: "scope, name, key", schedules: "workflow, trigger", scopes: "workflow", leases: "one", blobs: "hash", programs: "hash", waits: "id", runs: "id", requests: "id", plans: "id" };
  const rows = (table: string, by: string): readonly unknown[] => (database.prepare(`SELECT * FROM ${table} ORDER BY ${by}`).all() as { place?: number }[]).map(({ place: _place, ...row }) => row);
  const content = { ...Object.fromEntries(Object.entries(order).map(([table, by]) => [table, rows(table, by)])), meta: database.prepare("SELECT * FROM meta WHERE name NOT IN ('store-id', 'language') ORDER BY name").all(), schema: database.prepare("SELECT name, sql FROM sqlite_schema ORDER BY name").all(), versions: [database.pragma("user_version"), database.pragma("application_id")] };
  database.close();
  return content;
}

const stores = (): readonly string[] => readdirSync(ours).filter((name) => name.endsWith(".db"));

test("Python reads what TypeScript's runs left, each row, and may not write there", () => {
  expect(copied.map(({ store }) => store)).toEqual(stores().toSorted());
  expect(copied.length).toBe(CASES.length + 1);
  expect(new Set(copied.map(({ write }) => write))).toEqual(new Set(["STORE_FOREIGN"]));
  const sum = (what: string): number => copied.reduce((all, { counts }) => all + (counts[what] ?? 0), 0);
  for (const what of ["runs", "journal", "effects", "bindings", "requests", "plans", "waits", "states"]) expect([what, sum(what) > 0]).toEqual([what, true]);
  process.stdout.write(`stores of both: ${copied.length}; ${["runs", "journal", "effects", "bindings", "requests", "plans", "waits", "states"].map((what) => `${what} ${sum(what)}`).join(", ")}\n`);
});

test("what Python wrote of it is in its own stores the same, to the byte of each column", () => {
  for (const name of stores()) expect([name, contentOf(join(theirs, name))]).toEqual([name, contentOf(join(ours, name))]);
});

async function everything(tx: StoreTx): Promise<unknown> {
  const runs = await tx.listRuns({ limit: 1e6 });
  const [effects, bindings, requests, waits] = [await tx.listEffects({ limit: 1e6 }), await tx.listBindings({ limit: 1e6 }), await tx.listRequests({ limit: 1e6 }), await tx.listWaits({ limit: 1e6 })];
  const ofRuns = [];
  for (const { id, programHash, workflow } of runs) ofRuns.push([await tx.getRun(id), await tx.loadJournal(id), await tx.getPlan(id), await tx.getProgram(programHash), await tx.getScope(workflow)]);
  return { runs, effects, bindings, requests, waits, ofRuns, tally: await tx.tally(), lease: await tx.getLease(), epoch: await tx.getMeta("epoch"), paused: await tx.getMeta("paused") };
}

test("TypeScript opens Python's stores, reads the same there as in its own, and may not write", async () => {
  for (const name of stores()) {
    const [own, foreign] = [await openSqliteStore({ file: join(ours, name), clock }), await openSqliteStore({ file: join(theirs, name), clock })];
    const look = (reads: boolean) => ({ durable: false, ...(reads ? { reads: true } as const : {}) });
    expect([name, await foreign.transact(look(true), everything)]).toEqual([name, await own.transact(look(true), everything)]);
    expect(await foreign.transact(look(false), async (tx) => (await tx.listRuns({ limit: 9 })).length)).toBe(await own.transact(look(false), async (tx) => (await tx.listRuns({ limit: 9 })).length));
    const written: unknown = await foreign.transact({ durable: true }, (tx) => tx.putLease(sampleLease(9))).catch((error: unknown) => (isOffstageError(error) ? error.code : error));
    expect([name, written]).toEqual([name, "STORE_FOREIGN"]);
    await Promise.all([own.close(), foreign.close()]);
  }
});
