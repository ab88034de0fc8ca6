import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isEnded, type Run } from "../model/index.ts";
import type { Store } from "../state/index.ts";
import { openSqliteStore } from "../stores/sqlite/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import { sampleArrival, sampleEntry, sampleOnce, SAMPLE_PROGRAM, sampleRun, settled } from "../testing/store-samples.ts";
import { FROM_CACHE } from "../testing/test-servers.ts";
import { continueRun } from "./index.ts";

const PRUNER = fileURLToPath(new URL("../testing/prune-and-die.ts", import.meta.url));
const CHAINS = 200;
const ROUNDS = 7;
const NOW = 10 * 86_400_000;
const clock = createFakeClock(NOW);

let folder = "";
beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), "offstage-killed-prune-")); });
afterEach(() => rm(folder, { recursive: true }));

test("two processes that remove, killed again and again while runs are continued, leave whole chains, every lasting identity and every blob that is named", async () => {
  const file = join(folder, "store.db");
  const store = await openSqliteStore({ file, clock, lockTimeoutMs: 60_000 });
  await store.transact({ durable: true }, async (tx) => {
    await tx.putProgram("p".repeat(64), SAMPLE_PROGRAM);
    for (let chain = 0; chain < CHAINS; chain++) for (const run of chainOf(chain)) {
      await tx.putRun(run);
      await tx.appendJournal(run.id, [{ key: "k", kind: "step", hash: "h", value: `"blob:sha256:${blobOf(run)}"` }]);
      await tx.putBlob(blobOf(run), Uint8Array.of(1), 5_000);
      await tx.putEffect(settled(sampleEntry({ kind: "step", rootRun: run.rootRunId, step: run.id }, { runId: run.id, rootRunId: run.rootRunId })), null);
      await tx.putEffect(settled(sampleEntry(sampleOnce(run.id), { runId: run.id, rootRunId: run.rootRunId })), null);
      await tx.addArrival(sampleArrival(run.id, { runId: run.id, status: "started" }));
    }
  });
  const [ends, continued]: [unknown[], string[]] = [[], []];
  for (let round = 1; round <= ROUNDS; round++) {
    const both = [pruneUntilKilled(file, round), pruneUntilKilled(file, (round % 3) + 2)];
    // Somebody goes on with a run that is about to go, or is gone.
    const id = `run-${(round * 7) % CHAINS}`;
    if (await goOn(store, id)) continued.push(id);
    ends.push(...(await Promise.all(both)));
    await expectWhole(store);
  }
  expect(ends.filter((end) => end === "SIGKILL").length).toBeGreaterThan(ROUNDS);
  // Further each time, until one comes to its end.
  for (let at = 8; (await pruneUntilKilled(file, at)) === "SIGKILL"; at += 1) await expectWhole(store);
  expect(await Promise.all([pruneUntilKilled(file, 0), pruneUntilKilled(file, 0)])).toEqual([0, 0]);
  await expectWhole(store);
  const left = await store.transact({ durable: false }, (tx) => tx.listRuns({ limit: 9_999 }));
  expect(new Set(left.map(({ rootRunId }) => rootRunId))).toEqual(new Set(continued));
  expect(await store.transact({ durable: false }, (tx) => tx.removeLeavings(9))).toBe(false);
  const blobs = await store.transact({ durable: false }, (tx) => tx.oldBlobs(NOW + 1, "", 9_999));
  expect([...blobs.bytes.keys()]).toEqual([...new Set(left.filter(({ status }) => isEnded(status)).map(blobOf))].toSorted());
  await store.close();
}, 240_000);

/** Each of a chain has one of its own, and what continues them another time has none. */
function blobOf({ id }: Pick<Run, "id">): string {
  return createHash("sha256").update(id).digest("hex");
}

/** A run and one that continues it. */
function chainOf(chain: number): readonly Run[] {
  const over = { status: "succeeded", createdAt: chain, endedAt: 5_000 } as const;
  return [sampleRun({ id: `run-${chain}`, ...over }), sampleRun({ id: `again-${chain}`, rootRunId: `run-${chain}`, ...over })];
}

async function pruneUntilKilled(file: string, at: number): Promise<unknown> {
  const child = spawn(process.execPath, [...FROM_CACHE, PRUNER, file, String(NOW), String(at)], { stdio: ["ignore", "ignore", "inherit"] });
  const [code, signal] = (await once(child, "exit")) as [unknown, unknown];
  return signal ?? code;
}

function goOn(store: Store, id: string): Promise<boolean> {
  return store.transact({ durable: true }, async (tx) => {
    if ((await tx.getRun(id)) === null) return false;
    const next = await continueRun(tx, { clock, random: (count) => crypto.getRandomValues(new Uint8Array(count)) }, id);
    await tx.putRun(next);
    await tx.appendJournal(next.id, [{ key: "k", kind: "step", hash: "h", value: "1" }]);
    return true;
  });
}

/** A chain is there with all its runs, and each with its journal, or not at all; and what lasts is there. */
async function expectWhole(store: Store): Promise<void> {
  await store.transact({ durable: false, reads: true }, async (tx) => {
    const runs = await tx.listRuns({ limit: 9_999 });
    const ids = new Set(runs.map(({ id }) => id));
    const broken: string[] = [];
    for (const { id, rootRunId, status } of runs) {
      const isWhole = ids.has(rootRunId) && ids.has(rootRunId.replace("run", "again")) && (await tx.loadJournal(id)).length === 1 && (!isEnded(status) || (await tx.getBlob(blobOf({ id }))) !== null);
      if (!isWhole || (isEnded(status) && (await tx.getArrival("leaks", "every 10m", id)) === null)) broken.push(id);
    }
    expect(broken).toEqual([]);
    expect((await tx.listEffects({ limit: 9_999 })).filter(({ identity }) => identity.kind === "once")).toHaveLength(2 * CHAINS);
    expect(runs.length === 0 ? null : (await tx.getProgram("p".repeat(64)))?.name).toBe(runs.length === 0 ? null : "leaks");
  });
}
