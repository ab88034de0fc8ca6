import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
}, 60_000);
afterAll(() => desk.remove());

const workflow = (name: string, on: string): void => desk.write(`workflows/${name}.ts`, `import { every, queue, webhook, workflow } from "offstage";\nexport default workflow({ name: "${name}", on: [${on}] }, async () => 1);\n`);

test("a workflow without a trigger cannot be served by name, and one whose trigger is not built yet is refused rather than left out", async () => {
  workflow("idle", "");
  workflow("sweeping", 'every("1h", { sweep: true })');
  workflow("hooked", 'every("1h"), webhook("github")');
  expect(await desk.json("serve", "idle")).toMatchObject({ code: 2, document: { error: { code: "USAGE", message: "idle has no trigger." } } });
  expect(await desk.json("serve", "hooked")).toMatchObject({ code: 1, document: { error: { code: "NOT_YET", message: "hooked listens to a webhook, which `offstage serve` cannot do yet." } } });
  expect(await desk.json("serve", "sweeping")).toMatchObject({ code: 1, document: { error: { code: "NOT_YET", message: "A trigger of sweeping is a sweep, and sweeps are not built yet." } } });
  expect(await desk.json("serve")).toMatchObject({ code: 1, document: { error: { code: "NOT_YET" } } });
});

test("a workflow that does not check keeps the others from being served", async () => {
  desk.write("workflows/broken.ts", "export default 1;");
  expect((await desk.run("serve")).code).toBe(2);
});
