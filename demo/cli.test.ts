import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createCli } from "./cli.ts";
import type { Cli } from "./cli.ts";
import { findMarked } from "./leftovers.ts";

// Stands in for the command line: says that it runs, starts a server of its own process group as the real one does, and waits.
const STAND_IN = `
import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
const [file, manners] = process.argv.slice(2);
if (manners === "ends") process.exit(3);
const server = "setInterval(() => {}, 1000); process.stdin.on('end', () => process.exit()).resume();";
spawn(process.execPath, ["-e", manners === "stubborn-server" ? "setInterval(() => {}, 1000)" : server], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
process.on("SIGINT", () => manners !== "deaf" && process.exit(130));
writeFileSync(file, "");
setInterval(() => {}, 1000);
`;

let dir: string;
let mark: string;
let cli: Cli;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "offstage-cli-"));
  mark = randomUUID();
  const bin = join(dir, "stand-in.mjs");
  writeFileSync(bin, STAND_IN);
  cli = createCli({ mark, bin });
});
afterEach(async () => {
  await cli.stop();
  rmSync(dir, { recursive: true });
});

async function start(manners: string): Promise<ReturnType<Cli["start"]>> {
  const ready = join(dir, "ready");
  const command = cli.start([ready, manners]);
  await expect.poll(() => existsSync(ready), { timeout: 10_000 }).toBe(true);
  return command;
}

describe("a command of the demo", () => {
  it("ends with its exit code", async () => {
    expect(await cli.start(["unused", "ends"]).ended).toEqual({ code: 3, signal: null });
  });

  it("is ended in good order by stop, its server too", async () => {
    const command = await start("polite");
    expect(findMarked(mark)).toHaveLength(2);
    await cli.stop();
    expect(await command.ended).toEqual({ code: 130, signal: null });
    expect(findMarked(mark)).toEqual([]);
  });

  it("is killed without a handler running; its server notices", async () => {
    const command = await start("polite");
    command.kill();
    expect(await command.ended).toEqual({ code: null, signal: "SIGKILL" });
    await expect.poll(() => findMarked(mark)).toEqual([]);
  });

  it("leaves nothing even when its server does not notice", async () => {
    const command = await start("stubborn-server");
    command.kill();
    await command.ended;
    expect(findMarked(mark)).toHaveLength(1);
    await cli.stop();
    expect(findMarked(mark)).toEqual([]);
  });
});
