import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startChatOver } from "../apps/offstage/src/testing/chat.ts";
import { createDeskProject, type DeskProject } from "../apps/offstage/src/testing/desk-project.ts";
import { freePort } from "../packages/runtime/src/testing/free-port.ts";

// What npm would put on the machine of whoever installs Offstage: the packed packages, beside their dependencies, and nothing of the clone.

const ROOT = join(import.meta.dirname, "..");
/** What a unit of systemd gives to a program, as far as it matters. */
const ENV = { PATH: process.env["PATH"], HOME: "/nonexistent", LANG: "C.UTF-8" };

let place: string;
let bin: string;
let desk: DeskProject;

function link(folder: string): void {
  for (const entry of readdirSync(folder)) {
    if (entry.startsWith(".") || entry === "offstage" || entry === "@offstage") continue;
    const at = join(place, "node_modules", basename(entry));
    rmSync(at, { recursive: true, force: true });
    symlinkSync(join(folder, entry), at);
  }
}

beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), "offstage-packed-"));
  execFileSync(join(ROOT, "node_modules/.bin/tsc"), ["-b", "packages/runtime", "apps/offstage"], { cwd: ROOT, stdio: "ignore" });
  mkdirSync(join(place, "node_modules"));
  for (const folder of ["node_modules", "packages/runtime/node_modules", "apps/offstage/node_modules"]) link(join(ROOT, folder));
  for (const [from, name] of [["packages/runtime", "offstage"], ["apps/offstage", "@offstage/cli"]] as const) {
    const to = join(place, "node_modules", name);
    mkdirSync(to, { recursive: true });
    const [{ filename }] = JSON.parse(execFileSync("npm", ["pack", "--json", "--pack-destination", place], { cwd: join(ROOT, from), encoding: "utf8" })) as [{ readonly filename: string }];
    execFileSync("tar", ["-xzf", join(place, filename), "-C", to, "--strip-components=1"]);
  }
  bin = join(place, "node_modules/@offstage/cli/bin/offstage.js");
  desk = await createDeskProject();
}, 180_000);
afterAll(() => {
  rmSync(place, { recursive: true, force: true });
  desk.remove();
});

function offstage(...argv: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bin, ...argv], { cwd: desk.folder, encoding: "utf8", env: ENV });
  return { status, out: stdout, err: stderr };
}

function edit(says: string): void {
  desk.write("workflows/beat.ts", `import { every, once, workflow } from "offstage";\nimport { desk } from "#servers";\nexport default workflow({ name: "beat", on: [every("1s")], limits: { writes: 5 } }, async ({ run }) => { await once(run.id, () => desk.say({ text: "${says}" })); });\n`);
}

test("what is packed serves a chat, with what it reads of the language", async () => {
  const chat = spawn(process.execPath, [bin, "mcp"], { cwd: desk.folder, env: ENV, stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  chat.stdout.setEncoding("utf8").on("data", (text: string) => (said += text));
  const send = (message: object): boolean => chat.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  send({ id: 1, method: "initialize", params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "packed", version: "1" } } });
  send({ method: "notifications/initialized" });
  for (const [id, name] of ["language", "language/full", "example/keep"].entries()) send({ id: id + 2, method: "tools/call", params: { name: "read", arguments: { name } } });
  await vi.waitFor(() => expect(said.trim().split("\n")).toHaveLength(4), { timeout: 30_000, interval: 50 });
  expect(said).toContain("The workflow language, in short");
  expect(said).not.toContain('"isError":true');
  const ended = once(chat, "exit");
  chat.stdin.end();
  expect(await ended).toEqual([0, null]);
}, 60_000);

test("what is packed checks and makes a run, and a service of it takes edits", async () => {
  edit("first");
  expect(offstage("check")).toMatchObject({ status: 0 });
  expect(offstage("run", "announce")).toMatchObject({ status: 0, out: expect.stringContaining("2 writes") as string });
  expect(offstage("doctor", "--connect")).toMatchObject({ status: 0 });
  const served = spawn(process.execPath, [bin, "serve", "beat"], { cwd: desk.folder, env: ENV, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  served.stderr.setEncoding("utf8").on("data", (text: string) => (said += text));
  const until = (look: () => void): Promise<void> => vi.waitFor(look, { timeout: 30_000, interval: 50 });
  try {
    await until(() => expect(desk.state().said).toContain("first"));
    edit("second");
    await until(() => expect(desk.state().said).toContain("second"));
    expect(said).toContain("reloaded workflows/beat.ts");
    const ended = once(served, "exit");
    served.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  } finally {
    served.kill("SIGKILL");
  }
}, 120_000);

test("a service of what is packed lets a chat in, whose desk is a process of what is packed too", async () => {
  const [port, token, settings] = [await freePort(), "operator-0123456789abcdef", desk.read("offstage.yaml")];
  desk.write("offstage.yaml", `${settings}serve: { listen: "127.0.0.1:${port}", mcp: true, api: { tokens: [{ name: ada, role: operator, token: "\${env:ADA}" }] } }\n`);
  const served = spawn(process.execPath, [bin, "serve", "tickets"], { cwd: desk.folder, env: { ...ENV, ADA: token }, stdio: "ignore" });
  try {
    await vi.waitUntil(async () => (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.status === 200, { timeout: 30_000, interval: 50 });
    const chat = await startChatOver(`http://127.0.0.1:${port}/mcp`, { token });
    expect(await chat.call("check", { workflow: "announce" })).toMatchObject({ failed: false, text: expect.stringContaining("announce: checks") as string });
    expect(await chat.call("plan", { workflow: "announce" })).toMatchObject({ failed: false });
    await chat.close();
    const ended = once(served, "exit");
    served.kill("SIGTERM");
    expect(await ended).toEqual([0, null]);
  } finally {
    served.kill("SIGKILL");
    desk.write("offstage.yaml", settings);
  }
}, 120_000);
