import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createFakeClock } from "../../../../packages/runtime/src/testing/fake-clock.ts";
import { newPostgresPlace, type PostgresPlace } from "../../../../packages/runtime/src/testing/postgres-place.ts";
import { startCommand } from "../testing/command-process.ts";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

const POLICY = "servers: { desk: { timeout: 5s } }\npolicy: { rules: [{ verdict: approve, workflow: announce }] }\n";
const NAP = 'import { sleep, workflow } from "offstage";\nexport default workflow({ name: "nap", on: [] }, async () => {\n  await sleep("1s");\n  return "awake";\n});\n';

let desk: DeskProject;
let place: PostgresPlace;
beforeAll(async () => {
  desk = await createDeskProject();
  desk.write("workflows/nap.ts", NAP);
});
beforeEach(() => {
  desk.reset();
  place = newPostgresPlace(createFakeClock());
  desk.write("offstage.yaml", POLICY);
});
afterAll(async () => {
  await place.remove();
  desk.remove();
});

const nameDatabase = (): void => desk.write("offstage.yaml", `store: { postgres: "${place.url}", schema: ${place.schema} }\n${POLICY}`);

test("a project goes on in PostgreSQL where it was: nothing is written twice, what waits goes on, and the file takes nothing", async () => {
  expect((await desk.run("run", "tickets")).code).toBe(0);
  expect((await desk.run("run", "announce")).code).toBe(4);
  const parked = (await desk.json("run", "nap", "--json")).document.result.run;
  const planned = (await desk.json("plan", "tickets")).document.result.plan;
  expect(desk.writes()).toHaveLength(2);

  nameDatabase();
  expect(await desk.run("runs")).toMatchObject({ code: 1, err: expect.stringContaining("was not moved there") });
  const moved = await desk.run("migrate", "--from", "sqlite", "--to", "postgres");
  expect(moved).toMatchObject({ code: 0, out: expect.stringMatching(/table +rows +sha256[^]*bindings +2 [^]*effects +2 [^]*each table by count and hash as it was/) });
  expect(moved.out + moved.err).not.toContain("throw-away");

  expect((await desk.json("runs")).document.result.runs.map(({ id }) => id)).toContain(parked.id);
  expect((await desk.run("apply", planned.id)).code).toBe(0);
  expect((await desk.run("run", "tickets")).code).toBe(0);
  expect(desk.writes()).toHaveLength(2);
  expect((await desk.run("approve", "all")).code).toBe(0);
  expect(desk.writes()).toHaveLength(4);
  await vi.waitFor(async () => {
    await desk.run("resume");
    expect((await desk.json("show", parked.rootRunId)).document.result.run).toMatchObject({ status: "succeeded", output: "awake" });
  }, { timeout: 20_000, interval: 200 });
  // Nothing was doubted: nothing was lost.
  expect((await desk.run("resolve", "--nothing-lost")).code).not.toBe(0);

  desk.write("offstage.yaml", POLICY);
  for (const argv of [["runs"], ["run", "tickets"], ["migrate", "--from", "sqlite", "--to", "postgres"]]) expect((await desk.run(...argv)).code).not.toBe(0);
  nameDatabase();
  expect((await desk.run("migrate", "--from", "sqlite", "--to", "postgres")).code).toBe(0);
  expect(desk.writes()).toHaveLength(4);
});

test("a store that is driven is not moved, and stays as it is", async () => {
  const serving = startCommand(desk.folder, ["serve", "tickets"], null);
  await vi.waitFor(() => expect(existsSync(join(desk.folder, ".offstage/store.db.mark"))).toBe(true), { timeout: 30_000, interval: 50 });
  nameDatabase();
  expect(await desk.run("migrate", "--from", "sqlite", "--to", "postgres")).toMatchObject({ code: 1, err: expect.stringContaining("STORE_LOCKED") });
  serving.child.kill("SIGTERM");
  expect((await serving.ended).code).toBe(0);
  expect((await desk.run("migrate", "--from", "sqlite", "--to", "postgres")).code).toBe(0);
});
