import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { createDeskProject, type DeskProject, SETTINGS } from "../testing/desk-project.ts";

const BIN = join(import.meta.dirname, "../../bin/offstage.js");

const TEST = `import { assert, plan, test } from "offstage/test";

test("plans what was recorded", async () => {
  const planned = await plan("tickets", { fixture: "two" });
  assert.deepEqual(planned.effects, planned.recorded);
});
`;

let desk: DeskProject;
let child: ChildProcess | undefined;
beforeAll(async () => {
  desk = await createDeskProject();
  await desk.run("record", "tickets", "--case", "two");
  desk.write("workflows/tickets.test.ts", TEST);
  desk.write("workflows/announce.test.ts", 'import { test } from "offstage/test";\n\ntest("says nothing", () => {});\n');
}, 60_000);
afterEach(() => child?.kill("SIGKILL"));
afterAll(() => desk.remove());

/** The command as a process of its own. `next` waits until it waits for changes again, and gives what it said since the last time. */
function startWatch(): { readonly next: () => Promise<string>; readonly process: ChildProcess } {
  const started = spawn(process.execPath, [BIN, "test", "--watch"], { cwd: desk.folder, env: { PATH: process.env["PATH"] } });
  child = started;
  let said = "";
  for (const stream of [started.stdout, started.stderr]) stream.setEncoding("utf8").on("data", (text: string) => (said += text));
  const next = async (): Promise<string> => {
    const end = "Waiting for changes; Ctrl-C ends.\n";
    await vi.waitFor(() => expect(said).toContain(end), { timeout: 60_000, interval: 20 });
    const until = said.indexOf(end) + end.length;
    const heard = said.slice(0, until);
    said = said.slice(until);
    return heard;
  };
  return { next, process: started };
}

test("runs again what a change touches, through the real command line, until Ctrl-C", async () => {
  const watch = startWatch();
  expect(await watch.next()).toMatch(/announce\.test\.ts[^]*✓ plans what was recorded[^]*2 passed/);

  const workflow = desk.read("workflows/tickets.ts");
  desk.write("workflows/tickets.ts", workflow.replace("title: request.title })", 'title: "Re: " + request.title })'));
  const afterWorkflow = await watch.next();
  expect(afterWorkflow).toMatch(/✗ plans what was recorded/);
  expect(afterWorkflow).not.toContain("announce.test.ts");

  desk.write("workflows/tickets.ts", workflow.replace("request.title })", "request.titel })"));
  expect(await watch.next()).toContain("WORKFLOW_INVALID");
  desk.write("workflows/tickets.ts", workflow);
  expect(await watch.next()).toContain("1 passed");

  desk.write("fixtures/tickets/two.json", "{");
  expect(await watch.next()).toMatch(/FIXTURE_INVALID[^]*1 failed/);

  desk.write("workflows/announce.test.ts", 'import { test } from "offstage/test";\n\ntest("says more", () => {});\n');
  expect(await watch.next()).toMatch(/^[^]*announce\.test\.ts\n {2}✓ says more[^]*1 passed/);

  desk.write("offstage.yaml", "nonsense: true\n");
  expect(await watch.next()).toContain("offstage.yaml:1:1 error CONFIG_INVALID");
  desk.write("offstage.yaml", SETTINGS);
  expect(await watch.next()).toMatch(/announce\.test\.ts[^]*tickets\.test\.ts/);

  watch.process.kill("SIGINT");
  expect(await once(watch.process, "exit")).toEqual([130, null]);
}, 120_000);
