import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
  desk.reset({ requests: [{ id: "r1", title: "One" }] });
}, 60_000);
afterAll(() => desk.remove());

test("with dryRun no command writes; a run shows what it would have written, and the next one without it writes that", async () => {
  desk.write("offstage.yaml", "dryRun: true\n");
  expect(await desk.run("run", "announce")).toMatchObject({ code: 0, out: expect.stringMatching(/^Run \S+ planned .*: 0 writes\./) as unknown });
  expect((await desk.run("show")).out).toMatch(/What it would have written:\n.*say:r1.* desk\.say/s);
  expect((await desk.json("show")).document.result).toMatchObject({ plan: { effects: [{ tool: "say" }] } });
  await desk.run("plan", "announce", "--out", "p.json");
  for (const args of [["apply", "p.json"], ["call", "desk.say", "--yes", "--args", '{"text":"x"}']]) expect(await desk.json(...args)).toMatchObject({ document: { error: { code: "DRY_RUN" } } });
  expect(desk.writes()).toEqual([]);
  expect(await desk.run("approve")).toMatchObject({ code: 0 });
  desk.write("offstage.yaml", "");
  expect(await desk.run("run", "announce")).toMatchObject({ code: 0 });
  expect(desk.writes()).toHaveLength(1);
});

test("a dry run is interpreted, whatever it was asked for: Node cannot hold a run at its writes", async () => {
  desk.reset({ requests: [{ id: "r2", title: "Two" }] });
  desk.write("offstage.yaml", "dryRun: true\n");
  expect(await desk.run("run", "announce", "--native")).toMatchObject({ code: 0, out: expect.stringMatching(/^Run \S+ planned /) as unknown });
  expect(desk.writes()).toEqual([]);
});
