import { renameSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
afterAll(() => desk.remove());

test("a server whose name is no identifier is used under one, by workflow, profile, plan and run", async () => {
  desk.write("mcp.json", desk.read("mcp.json").replace('"desk":', '"front-desk":'));
  desk.write("offstage.yaml", "servers: { front-desk: { timeout: 1s } }\n");
  desk.write("profiles/front-desk.ts", desk.read("profiles/desk.ts").replace("import { desk }", "import { frontDesk }").replace("typeof desk", "typeof frontDesk"));
  renameSync(join(desk.folder, "profiles/desk.ts"), join(desk.folder, "was-desk.ts"));
  desk.write("workflows/announce.ts", desk.read("workflows/announce.ts").replaceAll(/\bdesk\b/g, "frontDesk"));
  expect(await desk.run("lock")).toMatchObject({ code: 0 });
  expect(await desk.run("check", "announce")).toMatchObject({ code: 0 });
  expect((await desk.json("plan", "announce")).document.result.plan.effects.map(({ server, tool }) => `${server}.${tool ?? ""}`)).toEqual(["front-desk.say", "front-desk.say"]);
  expect(await desk.run("run", "announce")).toMatchObject({ code: 0 });
  expect(desk.writes()).toHaveLength(2);
});
