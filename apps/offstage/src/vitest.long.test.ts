import { execFile } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "./testing/desk-project.ts";

const ROOT = join(import.meta.dirname, "../../..");

const TEST = `import { assert, plan, rehearse, test } from "offstage/test";

test("plans what was recorded", async () => {
  const planned = await plan("tickets", { fixture: "two" });
  assert.deepEqual(planned.effects, planned.recorded);
});

test("makes calls that nobody recorded", async () => {
  await rehearse("tickets", { fixture: "two" });
});

test("leaves calls out", { limit: "20s" }, async () => {
  await plan("announce", { fixture: "two", unused: "fail" });
});
`;

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
  await desk.run("record", "tickets", "--case", "two");
  desk.write("fixtures/announce/two.json", desk.read("fixtures/tickets/two.json").replace('"workflow": "tickets"', '"workflow": "announce"'));
  desk.write("workflows/tickets.test.ts", TEST);
  desk.write("vitest.config.ts", `export default { resolve: { conditions: ["offstage-src"] }, ssr: { resolve: { conditions: ["offstage-src"] } }, test: { setupFiles: ["./setup.ts"], include: ["workflows/*.test.ts"] } };\n`);
  // vitest looks for the module of a setup file without these conditions, and a clone has no build.
  desk.write("setup.ts", 'import "@offstage/cli/vitest";\n');
  desk.write("package.json", '{ "type": "module" }');
  // As if the packages were installed.
  mkdirSync(join(desk.folder, "node_modules"));
  for (const name of ["vitest", "offstage", "@offstage"]) symlinkSync(join(ROOT, "node_modules", name), join(desk.folder, "node_modules", name));
}, 60_000);
afterAll(() => desk.remove());

test("a test file of offstage test runs under vitest too, as tests of vitest", async () => {
  const run = promisify(execFile)(process.execPath, [join(ROOT, "node_modules/vitest/vitest.mjs"), "run", "--reporter=json", "--outputFile=report.json"], { cwd: desk.folder, env: { PATH: process.env["PATH"] } });
  const said = await run.then(() => "", (error: unknown) => (error as { readonly stderr: string }).stderr);
  if (!existsSync(join(desk.folder, "report.json"))) throw new Error(said);
  const report = JSON.parse(desk.read("report.json")) as { readonly testResults: readonly { readonly assertionResults: readonly { readonly title: string; readonly status: string; readonly failureMessages: readonly string[] }[] }[] };
  expect(report.testResults[0]?.assertionResults.map(({ title, status, failureMessages }) => [title, status, failureMessages.join("\n").split("\n")[0]])).toEqual([
    ["plans what was recorded", "passed", ""],
    ["makes calls that nobody recorded", "failed", expect.stringContaining("Nobody says what the write desk.open_ticket answers")],
    ["leaves calls out", "failed", expect.stringContaining("has calls that this test did not make")],
  ]);
}, 60_000);
