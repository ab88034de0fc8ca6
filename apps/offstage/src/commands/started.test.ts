import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createDeskProject, type DeskProject, SETTINGS } from "../testing/desk-project.ts";

// A workflow that starts runs of another one, at the command line.

const STARTER = `import { start, workflow } from "offstage";
import announce from "./announce.ts";

export default workflow({ name: "starter", on: [], inputs: { key: "monday" }, limits: { writes: 5 } }, async ({ inputs }) => start(announce, inputs.key, { greeting: "Started" }));
`;

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
  desk.write("workflows/starter.ts", STARTER);
}, 60_000);
beforeEach(() => {
  desk.reset();
  desk.write("offstage.yaml", SETTINGS);
});
afterAll(() => desk.remove());

interface Started {
  readonly started: readonly { readonly id: string; readonly workflow: string; readonly status: string }[];
}

test("the command that starts a run drives it, tells of both, and the started one tells who started it", async () => {
  const end = await desk.run("run", "starter");
  expect(end).toMatchObject({ code: 0, out: expect.stringMatching(/✓ start announce monday {2}offstage\.start\.announce\nRun \S+ succeeded in .*: 1 write\.\nOutput: .*\n\nStarted:\n {2}\S+ {2}announce monday: succeeded/) as string });
  expect(desk.writes()).toEqual([expect.stringContaining("Started: Printer"), expect.stringContaining("Started: Quote")]);
  const again = await desk.json("run", "starter");
  expect(again.document.result.run).toMatchObject({ status: "succeeded", counts: { writes: 0, replayed: 1 } });
  expect(desk.writes()).toHaveLength(2);
  const { runs } = (await desk.json("runs")).document.result;
  const child = runs.find(({ workflow }) => workflow === "announce");
  const parent = runs.findLast(({ workflow }) => workflow === "starter");
  expect((await desk.run("show", child?.id ?? "")).out).toContain(`by run ${parent?.id ?? ""} of starter, key monday`);
  expect((await desk.run("show", parent?.id ?? "")).out).toContain(`Started:\n  ${child?.id ?? ""}  announce monday: succeeded`);
});

test("check says what a workflow may start", async () => {
  expect((await desk.run("check", "starter")).out).toContain("starter: checks; uses no tools; starts announce");
});

test("a plan shows what would be started, and its apply starts that", async () => {
  const planned = await desk.run("plan", "starter", "--input", "key=friday");
  expect(planned.out).toContain("+ start announce friday  offstage.start.announce on store");
  expect(planned.out).toContain('inputs   = {"greeting":"Started"}');
  expect(planned.out).toContain("# identity announce/start/friday; a run of its own: what it writes is not in this plan");
  expect([desk.writes(), (await desk.json("runs")).document.result.runs.map(({ status }) => status)]).toEqual([[], ["planned"]]);
  const { plan } = (await desk.json("plan", "starter")).document.result;
  const applied = (await desk.json("apply", plan.id)).document.result as unknown as Started;
  expect(applied.started).toEqual([expect.objectContaining({ workflow: "announce", status: "succeeded" })]);
  expect(desk.writes()).toHaveLength(2);
});

test("a person is asked by a policy for it, and what was started natively is the same", async () => {
  desk.write("offstage.yaml", `${SETTINGS}policy: { rules: [{ verdict: approve, action: start }] }\n`);
  const held = await desk.run("run", "starter");
  expect(held).toMatchObject({ code: 4, out: expect.stringContaining("start announce monday: awaits approval") as string });
  const asked = await desk.run("approve");
  expect(asked.out).toContain("offstage.start.announce on store");
  expect((await desk.run("approve", "all")).out).toContain("announce monday: succeeded");
  expect(desk.writes()).toHaveLength(2);
});
