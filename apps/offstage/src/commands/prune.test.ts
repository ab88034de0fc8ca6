import { join } from "node:path";
import { openSqliteStore } from "offstage/stores/sqlite";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
beforeEach(() => desk.reset({ requests: [{ id: "r1", title: "One" }] }));
afterAll(() => desk.remove());

const DAY = 86_400_000;

/** Makes all runs of the store older, with bytes that nothing names, and gives the first one as its id says that it is so old. */
async function age(days: number): Promise<readonly string[]> {
  const store = await openSqliteStore({ file: join(desk.folder, ".offstage/store.db"), clock: { now: () => Date.now(), sleep: () => Promise.resolve() } });
  try {
    return await store.transact({ durable: true }, async (tx) => {
      const runs = await tx.listRuns({ limit: 99 });
      for (const run of runs) await tx.putRun({ ...run, createdAt: run.createdAt - days * DAY, endedAt: run.endedAt === null ? null : run.endedAt - days * DAY });
      await tx.putBlob("a".repeat(64), Uint8Array.of(1, 2, 3), Date.now() - days * DAY);
      return runs.map(({ id }) => id);
    });
  } finally {
    await store.close();
  }
}

test("what is over for long is counted, and removed when it is asked for; a run that is gone is told so, and nothing is written again", async () => {
  await desk.run("run", "announce");
  const [id = ""] = await age(91);
  expect((await desk.json("prune", "--dry-run")).document.result).toEqual({ runs: 1, staying: 0, blobs: 1, bytes: 3 });
  expect((await desk.run("prune", "--dry-run")).out).toBe("1 run would be removed, with all that belongs to it. 1 blob (3 bytes) that nothing names would be removed, besides those that only these runs name.\n");
  expect((await desk.run("show", id)).code).toBe(0);
  const pruned = await desk.run("prune", "--compact");
  expect(pruned).toMatchObject({ code: 0 });
  expect(pruned.out).toMatch(/^Removed: 1 run, 1 program, 1 blob \(3 bytes\), over for longer than they are kept\.\nThe store has \d+ bytes, and had \d+\.\n$/);
  expect((await desk.json("runs")).document.result.runs).toEqual([]);
  const old = "000000000-00000000";
  expect(await desk.json("show", old)).toMatchObject({ code: 2, document: { error: { code: "RUN_UNKNOWN", message: expect.stringContaining(`${old} any more: what ended before`) as unknown } } });
  expect((await desk.run("run", "announce")).code).toBe(0);
  expect(desk.writes()).toHaveLength(1);
});

test("what may go on stays, and so does what is not over for long; the settings say how long that is", async () => {
  desk.write("offstage.yaml", "policy: { rules: [{ verdict: approve, tool: say }] }\nretention: { runs: 2d, events: forever }\n");
  expect((await desk.run("run", "announce")).code).toBe(4);
  await age(3);
  expect((await desk.json("prune")).document.result).toEqual({ pruned: { runs: 0, arrivals: 0, windows: 0, programs: 0, blobs: 1, bytes: 3 } });
  expect((await desk.json("prune", "--dry-run")).document.result).toEqual({ runs: 0, staying: 1, blobs: 0, bytes: 0 });
  expect((await desk.run("prune", "--dry-run")).out).toBe("0 runs would be removed. 1 run as old would stay: what goes on, waits for a person, is in doubt, or ended later.\n");
  expect(await desk.json("prune", "--dry-run", "--compact")).toMatchObject({ code: 2, document: { error: { code: "USAGE" } } });
});
