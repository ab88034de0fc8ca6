import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { createTestProject, type TestProject, workshopConfig } from "../testing/command-line.ts";
import { interrupted } from "../testing/interrupted.ts";

let project: TestProject;
beforeEach(() => {
  // Starts, and never says a word of the protocol: the handshake alone would be waited for a whole minute.
  project = createTestProject({ "mcp.json": JSON.stringify({ mcpServers: { mute: { command: process.execPath, args: ["-e", "console.error('here'); setInterval(() => {}, 1000)"] } } }) });
});
afterEach(() => project.remove());

const INTERRUPTED = { code: 130, out: "", err: expect.stringContaining("error CANCELLED: Interrupted.") as string };
const COMMANDS = [[["lock"]], [["servers"]], [["tools"]], [["call", "mute.say"]]];

test.each(COMMANDS)("Ctrl-C ends %j while a server keeps it waiting", async (argv) => {
  const started = (): Promise<void> => vi.waitFor(() => expect(existsSync(join(project.folder, ".offstage/logs/servers.log"))).toBe(true), 20_000);
  expect(await interrupted(project.folder, argv, started)).toMatchObject(INTERRUPTED);
});

test.each(["plan", "run"])("Ctrl-C ends a %s that waits for a server to start, and nothing was written", async (command) => {
  const mute = project.read("mcp.json");
  project.write("mcp.json", workshopConfig().replace('"workshop"', '"mute"'));
  project.write("workflows/hello.ts", 'import { once, workflow } from "offstage";\nimport { mute } from "#servers";\nexport default workflow({ name: "hello", on: [] }, async () => {\n  await once("hello", () => mute.echo({ text: "hello" }));\n});\n');
  expect((await project.run("lock")).code).toBe(0);
  project.write("mcp.json", mute);
  const log = join(project.folder, ".offstage/logs/servers.log");
  rmSync(log, { force: true });
  const ended = await interrupted(project.folder, [command, "hello"], () => vi.waitFor(() => expect(existsSync(log)).toBe(true), 20_000));
  expect(ended.code).toBe(130);
  expect((await project.run("resolve")).out).toBe("Nothing is open: every write is known to have happened or not.\n");
}, 60_000);

test.each(COMMANDS)("Ctrl-C that comes before %j has begun starts no server", async (argv) => {
  expect(await interrupted(project.folder, argv, null)).toMatchObject(INTERRUPTED);
  expect(existsSync(join(project.folder, ".offstage/logs/servers.log"))).toBe(false);
});
