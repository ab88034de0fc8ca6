import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findMarked } from "./leftovers.ts";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "offstage-main-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs the demo; `onOutput` sees all of its output so far and may interrupt it, or stop reading. */
async function demo(args: readonly string[], onOutput: (output: string, interrupt: () => void, leave: () => void) => void = () => undefined): Promise<Ended> {
  const main = fileURLToPath(new URL("main.ts", import.meta.url));
  const child = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, TMPDIR: dir } });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      output += chunk.toString();
      onOutput(output, () => child.kill("SIGINT"), () => child.stdout.destroy());
    });
  }
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

/** What the demo made besides the project. Node keeps a compile cache of the command line there too. */
function ownFiles(): readonly string[] {
  return readdirSync(dir).filter((name) => name.startsWith("offstage-demo-"));
}

describe("npm run demo", () => {
  it("leaves no process and no file of its own after Ctrl-C", async () => {
    const project = join(dir, "project");
    let told = false;
    const { code } = await demo(["--dir", project], (output, interrupt) => {
      if (told || !output.includes("npx offstage lock")) return;
      told = true;
      interrupt();
    });
    expect(code).toBe(130);
    const { mcpServers } = JSON.parse(readFileSync(join(project, "mcp.json"), "utf8")) as { mcpServers: { jira: { env: Record<string, string> } } };
    const mark = mcpServers.jira.env["NODE_OFFSTAGE_DEMO"] ?? "";
    expect(mark).toMatch(/^demo-\d+-\d+$/);
    expect(findMarked(mark)).toEqual([]);
    expect(ownFiles()).toEqual([]);
  });

  it("ends in good order when nobody reads its output any more", async () => {
    const { code } = await demo(["--dir", join(dir, "project")], (output, _, leave) => {
      if (output.includes("Two services")) leave();
    });
    expect(code).toBe(141);
    expect(ownFiles()).toEqual([]);
  });

  it("refuses a folder that is not its own, and options that it does not know", async () => {
    expect(await demo(["--dir", dir])).toMatchObject({ code: 1, output: expect.stringContaining("is not an earlier demo project") as string });
    expect(await demo(["--nothing"])).toMatchObject({ code: 2, output: expect.stringContaining("--non-interactive") as string });
    expect(await demo(["--help"])).toMatchObject({ code: 0, output: expect.stringContaining("--keep") as string });
  });
});
