import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";

const BIN = join(import.meta.dirname, "../apps/offstage/bin/offstage.js");
const PROJECT = join(import.meta.dirname, "project");

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
