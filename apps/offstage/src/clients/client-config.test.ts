import { parse as parseToml } from "smol-toml";
import { expect, test } from "vitest";
import { parse as parseYaml } from "yaml";
import { createTestProject } from "../testing/command-line.ts";
import { clientConfig, CONFIG_CLIENTS } from "./client-config.ts";

const STARTED = { node: "/opt/no de/bin/node", script: "/opt/off'stage.js", folder: "/home/ada/my $project", path: "/opt/no de/bin:/usr/bin" };
const COMMAND = STARTED.node;
const ARGS = [STARTED.script, "mcp", "--project", STARTED.folder];

/** What a client would start, as it reads its configuration. */
const READ: Readonly<Record<string, (text: string) => unknown>> = {
  claude: (text) => (JSON.parse(text) as { mcpServers: { offstage: unknown } }).mcpServers.offstage,
  vscode: (text) => (JSON.parse(text) as { servers: { offstage: unknown } }).servers.offstage,
  cursor: (text) => (JSON.parse(text) as { mcpServers: { offstage: unknown } }).mcpServers.offstage,
  codex: (text) => (parseToml(text) as { mcp_servers: { offstage: unknown } }).mcp_servers.offstage,
  goose: (text) => {
    const { cmd, args: [path, command, ...args], timeout } = (parseYaml(text) as { extensions: { offstage: { cmd: string; args: string[]; timeout: number } } }).extensions.offstage;
    return { command, args, env: { [cmd === "env" ? "PATH" : ""]: path?.replace("PATH=", "") }, timeout };
  },
};

test.each(Object.entries(READ))("%s reads the command as it is, whatever its paths hold", (client, read) => {
  expect(read(clientConfig(client, STARTED).text)).toMatchObject({ command: COMMAND, args: ARGS, env: { PATH: STARTED.path } });
});

test("a client that gives up soon is told to wait: a person is asked", () => {
  expect(READ["codex"]?.(clientConfig("codex", STARTED).text)).toMatchObject({ startup_timeout_sec: 60, tool_timeout_sec: 3600 });
  expect(READ["goose"]?.(clientConfig("goose", STARTED).text)).toMatchObject({ timeout: 3600 });
});

test("for Claude Code it is a command that a shell takes as it is", () => {
  expect(clientConfig("claude-code", STARTED).text).toBe(`claude mcp add offstage --env 'PATH=/opt/no de/bin:/usr/bin' -- '/opt/no de/bin/node' '/opt/off'\\''stage.js' mcp --project '/home/ada/my $project'`);
});

test("each says where it goes, and one that is not known is told what to start", async () => {
  expect(CONFIG_CLIENTS.toSorted()).toEqual([...Object.keys(READ), "claude-code"].toSorted());
  expect(CONFIG_CLIENTS.every((client) => clientConfig(client, STARTED).where !== "")).toBe(true);
  const project = createTestProject({ "mcp.json": '{"mcpServers":{}}' });
  try {
    expect(await project.run("mcp", "--print-config", "emacs")).toMatchObject({ code: 2, err: expect.stringContaining(`mcp --project ${project.folder}`) as string });
    expect(await project.run("mcp", "--print-config", "vscode")).toMatchObject({ code: 0, out: expect.stringContaining(project.folder) as string, err: expect.stringContaining(".vscode/mcp.json") as string });
    expect(await project.run("mcp", "--print-config", "claude")).toMatchObject({ code: 0, err: expect.stringContaining(`First name its servers in mcp.json, and give: offstage lock`) as string });
    project.write("mcp.json", JSON.stringify({ mcpServers: { one: { command: "none", env: { TOKEN: "${env:ONE_TOKEN}", HOME: "${HOME}", ZONE: "${env:ZONE:-utc}" } } } }));
    const { out, err } = await project.run("mcp", "--print-config", "claude");
    expect([JSON.parse(out), err]).toEqual([{ mcpServers: { offstage: expect.objectContaining({ env: { PATH: process.env["PATH"] } }) as unknown } }, expect.stringMatching(/Its servers also need: ONE_TOKEN; put it beside PATH\.\nFirst give: offstage lock/)]);
  } finally {
    project.remove();
  }
});
