import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";
import { RECORDED, recordDemo } from "./record.ts";

const BIN = join(import.meta.dirname, "../apps/offstage/bin/offstage.js");
const PROJECT = join(import.meta.dirname, "project");

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "offstage-record-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

it("the tests of the demo's workflow pass, without a server, a program to start one, or a variable that a server needs", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [BIN, "test", "--json", "--project", PROJECT], { env: { PATH: "" } });
  const { result } = JSON.parse(stdout) as { readonly result: { readonly ok: boolean; readonly files: readonly { readonly tests: readonly { readonly warnings: readonly string[] }[] }[] } };
  expect(result.ok).toBe(true);
  expect(result.files.flatMap(({ tests }) => tests.flatMap(({ warnings }) => warnings))).toEqual([]);
  expect(result.files[0]?.tests.length).toBeGreaterThan(5);
}, 60_000);

it("an editor has nothing to say about them: their types are beside them, without any package installed", async () => {
  await promisify(execFile)(process.execPath, [BIN, "check", "--project", PROJECT]);
  const tsc = promisify(execFile)(process.execPath, [join(import.meta.dirname, "../node_modules/typescript/bin/tsc"), "-p", PROJECT]);
  expect(await tsc.then(() => "", (error: unknown) => (error as { readonly stdout: string }).stdout)).toBe("");
}, 60_000);

/** Which of two parallel tickets comes first is not told; which calls there are is. */
function callsOf(fixture: string | undefined): readonly string[] {
  const { calls } = JSON.parse(fixture ?? "") as { readonly calls: readonly { readonly server: string; readonly tool: string; readonly class: string; readonly value: unknown }[] };
  return calls.map(({ server, tool, class: said, value }) => `${said} ${server}.${tool} ${Object.keys(value ?? {}).join()}`);
}

it("its lock is what the servers offer now, and its fixture the calls that they answer (node demo/record-main.ts writes both)", async () => {
  const recorded = await recordDemo(dir);
  const kept = new Map(RECORDED.map((path) => [path, readFileSync(join(PROJECT, path), "utf8")]));
  const [lock, fixture] = RECORDED;
  expect(recorded.get(lock)).toBe(kept.get(lock));
  expect(callsOf(recorded.get(fixture))).toEqual(callsOf(kept.get(fixture)));
}, 60_000);
