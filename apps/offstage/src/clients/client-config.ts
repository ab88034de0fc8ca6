import { OffstageError } from "offstage/base";
import { stringify as yamlText } from "yaml";
import { shellWord } from "../command-line.ts";

/** How the command line is started: a client that a desktop starts has no PATH of a shell's. */
export interface StartedBy {
  readonly node: string;
  readonly script: string;
  /** The project, absolute. */
  readonly folder: string;
}

/** What goes into a client's configuration, and where that is. */
export interface ClientConfig {
  readonly text: string;
  readonly where: string;
}

type Printer = (command: string, args: readonly string[]) => ClientConfig;

const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** By the client's name. */
const PRINTERS: Readonly<Record<string, Printer>> = {
  claude: (command, args) => ({ text: json({ mcpServers: { offstage: { command, args } } }), where: "For claude_desktop_config.json: Settings, Developer, Edit Config." }),
  "claude-code": (command, args) => ({ text: ["claude", "mcp", "add", "offstage", "--", command, ...args].map(shellWord).join(" "), where: "A command for the shell." }),
  vscode: (command, args) => ({ text: json({ servers: { offstage: { type: "stdio", command, args } } }), where: "For .vscode/mcp.json." }),
  cursor: (command, args) => ({ text: json({ mcpServers: { offstage: { command, args } } }), where: "For .cursor/mcp.json in the project, or ~/.cursor/mcp.json." }),
  codex: (command, args) => ({ text: `[mcp_servers.offstage]\ncommand = ${JSON.stringify(command)}\nargs = ${JSON.stringify(args)}`, where: "For ~/.codex/config.toml." }),
  goose: (command, args) => ({ text: yamlText({ extensions: { offstage: { type: "stdio", name: "offstage", enabled: true, cmd: command, args, timeout: 600 } } }).trimEnd(), where: "For ~/.config/goose/config.yaml." }),
};

/** The clients that are known. */
export const CONFIG_CLIENTS: readonly string[] = Object.keys(PRINTERS);

/** What a client needs to start `offstage mcp` for a project. Errors: `USAGE` for a client that is not known. */
export function clientConfig(client: string, { node, script, folder }: StartedBy): ClientConfig {
  const printer = Object.hasOwn(PRINTERS, client) ? PRINTERS[client] : undefined;
  if (printer === undefined) throw new OffstageError("USAGE", `How ${client} is configured is not known here.`, { hint: `Known are ${CONFIG_CLIENTS.join(", ")}. Any other client starts: ${[node, script, "mcp", "--project", folder].map(shellWord).join(" ")}` });
  return printer(node, [script, "mcp", "--project", folder]);
}
