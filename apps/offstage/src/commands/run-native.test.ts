import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { createDeskProject, type DeskProject, type Envelope, SETTINGS } from "../testing/desk-project.ts";

const BIN = join(import.meta.dirname, "../../bin/offstage.js");

let desk: DeskProject;
beforeAll(async () => void (desk = await createDeskProject()));
beforeEach(() => desk.reset());
afterAll(() => desk.remove());

/** The command line as a process of its own: Node's hooks reach no module that a test runner loads. */
function start(...argv: readonly string[]) {
  const child = spawn(process.execPath, [BIN, ...argv], { cwd: desk.folder, env: { PATH: process.env["PATH"] } });
  const texts = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (texts.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (texts.err += text));
  const ended = once(child, "close").then(([code]) => ({ code: code as number | null, ...texts }));
  return { child, ended };
}

function resultOf(end: { readonly out: string }): Envelope["result"] {
  return (JSON.parse(end.out) as Envelope).result;
}

test.each(["announce", "tickets"])("%s comes to the same as the interpreted run, with no other word on stderr, and what it did stays done", async (workflow) => {
  const interpreted = (await desk.json("run", workflow)).document.result.run;
  const writes = desk.writes();
  desk.reset();
  const native = await start("run", workflow, "--native", "--json").ended;
  expect(native).toMatchObject({ code: 0, err: expect.stringMatching(/^running \w+ \([\w-]+\) …\n$/) as string });
  const { id: _, ...told } = resultOf(native).run;
  expect(told).toMatchObject({ status: "succeeded", output: interpreted.output, counts: interpreted.counts });
  expect(desk.writes()).toEqual(writes);
  expect((await desk.json("run", workflow)).document.result.run).toMatchObject({ status: "succeeded", output: interpreted.output, counts: { writes: 0 } });
  expect(desk.writes()).toEqual(writes);
});

test("inputs, and a policy that asks a person: exit 4, and what was approved is made natively", async () => {
  desk.write("offstage.yaml", `${SETTINGS}policy: { rules: [{ verdict: approve, tool: say }] }\n`);
  const held = await start("run", "announce", "--native", "--input", "greeting=Hi", "--json").ended;
  expect(held.code).toBe(4);
  expect(resultOf(held).run).toMatchObject({ status: "pending", output: 2, held: [{ label: "once say:r1" }, { label: "once say:r2" }] });
  expect(desk.writes()).toEqual([]);
  expect((await desk.run("approve", "all", "--later")).code).toBe(0);
  expect((await start("run", "announce", "--native", "--input", "greeting=Hi").ended).code).toBe(0);
  expect(desk.writes()).toEqual([expect.stringContaining("Hi: Printer"), expect.stringContaining("Hi: Quote")]);
  desk.write("offstage.yaml", SETTINGS);
});

test("a module outside the subset is refused with its diagnostics, and nothing runs", async () => {
  desk.write("workflows/fetches.ts", 'import { workflow } from "offstage";\nexport default workflow({ name: "fetches", description: "", on: [] }, async () => { await fetch("http://x"); });\n');
  const end = await start("run", "fetches", "--native").ended;
  expect(end.code).toBe(2);
  expect(end.err).toContain("GLOBAL_NOT_ALLOWED");
});

test("it is Node that executes it: an error of JavaScript's own is told in its words", async () => {
  desk.write("workflows/odd.ts", 'import { workflow } from "offstage";\nexport default workflow({ name: "odd", description: "", on: [] }, async () => { const odd: any = JSON.parse("null"); return odd.field; });\n');
  const end = await start("run", "odd", "--native").ended;
  expect(end.code).toBe(1);
  expect(end.out + end.err).toContain("TYPE_ERROR: Cannot read properties of null (reading 'field')");
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
