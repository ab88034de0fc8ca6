import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

// A workflow that calls another one, at the command line.

const CALLER = `import { call, workflow } from "offstage";
import announce from "./announce.ts";

export default workflow({ name: "caller", on: [], limits: { writes: 5 } }, async () => ({ said: await call(announce, { greeting: "Called" }) }));
`;

let desk: DeskProject;
let announce: string;
beforeAll(async () => {
  desk = await createDeskProject();
  announce = desk.read("workflows/announce.ts");
  desk.write("workflows/caller.ts", CALLER);
}, 60_000);
beforeEach(() => {
  desk.reset();
  desk.write("workflows/announce.ts", announce);
});
afterAll(() => desk.remove());

test("does the other one's writes, and nothing again that a run of it has done", async () => {
  expect((await desk.run("check", "caller")).out).toContain("uses desk.list_requests, desk.say");
  const called = await desk.json("run", "caller");
  expect(called.document.result.run).toMatchObject({ status: "succeeded", output: { said: 2 } });
  expect(desk.writes()).toHaveLength(2);
  expect(desk.writes()[0]).toContain("Called: Printer is on fire");
  expect((await desk.json("run", "announce")).document.result.run).toMatchObject({ status: "succeeded", counts: { writes: 0 } });
  expect(desk.writes()).toHaveLength(2);
});

test("sees an edit of the other one at once, and its plan is void then", async () => {
  const { plan } = (await desk.json("plan", "caller")).document.result;
  expect(plan.effects.map(({ label }) => label)).toEqual(["once say:r1", "once say:r2"]);
  desk.write("workflows/announce.ts", announce.replace("`say:${request.id}`", "`edited:${request.id}`"));
  expect((await desk.json("apply", plan.id)).document.error).toMatchObject({ code: "PLAN_VOID" });
  expect((await desk.json("plan", "caller")).document.result.plan.effects.map(({ label }) => label)).toEqual(["once edited:r1", "once edited:r2"]);
});

test("is told where the other one does not check", async () => {
  desk.write("workflows/announce.ts", announce.replace("requests.length", "Math.random()"));
  const checked = await desk.run("check", "caller");
  expect(checked.code).toBe(2);
  expect(checked.out).toContain("IMPORT_FAULTY");
  expect(checked.out).toContain("offstage check announce");
});
