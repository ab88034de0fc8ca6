import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createFakeClock } from "../../testing/fake-clock.ts";
import { numberedEntry, numberedRow } from "../../testing/numbered-rows.ts";
import { FROM_CACHE } from "../../testing/test-servers.ts";
import { openSqliteStore } from "./index.ts";

// More often, and of whole runs: npm run test:kill.
const KILLS = 4;
const WRITER = fileURLToPath(new URL("../../testing/commit-for-ever.ts", import.meta.url));

describe("a process that is killed while it commits", () => {
  let folder = "";
  beforeEach(async () => { folder = await mkdtemp(join(tmpdir(), "offstage-crash-")); });
  afterEach(() => rm(folder, { recursive: true }));

  test(`loses no acknowledged row and leaves no half transaction, ${KILLS} times on one store`, async () => {
    const file = join(folder, "store.db");
    let next = 0;
    for (let kill = 0; kill < KILLS; kill++) {
      const acknowledged = await writeUntilKilled(file, next, 2 * kill);
      next = await checkWhole(file, next, acknowledged);
    }
    expect(next).toBeGreaterThanOrEqual(KILLS);
  }, 120_000);

  test("leaves a store that was not yet made to be made by the next", async () => {
    const file = join(folder, "store.db");
    // Killed as soon as the file appears: before, in or after the migration.
    for (let kill = 0; kill < 4; kill++) {
      const child = spawn(process.execPath, ["--input-type=module", "-e", `import D from "better-sqlite3"; const d = new D(${JSON.stringify(file)}); d.exec("BEGIN IMMEDIATE; CREATE TABLE half (x)"); process.kill(process.pid, "SIGKILL")`], { cwd: fileURLToPath(new URL(".", import.meta.url)) });
      const [, signal] = await once(child, "exit");
      expect(signal).toBe("SIGKILL");
    }
    const store = await openSqliteStore({ file, clock: createFakeClock() });
    expect(await store.transact({ durable: true }, (tx) => tx.nextFence())).toBe(1);
    await store.close();
  });
});

/** Returns the highest number that the writer acknowledged before it was killed in the middle of what came after `after` more. */
async function writeUntilKilled(file: string, first: number, after: number): Promise<number> {
  const child = spawn(process.execPath, [...FROM_CACHE, WRITER, file, String(first)], { stdio: ["ignore", "pipe", "inherit"] });
  const closed = once(child, "close");
  let highest = -1;
  for await (const line of createInterface({ input: child.stdout })) {
    highest = Number(line);
    if (highest >= first + after) child.kill("SIGKILL");
  }
  const [code, signal] = await closed;
  expect([code, signal]).toEqual([null, "SIGKILL"]);
  return highest;
}

/** Every acknowledged row is there and whole, effect and journal agree; returns the first free number. */
async function checkWhole(file: string, from: number, acknowledged: number): Promise<number> {
  const store = await openSqliteStore({ file, clock: createFakeClock() });
  try {
    return await store.transact({ durable: false }, async (tx) => {
      const journal = await tx.loadJournal("run-1");
      expect(journal).toEqual(journal.map((_row, number) => numberedRow(number)));
      expect(journal.length).toBeGreaterThan(acknowledged);
      for (let number = from; number < journal.length; number++) expect(await tx.getEffect(numberedEntry(number).id)).toEqual(numberedEntry(number));
      expect(await tx.getEffect(numberedEntry(journal.length).id)).toBeNull();
      return journal.length;
    });
  } finally {
    await store.close();
  }
}
