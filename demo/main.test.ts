import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { findMarked } from "./leftovers.ts";
import { ownFiles, spawnDemo } from "./spawn-demo.ts";

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "offstage-main-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

describe("npm run demo", () => {
  it("leaves no process and no file of its own after Ctrl-C", async () => {
    const project = join(dir, "project");
    let told = false;
    const { code } = await spawnDemo(dir, ["--dir", project], (output, interrupt) => {
      if (told || !output.includes("npx offstage lock")) return;
      told = true;
      interrupt();
    });
    expect(code).toBe(130);
    const { mcpServers } = JSON.parse(readFileSync(join(project, "mcp.json"), "utf8")) as { mcpServers: { jira: { env: Record<string, string> } } };
    const mark = mcpServers.jira.env["NODE_OFFSTAGE_DEMO"] ?? "";
    expect(mark).toMatch(/^demo-\d+-\d+$/);
    expect(findMarked(mark)).toEqual([]);
    expect(ownFiles(dir)).toEqual([]);
  });

  it("refuses a folder that is not its own, and options that it does not know", async () => {
    expect(await spawnDemo(dir, ["--dir", dir])).toMatchObject({ code: 1, output: expect.stringContaining("is not an earlier demo project") as string });
    expect(await spawnDemo(dir, ["--nothing"])).toMatchObject({ code: 2, output: expect.stringContaining("--non-interactive") as string });
    expect(await spawnDemo(dir, ["--help"])).toMatchObject({ code: 0, output: expect.stringContaining("--keep") as string });
  });
});
