import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";

let root: string;

/** A stand-in for npm that notes its arguments and makes node_modules, or fails when a file `offline` is there. */
const NPM = `
const fs = require("node:fs");
fs.appendFileSync("calls", process.argv.slice(2).join(" ") + "\\n");
if (fs.existsSync("offline")) process.exit(7);
fs.mkdirSync("node_modules", { recursive: true });
`;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "offstage-install-"));
  writeFileSync(join(root, "npm.cjs"), NPM);
  writeFileSync(join(root, "package.json"), JSON.stringify({ workspaces: ["apps/one"] }));
  writeFileSync(join(root, "package-lock.json"), "{}");
  mkdirSync(join(root, "apps/one"), { recursive: true });
  writeFileSync(join(root, "apps/one/package.json"), "{}");
});

afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function ensure(): { readonly status: number | null; readonly stderr: string } {
  return spawnSync(process.execPath, [join(import.meta.dirname, "ensure-installed.mjs"), root], {
    encoding: "utf8",
    env: { ...process.env, npm_execpath: join(root, "npm.cjs") },
  });
}

function calls(): readonly string[] {
  const file = join(root, "calls");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
}

test("installs on a fresh clone, and not again while nothing changed", () => {
  expect(ensure().status).toBe(0);
  expect(ensure().status).toBe(0);
  expect(calls()).toEqual(["install --ignore-scripts --loglevel=error"]);
});

test.each(["package.json", "package-lock.json", "apps/one/package.json"])("installs again when %s changed", (file) => {
  ensure();
  appendFileSync(join(root, file), " ");
  expect(ensure().status).toBe(0);
  expect(calls()).toHaveLength(2);
});

test("installs again when node_modules was removed", () => {
  ensure();
  rmSync(join(root, "node_modules"), { recursive: true });
  ensure();
  expect(calls()).toHaveLength(2);
});

test("says what to do when npm fails, and does not take the attempt for an installation", () => {
  writeFileSync(join(root, "offline"), "");
  const failed = ensure();
  expect(failed.status).toBe(1);
  expect(failed.stderr).toContain("npm install ended with 7");
  expect(failed.stderr).toContain("run the same command again");
  rmSync(join(root, "offline"));
  expect(ensure().status).toBe(0);
  expect(calls()).toHaveLength(2);
});

test("names the Node it found when that is too old", () => {
  ensure();
  mkdirSync(join(root, "node_modules/.bin"));
  writeFileSync(join(root, "node_modules/.bin/node"), "#!/bin/sh\necho v20.20.2\n", { mode: 0o755 });
  const old = ensure();
  expect(old.status).toBe(2);
  expect(old.stderr).toContain("needs Node 22.18 or later; this is v20.20.2");
});
