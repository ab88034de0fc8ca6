import { type Catalogue, EMPTY_LOCK, type Lock, printLock, withServer } from "offstage/tools";
import { afterEach, expect, test } from "vitest";
import { parseSettings } from "../config/settings.ts";
import { pinServer } from "../project/pin-server.ts";
import { createTestProject, type TestProject } from "../testing/command-line.ts";

// What check says of a lock, starting nothing.

const FILES = "@modelcontextprotocol/server-filesystem";
let project: TestProject;
afterEach(() => project.remove());

function locked(sources: Readonly<Record<string, string>>): string {
  const parsed = parseSettings(null, "/");
  if (!parsed.ok) throw new Error("no settings are good settings");
  const catalogue = (server: string): Catalogue => ({ server, info: { name: server, version: "1" }, protocol: { era: "legacy", revision: "2025-11-25" }, tools: new Map([["look", { name: "look", inputSchema: { type: "object", properties: {} } }]]) });
  return printLock(Object.entries(sources).reduce((lock: Lock, [server, source]) => withServer(lock, server, pinServer(catalogue(server), source, null, parsed.settings)), EMPTY_LOCK));
}

const npx = (source: string) => ({ command: "npx", args: ["-y", source], env: { KEY: "${env:NOT_THERE}" } });

test("a server of another version than it was locked with is told, without its secrets and without starting it; one as it was locked, or that is not installed here, is not", async () => {
  project = createTestProject({
    "offstage.lock": locked({ desk: "acme-desk@1.4.0", same: "acme-same@2.0.0", away: "acme-away@3.0.0" }),
    "mcp.json": JSON.stringify({ mcpServers: { desk: npx("acme-desk@2.0.0"), same: npx("acme-same@2.0.0"), away: { command: "acme-away" } } }),
  });
  const { code, out } = await project.run("check");
  expect(code).toBe(0);
  expect(out).toContain("offstage.lock:1:1 warning LOCK_BEHIND desk is now acme-desk@2.0.0, and offstage.lock was made with acme-desk@1.4.0.\n  hint: Run `offstage lock` and review what changes; or name in mcp.json what was locked.\n");
  expect(out.match(/LOCK_BEHIND/g)).toHaveLength(1);
});

test("where a run would be refused for it, the workflow does not check", async () => {
  project = createTestProject({
    "offstage.lock": locked({ files: `${FILES}@2026.8.31` }),
    "mcp.json": JSON.stringify({ mcpServers: { files: npx(`${FILES}@2025.8.21`) } }),
    "workflows/uses.ts": 'import { workflow } from "offstage";\nimport { files } from "#servers";\n\nexport default workflow({ name: "uses", on: [] }, async () => {\n  await files.look({});\n});\n',
    "workflows/alone.ts": 'import { workflow } from "offstage";\n\nexport default workflow({ name: "alone", on: [] }, async () => 1);\n',
  });
  const { code, out } = await project.run("check", "uses");
  expect(code).toBe(2);
  expect(out).toContain(`offstage.lock:1:1 error LOCK_INVALID files is now ${FILES}@2025.8.21, and offstage.lock was made with ${FILES}@2026.8.31: offstage/profiles/filesystem.ts`);
  expect(out).not.toContain("LOCK_BEHIND");
  expect(await project.run("check", "alone")).toMatchObject({ code: 0, out: "alone: checks; uses no tools\n" });
});

test("a profile that was begun and not finished is told in one line, to whoever checks what uses it", async () => {
  const profile = ['import { profile } from "offstage";', 'import { desk } from "#servers";', "", "// TODO: by whom?", 'export default profile<typeof desk>("acme-desk@1", {', "  look: [", "    // TODO: a hint: the server calls it read-only. Confirm that no arguments make it write.", '    { effect: "read" },', "  ],", "});", ""];
  project = createTestProject({
    "offstage.lock": locked({ desk: "acme-desk@1.4.0" }),
    "mcp.json": JSON.stringify({ mcpServers: { desk: npx("acme-desk@1.4.0") } }),
    "profiles/desk.ts": profile.join("\n"),
  });
  const { out } = await project.run("check");
  expect(out).toContain("profiles/desk.ts:4:1 warning PROFILE_UNSETTLED 1 read rests on the server's word alone, 1 other TODO is open: settle them in the profile, then `offstage lock`.");
  project.write("profiles/desk.ts", profile.filter((line) => !line.includes("TODO")).join("\n"));
  expect((await project.run("check")).out).not.toContain("PROFILE_UNSETTLED");
});
