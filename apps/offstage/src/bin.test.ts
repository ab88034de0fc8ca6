import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";

const APP = join(import.meta.dirname, "..");
const { version } = JSON.parse(readFileSync(join(APP, "package.json"), "utf8")) as { readonly version: string };
const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

/** The bin alone, as in a clone (or below node_modules), with what else the test puts there. */
function copyOfBin(below: string): { readonly root: string; readonly bin: string } {
  const root = mkdtempSync(join(tmpdir(), "offstage-bin-"));
  folders.push(root);
  const app = join(root, below);
  mkdirSync(join(app, "src"), { recursive: true });
  cpSync(join(APP, "bin"), join(app, "bin"), { recursive: true });
  cpSync(join(APP, "package.json"), join(app, "package.json"));
  return { root, bin: join(app, "bin/offstage.js") };
}

/** What lets a Node claim to be `claimed`. */
function claiming(claimed: string): readonly string[] {
  return ["--import", `data:text/javascript,Object.defineProperty(process.versions,"node",{value:"${claimed}"})`];
}

/** Runs the bin under a Node that claims to be `claimed`. */
function run(bin: string, argv: readonly string[], claimed: string = process.versions.node) {
  return spawnSync(process.execPath, [...claiming(claimed), bin, ...argv], { encoding: "utf8", env: { PATH: process.env["PATH"] } });
}

test("the clone runs its sources without a build, and passes the exit code on", () => {
  const result = run(join(APP, "bin/offstage.js"), ["no-such-command"]);
  expect(result.stderr).toContain('There is no command "no-such-command"');
  expect(result.status).toBe(2);
});

test("serve that is told to take edits while it is still being loaded goes on with that; other commands end by SIGHUP, as ever", () => {
  const { root, bin } = copyOfBin("apps/offstage");
  writeFileSync(join(root, "apps/offstage/src/main.ts"), 'export async function main(): Promise<number> { process.kill(process.pid, "SIGHUP"); await new Promise((resolve) => setTimeout(resolve, 100)); return 7; }');
  for (const argv of [["serve"], ["--project", "run", "--json", "serve", "beat"]]) expect(run(bin, argv)).toMatchObject({ status: 7, signal: null });
  for (const argv of [["--project", "serve", "run", "serve"]]) expect(run(bin, argv)).toMatchObject({ status: null, signal: "SIGHUP" });
});

test("--version loads nothing: it works where there is nothing else", () => {
  const { bin, root } = copyOfBin("apps/offstage");
  rmSync(join(root, "apps/offstage/src"), { recursive: true });
  expect(run(bin, ["--version"])).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: "" });
});

test("what fails when a command has ended, and what a library warns of, is told without the project's secrets", () => {
  const { root } = copyOfBin("apps/offstage");
  writeFileSync(join(root, "token"), "hunter2-hunter2");
  writeFileSync(join(root, "mcp.json"), JSON.stringify({ mcpServers: { own: { command: "own", env: { TOKEN: "${file:token}" } } } }));
  const late = `process.once("beforeExit", () => { process.emitWarning("early hunter2-hunter2", { detail: "hunter2-hunter2 \\u001b[2J" }); setTimeout(() => { throw new Error("late hunter2-hunter2"); }, 1); })`;
  const { status, stderr } = spawnSync(process.execPath, ["--trace-warnings", "--import", `data:text/javascript,${encodeURIComponent(late)}`, join(APP, "bin/offstage.js"), "check"], { cwd: root, encoding: "utf8", env: { PATH: process.env["PATH"] } });
  expect(status).toBe(1);
  for (const part of ["Warning: early [redacted token]", "[redacted token] \\u001b[2J", "late [redacted token]", "error BUG"]) expect(stderr).toContain(part);
  expect(stderr).not.toMatch(/hunter2|\u001b/);
});

test("a Node that is too old is told so in plain words", () => {
  const { bin } = copyOfBin("apps/offstage");
  const result = run(bin, ["servers"], "20.19.4");
  expect(result.status).toBe(2);
  expect(result.stderr).toMatch(/^Offstage needs Node 22\.18 or later; this is v.*\nInstall a newer Node/);
  expect(run(bin, ["servers"], "22.17.9").status).toBe(2);
  expect(run(bin, ["--version"], "20.19.4").status).toBe(0);
});

test("in a clone that brings its own Node, the old one hands over, with the exit code", () => {
  const { bin, root } = copyOfBin("apps/offstage");
  mkdirSync(join(root, "node_modules/.bin"), { recursive: true });
  writeFileSync(join(root, "apps/offstage/src/main.ts"), "");
  writeFileSync(join(root, "node_modules/.bin/node"), '#!/bin/sh\nshift\necho "newer: $*"\nexit 3\n', { mode: 0o755 });
  expect(run(bin, ["plan", "x"], "20.19.4")).toMatchObject({ status: 3, stdout: "newer: plan x\n" });
});

test("the Node that was handed over to ends with the one that was started, killed or not: nobody would see it go on", async () => {
  const { bin, root } = copyOfBin("apps/offstage");
  mkdirSync(join(root, "node_modules/.bin"), { recursive: true });
  symlinkSync(process.execPath, join(root, "node_modules/.bin/node"));
  writeFileSync(join(root, "apps/offstage/src/main.ts"), "export const main = () => new Promise(() => { setInterval(() => {}, 1e6); console.log(process.pid); });");
  const started = spawn(process.execPath, [...claiming("20.19.4"), bin, "serve"], { stdio: ["ignore", "pipe", "inherit"], env: { PATH: process.env["PATH"] } });
  const [own] = (await once(started.stdout, "data")) as [Buffer];
  expect(Number(own)).not.toBe(started.pid);
  started.kill("SIGKILL");
  // Both hold its other end.
  const ended = await Promise.race([once(started, "close").then(() => true), new Promise((resolve) => setTimeout(resolve, 4_000, false))]);
  if (ended === false) process.kill(Number(own), "SIGKILL");
  expect(ended).toBe(true);
});

test("installed, the build is used even though sources are there", () => {
  const { bin, root } = copyOfBin("node_modules/@offstage/cli");
  const app = join(root, "node_modules/@offstage/cli");
  mkdirSync(join(app, "dist"));
  writeFileSync(join(app, "src/main.ts"), "throw new Error('the sources were loaded');");
  writeFileSync(join(app, "dist/main.js"), "export const main = async (argv) => { console.log(argv.join()); return 4; };");
  expect(run(bin, ["a", "b"])).toMatchObject({ status: 4, stdout: "a,b\n" });
});
