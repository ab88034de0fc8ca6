import { join } from "node:path";
import type { Run } from "offstage/model";
import { openSqliteStore } from "offstage/stores/sqlite";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createSystemClock } from "../system-clock.ts";
import { type CommandProcess, startCommand } from "../testing/command-process.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

// Starting runs in processes of their own: two at once, and killed as they go.

const KEYS = 60;

const QUIET = `import { workflow } from "offstage";
export default workflow({ name: "quiet", on: [], inputs: { n: 0 } }, async ({ inputs }) => inputs.n);
`;
const MANY = `import { each, range, start, workflow } from "offstage";
import quiet from "./quiet.ts";
export default workflow({ name: "many", on: [], limits: { writes: ${KEYS} } }, async () => {
  const runs = await each(range(${KEYS}), { key: (n) => String(n) }, (n) => start(quiet, String(n), { n }));
  return runs.map(({ run }) => run);
});
`;

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
  desk.write("workflows/quiet.ts", QUIET);
  desk.write("workflows/many.ts", MANY);
  await desk.run("check");
}, 60_000);
beforeEach(() => desk.reset());
afterAll(() => desk.remove());

const start = (...argv: readonly string[]): CommandProcess => startCommand(desk.folder, argv);

/** The started runs, by key, in the order of their keys. */
async function started(): Promise<readonly (readonly [string, Run["status"], unknown])[]> {
  const { runs } = (await desk.json("runs", "--limit", "1000")).document.result;
  const of = runs.filter(({ workflow }) => workflow === "quiet").map(({ event, status, output }) => [event.kind === "started" ? event.key : "", status, output] as const);
  return of.toSorted(([a], [b]) => Number(a) - Number(b));
}

const ALL = Array.from({ length: KEYS }, (_, n) => [String(n), "succeeded", n]);

test("by two processes at once, each key is started once", async () => {
  const ends = await Promise.all([start("run", "many", "--json").ended, start("run", "many", "--json").ended]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  const [one, other] = ends.map(({ out }) => (JSON.parse(out) as { readonly result: { readonly run: Run } }).result.run.output);
  expect(one).toEqual(other);
  expect(await started()).toEqual(ALL);
});

test("killed again and again while it starts them, each key is started once, and all are driven to their end", async () => {
  const store = await openSqliteStore({ file: join(desk.folder, ".offstage/store.db"), clock: createSystemClock() });
  const startedYet = async (): Promise<number> => (await store.transact({ durable: false, reads: true }, (tx) => tx.listRuns({ workflow: "quiet", limit: KEYS }))).length;
  for (let killedAt = 3; killedAt < KEYS; killedAt += 14) {
    const { child, ended } = start("run", "many");
    // Somewhere among its transactions, which go on while this process looks.
    await vi.waitFor(async () => expect(await startedYet()).toBeGreaterThanOrEqual(killedAt), { timeout: 20_000, interval: 1 });
    child.kill("SIGKILL");
    await ended;
  }
  await store.close();
  expect((await start("run", "many").ended).code).toBe(0);
  expect(await started()).toEqual(ALL);
});
