import { parse as parseToml } from "smol-toml";
import { expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { createTestProject } from "../testing/command-line.ts";
import { clientConfig, CONFIG_CLIENTS } from "./client-config.ts";

const STARTED = { node: "/opt/no de/bin/node", script: "/opt/off'stage.js", folder: "/home/ada/my $project" };
const COMMAND = STARTED.node;
const ARGS = [STARTED.script, "mcp", "--project", STARTED.folder];

/** What a client would start, as it reads its configuration. */
const READ: Readonly<Record<string, (text: string) => unknown>> = {
  claude: (text) => (JSON.parse(text) as { mcpServers: { offstage: unknown } }).mcpServers.offstage,
  vscode: (text) => (JSON.parse(text) as { servers: { offstage: unknown } }).servers.offstage,
  cursor: (text) => (JSON.parse(text) as { mcpServers: { offstage: unknown } }).mcpServers.offstage,
  codex: (text) => (parseToml(text) as { mcp_servers: { offstage: unknown } }).mcp_servers.offstage,
  goose: (text) => {
    const { cmd, args } = (parseYaml(text) as { extensions: { offstage: { cmd: string; args: string[] } } }).extensions.offstage;
    return { command: cmd, args };
  },
};

test.each(Object.entries(READ))("%s reads the command as it is, whatever its paths hold", (client, read) => {
  expect(read(clientConfig(client, STARTED).text)).toMatchObject({ command: COMMAND, args: ARGS });
});

test("for Claude Code it is a command that a shell takes as it is", () => {
  expect(clientConfig("claude-code", STARTED).text).toBe(`claude mcp add offstage -- '/opt/no de/bin/node' '/opt/off'\\''stage.js' mcp --project '/home/ada/my $project'`);
});

test("each says where it goes, and one that is not known is told what to start", async () => {
  expect(CONFIG_CLIENTS.toSorted()).toEqual([...Object.keys(READ), "claude-code"].toSorted());
  expect(CONFIG_CLIENTS.every((client) => clientConfig(client, STARTED).where !== "")).toBe(true);
  const project = createTestProject({ "mcp.json": '{"mcpServers":{}}' });
  try {
    expect(await project.run("mcp", "--print-config", "emacs")).toMatchObject({ code: 2, err: expect.stringContaining(`mcp --project ${project.folder}`) as string });
    expect(await project.run("mcp", "--print-config", "vscode")).toMatchObject({ code: 0, out: expect.stringContaining(project.folder) as string, err: expect.stringContaining(".vscode/mcp.json") as string });
  } finally {
    project.remove();
  }
});
