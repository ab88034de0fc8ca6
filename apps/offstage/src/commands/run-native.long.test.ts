import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { startCommand } from "../testing/command-process.ts";
import { createDeskProject, type DeskProject, type Envelope, SETTINGS } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => void (desk = await createDeskProject()));
beforeEach(() => desk.reset());
afterAll(() => desk.remove());

/** In a process of its own: Node's hooks reach no module that a test runner loads. */
const start = (...argv: readonly string[]) => startCommand(desk.folder, argv);

test("inputs, and a policy that asks a person: exit 4, and what was approved is made natively", async () => {
  desk.write("offstage.yaml", `${SETTINGS}policy: { rules: [{ verdict: approve, tool: say }] }\n`);
  const held = await start("run", "announce", "--native", "--input", "greeting=Hi", "--json").ended;
  expect(held.code).toBe(4);
  expect((JSON.parse(held.out) as Envelope).result.run).toMatchObject({ status: "pending", output: 2, held: [{ label: "once say:r1" }, { label: "once say:r2" }] });
  expect(desk.writes()).toEqual([]);
  expect((await desk.run("approve", "all", "--later")).code).toBe(0);
  expect((await start("run", "announce", "--native", "--input", "greeting=Hi").ended).code).toBe(0);
  expect(desk.writes()).toEqual([expect.stringContaining("Hi: Printer"), expect.stringContaining("Hi: Quote")]);
  desk.write("offstage.yaml", SETTINGS);
});

test("killed in a write, the same command goes on with the run: natively, and without making that write again", async () => {
  desk.change({ faults: [{ tool: "say", how: "never" }] });
  const killed = start("run", "announce", "--native");
  await vi.waitFor(() => expect(readFileSync(join(desk.folder, "desk.json.calls"), "utf8")).toContain("say"), { timeout: 20_000, interval: 20 });
  killed.child.kill("SIGKILL");
  await killed.ended;
  const next = await start("run", "announce", "--native", "--json").ended;
  expect(next.code).toBe(4);
  expect(next.err).not.toContain("BUG");
  expect((await desk.json("runs")).document.result.runs.map((run) => run.status)).toEqual(["needs-attention", "needs-attention"]);
  expect(desk.writes().map((call) => call.includes("Printer"))).toEqual([true, false]);
});
