import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { LINE_WIDTH, printProfile, printWorkflows, RULES_LEFT_OUT } from "offstage/exporters/python";
import { afterAll, expect, test } from "vitest";
import { profilePrograms, subsetPrograms, workflowPrograms } from "./printed-programs.ts";

const PYTHON = process.env["OFFSTAGE_PYTHON"] ?? "python3";
const RUFF = join(dirname(PYTHON), "ruff");
const folder = mkdtempSync(join(tmpdir(), "offstage-printed-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function put(id: string, files: ReturnType<typeof printWorkflows>): void {
  for (const { path, content } of files) {
    const place = join(folder, id.replace(/[^A-Za-z0-9]/g, "_"), path);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
  }
}

function run(command: string, args: readonly string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  return status === 0 ? "" : `${error?.message ?? ""}${stdout}${stderr}`;
}

const COMPILE = `
import pathlib
for path in sorted(pathlib.Path(".").rglob("*.py")):
    compile(path.read_text(), str(path), "exec")
`;

for (const { id, program } of [...subsetPrograms(), ...workflowPrograms()]) put(id, printWorkflows(program));
for (const { id, program } of profilePrograms()) put(id, [printProfile("server", program)]);

test("everything that is printed is as ruff formats it", () => {
  expect(run(RUFF, ["format", "--no-cache", "--isolated", "--target-version", "py311", "--line-length", String(LINE_WIDTH), "--diff", "."])).toBe("");
});

test("ruff finds nothing wrong with it", () => {
  expect(run(RUFF, ["check", "--no-cache", "--isolated", "--target-version", "py311", "--line-length", String(LINE_WIDTH), "--ignore", RULES_LEFT_OUT.join(","), "--output-format", "concise", "."])).toBe("");
});

test("Python compiles it", () => {
  expect(run(PYTHON, ["-c", COMPILE])).toBe("");
});
