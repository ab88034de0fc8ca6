import { OffstageError } from "offstage/base";
import { stringify as yamlText } from "yaml";
import { shellWord } from "../command-line.ts";

/** How the command line is started: a client that a desktop starts has no PATH of a shell's, and neither have the servers that are started then. */
export interface StartedBy {
  readonly node: string;
  readonly script: string;
  /** The project, absolute. */
  readonly folder: string;
  /** Where the commands of its servers are found: PATH, as it is here. */
  readonly path: string;
}

/** What goes into a client's configuration, and where that is. */
export interface ClientConfig {
  readonly text: string;
  /** Also what to do with it, and how further variables are given. */
  readonly where: string;
}

type Printer = (command: string, args: readonly string[], env: Readonly<Record<string, string>>) => ClientConfig;

/** Seconds that a person may think while a call waits, and that a start may take: clients give up sooner by themselves. */
const [ASKED_SECONDS, START_SECONDS] = [3_600, 60];

const json = (value: unknown): string => JSON.stringify(value, null, 2);
const assigned = (env: Readonly<Record<string, string>>): readonly string[] => Object.entries(env).map(([name, value]) => `${name}=${value}`);
const MERGE = "Where the file is there already, put only `offstage` into it.";
const RESTART = "Then restart the client.";

/** By the client's name. */
const PRINTERS: Readonly<Record<string, Printer>> = {
  claude: (command, args, env) => ({ text: json({ mcpServers: { offstage: { command, args, env } } }), where: `For claude_desktop_config.json: Settings, Developer, Edit Config. ${MERGE} ${RESTART}` }),
  // Its name first: what follows `--env` is taken for one more variable, up to the next option.
  "claude-code": (command, args, env) => ({ text: ["claude", "mcp", "add", "offstage", ...assigned(env).flatMap((one) => ["--env", one]), "--", command, ...args].map(shellWord).join(" "), where: "A command for the shell, given in the folder that you chat in: it holds there alone. With --scope user after `add` it holds everywhere." }),
  vscode: (command, args, env) => ({ text: json({ servers: { offstage: { type: "stdio", command, args, env } } }), where: `For .vscode/mcp.json of the folder that you chat in. ${MERGE} Then start it there, by the line above its name.` }),
  cursor: (command, args, env) => ({ text: json({ mcpServers: { offstage: { command, args, env } } }), where: `For .cursor/mcp.json of the folder that you chat in, or ~/.cursor/mcp.json for all. ${MERGE} ${RESTART}` }),
  codex: (command, args, env) => ({ text: ["[mcp_servers.offstage]", `command = ${JSON.stringify(command)}`, `args = ${JSON.stringify(args)}`, `env = { ${Object.entries(env).map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(", ")} }`, `startup_timeout_sec = ${START_SECONDS}`, `tool_timeout_sec = ${ASKED_SECONDS}`].join("\n"), where: `For the end of ~/.codex/config.toml. ${RESTART}` }),
  // It takes no PATH from its configuration: `env` sets it.
  goose: (command, args, env) => ({ text: yamlText({ extensions: { offstage: { type: "stdio", name: "offstage", enabled: true, cmd: "env", args: [...assigned(env), command, ...args], envs: {}, timeout: ASKED_SECONDS } } }, { lineWidth: 0 }).trimEnd(), where: `For ~/.config/goose/config.yaml, below its \`extensions\`. ${RESTART}` }),
};

/** The clients that are known. */
export const CONFIG_CLIENTS: readonly string[] = Object.keys(PRINTERS);

/** What a client needs to start `offstage mcp` for a project. Errors: `USAGE` for a client that is not known. */
export function clientConfig(client: string, { node, script, folder, path }: StartedBy): ClientConfig {
  const printer = Object.hasOwn(PRINTERS, client) ? PRINTERS[client] : undefined;
  if (printer === undefined) throw new OffstageError("USAGE", `How ${client} is configured is not known here.`, { hint: `Known are ${CONFIG_CLIENTS.join(", ")}. Any other client starts, with the PATH that you have: ${[node, script, "mcp", "--project", folder].map(shellWord).join(" ")}` });
  return printer(node, [script, "mcp", "--project", folder], { PATH: path });
}
