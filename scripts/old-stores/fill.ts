import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** `fill.ts SOURCE FILE`: makes a store by the code of an earlier version, in SOURCE, with something of everything that it keeps. Of a tool that this version does not have nothing is written. */
const [source = "", file = ""] = process.argv.slice(2);
const load = async (path: string): Promise<Samples> => (await import(pathToFileURL(join(source, "packages/runtime/src", path)).href)) as Samples;

/** Whatever that version calls its functions: only those that it has are called. */
type Samples = Readonly<Record<string, (...args: readonly unknown[]) => Promise<unknown>>>;

const { openSqliteStore } = await load("stores/sqlite/index.ts");
const samples = await load("testing/store-samples.ts");
const data = (samples as unknown as { readonly HARD_DATA: unknown; readonly SAMPLE_PROGRAM: unknown });
const make = (name: string, ...args: readonly unknown[]): object => (samples[name] as unknown as (...args: readonly unknown[]) => object)(...args);
const store = (await openSqliteStore?.({ file, clock: { now: () => 1_793_610_000_000, sleep: () => Promise.resolve() } })) as unknown as { transact(how: object, body: (tx: Samples) => Promise<void>): Promise<void>; close(): Promise<void> };

await store.transact({ durable: true }, async (tx) => {
  const put = async (name: string, ...args: readonly unknown[]): Promise<void> => void (await tx[name]?.(...args));
  const error = { code: "FAILED", message: "it broke" };
  for (const run of [
    { id: "parked", status: "parked", waits: [{ id: "w1", kind: "sleep", step: "sleep#1", label: "sleep 1d", since: 1, until: 2_000 }] },
    { id: "running", status: "running", output: data.HARD_DATA },
    { id: "pending", status: "pending", endedAt: 5_000, held: [{ effect: "e".repeat(64), step: "s", label: "l", why: "w", waits: true }] },
    { id: "doubt", status: "needs-attention", endedAt: 5_000, error },
    { id: "done", status: "succeeded", endedAt: 5_000, counts: { calls: 3, writes: 2, replayed: 1 } },
    { id: "again", status: "succeeded", endedAt: 6_000, rootRunId: "done" },
  ]) await put("putRun", make("sampleRun", run));
  await put("putProgram", "p".repeat(64), data.SAMPLE_PROGRAM);
  await put("appendJournal", "parked", [{ key: "now#1", kind: "now", hash: "h", value: "1" }, { key: "each#1[é]/x#1", kind: "step", hash: "h", value: '"漢字"' }]);
  const record = { kind: "record", scope: "leaks", record: "ticket", key: "PR_7", generation: 1, action: "create", revision: 0 };
  for (const [identity, entry] of [
    [make("sampleOnce", "told"), { status: "done", settledAt: 2_000, settledBy: "answer", outcome: { kind: "done", value: { ok: true }, unreadable: false }, completion: '"recorded"' }],
    [record, { status: "done", settledAt: 2_000, settledBy: "answer", outcome: { kind: "done", value: { key: "PROD-1" }, unreadable: false }, completion: '"bound"' }],
    [make("sampleOnce", "lost"), { runId: "doubt", rootRunId: "doubt", status: "ambiguous", settledAt: 2_000, outcome: { kind: "ambiguous", error } }],
    [make("sampleOnce", "sent"), { runId: "running", rootRunId: "running" }],
    [{ kind: "step", rootRun: "done", step: "notify#1" }, { runId: "done", rootRunId: "done", status: "failed", settledAt: 2_000, settledBy: "answer", outcome: { kind: "failed", error } }],
  ] as const) await put("putEffect", make("sampleEntry", identity, entry), null);
  await put("putBinding", make("sampleBinding", "PR_7"));
  await put("putBinding", make("sampleBinding", "PR_8", { releasedAt: 9, adopted: true }));
  for (const [id, request] of [["open", {}], ["granted", { status: "approved", answeredAt: 3, answeredBy: "kim", expiresAt: 9_000 }], ["no", { status: "denied", answeredAt: 3, answeredBy: "kim" }]] as const) await put("putRequest", make("sampleRequest", id, { runId: "pending", rootRunId: "pending", effect: id.padEnd(64, "0"), ...request }));
  await put("putPlan", { plan: make("samplePlan", "plan"), appliedAt: null, error: null });
  await put("putState", "leaks", "cursor", "", "7", 0);
  await put("putScope", "leaks", "leaks");
  await put("putMeta", "paused", ["server:jira"]);
  await put("nextFence");
  if (samples["sampleWait"] !== undefined) await put("putWait", make("sampleWait", "1", { runId: "parked" }));
  await put("offerEvent", { runId: "parked", step: "waitFor#1", id: "d1", event: { kind: "webhook", source: "github", headers: {}, body: 1 }, offeredAt: 3 });
  await put("rememberEvent", "parked", "webhook:github", "d1");
  await put("putBlob", "b".repeat(64), Uint8Array.of(0, 1, 255), 3);
  if (samples["sampleArrival"] !== undefined) for (const arrival of [{ status: "started", runId: "parked" }, {}]) await put("addArrival", make("sampleArrival", Object.keys(arrival).join("-"), arrival));
  await put("putSchedule", "leaks", "every 10m", 7_000);
});
await store.close();
