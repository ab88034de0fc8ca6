import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createWatchedPool } from "../../testing/workshop.ts";
import type { ServerConfig } from "../server-config.ts";
import type { ServerSandbox } from "./server-sandbox.ts";

// Where there is no sandbox. What it does where there is one: `npm run test:sandbox`.

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "offstage-no-sandbox-"));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a server that would leave a file, with nothing but these programs to be found. */
async function start(sandbox: Partial<ServerSandbox>, ...programs: readonly string[]): Promise<unknown> {
  for (const program of programs) symlinkSync(program === "which" ? "/usr/bin/which" : "/bin/true", join(folder, program));
  const server: ServerConfig = { name: "s", kind: "stdio", command: process.execPath, args: ["-e", `require("fs").writeFileSync("ran", "")`], env: {}, cwd: folder, sandbox: { hidden: [], read: [], readable: [], entrywise: [], guarded: [], write: [], writable: [], hosts: [], ...sandbox } };
  vi.stubEnv("TMPDIR", folder);
  const { pool } = createWatchedPool([server], { inheritedEnv: { PATH: folder, HOME: folder } });
  try {
    return await pool.session("s").catch((error: unknown) => error);
  } finally {
    await pool.close();
    expect(existsSync(join(folder, "ran"))).toBe(false);
    expect(readdirSync(folder).filter((name) => name.startsWith("offstage-sandbox-"))).toEqual([]);
  }
}

test("without bubblewrap a server is not started, and what to install is said", async () => {
  expect(await start({})).toMatchObject({
    code: "SANDBOX_UNAVAILABLE",
    message: expect.stringMatching(/^The MCP server "s" cannot be sandboxed here, and is not started without: .*bubblewrap/) as string,
    hint: expect.stringContaining("apt-get install bubblewrap socat ripgrep") as string,
  });
});

test("a folder that it may write and that is not there is said", async () => {
  expect(await start({ write: [join(folder, "data")] })).toMatchObject({ code: "SANDBOX_UNAVAILABLE", message: expect.stringContaining(`${folder}/data, which it may write, does not exist`) as string });
});

test("a folder that it may write and in whose place is a link is not followed", async () => {
  symlinkSync("/", join(folder, "data"));
  expect(await start({ write: [join(folder, "data/usr")] })).toMatchObject({ code: "SANDBOX_UNAVAILABLE", message: expect.stringContaining(`${folder}/data/usr, which it may write, is, or is behind, a link to /usr.`) as string });
});

test("a sandbox that ends before the server runs is no server", async () => {
  expect(await start({}, "which", "bwrap", "socat", "rg")).toMatchObject({ code: "SANDBOX_UNAVAILABLE", message: expect.stringContaining("bridge sockets") as string });
});
