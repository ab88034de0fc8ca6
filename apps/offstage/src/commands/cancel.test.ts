import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
  desk.write("workflows/nap.ts", 'import { once, sleep, workflow } from "offstage";\nimport { desk } from "#servers";\nexport default workflow({ name: "nap", on: [] }, async () => {\n  await sleep("30d");\n  await once("awake", () => desk.say({ text: "awake" }));\n});\n');
}, 60_000);
afterAll(() => desk.remove());

test("a parked run ends without going on; one that has ended is said to have, and one that is not there is unknown", async () => {
  const { id } = (await desk.json("run", "nap")).document.result.run;
  expect(await desk.run("cancel", id.slice(0, 12))).toMatchObject({ code: 0, out: `Run ${id} ended: cancelled.\n` });
  expect((await desk.json("cancel", id)).document.result.run).toMatchObject({ id, status: "cancelled", waits: [], error: { code: "CANCELLED" } });
  expect(await desk.run("cancel", id)).toMatchObject({ code: 0, out: `Run ${id} had ended already: cancelled.\n` });
  expect(await desk.json("cancel", "none-such")).toMatchObject({ document: { error: { code: "RUN_UNKNOWN" } } });
  expect(desk.writes()).toEqual([]);
});
