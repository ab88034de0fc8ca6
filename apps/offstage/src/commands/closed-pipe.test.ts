import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

const BIN = join(import.meta.dirname, "../../bin/offstage.js");

let desk: DeskProject;
beforeAll(async () => void (desk = await createDeskProject()));
beforeEach(() => desk.reset());
afterAll(() => desk.remove());

/** A command one of whose outputs nobody reads: `offstage … 2>&1 | head`. Gives its exit code. */
async function unread(output: "stdout" | "stderr", ...argv: readonly string[]): Promise<number | null> {
  const child: ChildProcess = spawn(process.execPath, [BIN, ...argv], { cwd: desk.folder, env: { PATH: process.env["PATH"] } });
  child[output]?.destroy();
  child[output === "stdout" ? "stderr" : "stdout"]?.resume();
  const [code] = (await once(child, "exit")) as [number | null];
  return code;
}

test("a run goes on to its end although nobody reads how it goes on", async () => {
  expect(await unread("stderr", "run", "announce")).toBe(0);
  expect(desk.writes()).toHaveLength(2);
});

test("a run whose result nobody reads ends with its own exit code", async () => {
  desk.change({ faults: [{ tool: "say", how: "lost" }] });
  expect(await unread("stdout", "run", "announce")).toBe(4);
});

test("a watch ends when nobody reads it", async () => {
  desk.write("workflows/announce.test.ts", 'import { test } from "offstage/test";\ntest("nothing", async () => {});\n');
  expect(await unread("stdout", "test", "--watch")).toBe(0);
});
