import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Emulators } from "./emulators.ts";
import { createDemoProject } from "./project.ts";

const emulators = {
  github: { url: "http://127.0.0.1:1", token: "token-of-github" },
  jira: { url: "http://127.0.0.1:2", email: "a@b.example", token: "token-of-jira" },
} as unknown as Pick<Emulators, "github" | "jira">;

let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "offstage-project-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

/** A profile's rules for the search, without remarks, since those may differ. */
function searchRulesOf(path: string): string {
  const text = readFileSync(new URL(path, import.meta.url), "utf8").replaceAll(/^ *\/\/.*\n/gm, "");
  return /^ {2}jira_search: \[$[^]*?^ {2}\],$/m.exec(text)?.[0] ?? "none";
}

describe("the demo project", () => {
  it("says of Jira's search what the shipped profile says, but for a shorter lag", () => {
    const shipped = searchRulesOf("../packages/runtime/profiles/jira.ts");
    const expected = shipped.replace(/lag: "2m",(\s+pages)/, 'lag: "2s",$1');
    expect(expected).not.toBe(shipped);
    expect(searchRulesOf("project/profiles/jira.ts")).toBe(expected);
  });

  it("has an mcp.json that works from anywhere and holds no secret", () => {
    const project = createDemoProject({ dir: join(dir, "p"), emulators, mark: "m" });
    const text = readFileSync(join(project.dir, "mcp.json"), "utf8");
    const { mcpServers } = JSON.parse(text) as { mcpServers: Record<"github" | "jira", { args: string[]; env: Record<string, string> }> };
    expect(text).not.toMatch(/token-of|\$\{env:/);
    expect([...mcpServers.github.args, ...mcpServers.jira.args].every((arg) => isAbsolute(arg) && existsSync(arg))).toBe(true);
    expect(mcpServers.github.env).toMatchObject({ GITHUB_API_URL: "http://127.0.0.1:1", NODE_OFFSTAGE_DEMO: "m" });
    const token = /^\$\{file:(.*)\}$/.exec(mcpServers.jira.env["JIRA_API_TOKEN"] ?? "")?.[1] ?? "";
    expect(readFileSync(token, "utf8")).toBe("token-of-jira\n");
    expect(statSync(token).mode & 0o777).toBe(0o600);
  });

  it("replaces an earlier one, and nothing else", () => {
    const target = join(dir, "p");
    createDemoProject({ dir: target, emulators });
    writeFileSync(join(target, "old"), "");
    createDemoProject({ dir: target, emulators });
    expect(existsSync(join(target, "old"))).toBe(false);
    mkdirSync(join(dir, "mine"));
    expect(() => createDemoProject({ dir: join(dir, "mine"), emulators })).toThrow("is not an earlier demo project");
  });
});
