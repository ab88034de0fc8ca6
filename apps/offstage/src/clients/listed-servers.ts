import { inputsSchema, type DeclaredInput } from "../config/inputs.ts";
import type { ClientFormat } from "./client-files.ts";

/** A server as a client wrote it down; nothing is known of its entry yet. */
export interface ListedServer {
  readonly name: string;
  readonly entry: unknown;
  /** Another project's folder, for which Claude Code keeps it. */
  readonly project: string | null;
  readonly inputs: readonly DeclaredInput[];
}

/** More is no list of servers. */
const MOST = 300;

/** The servers of a client's file, in its order. Whatever has another shape than the client's is not there. `folder` is our project's. */
export function listedServers(data: unknown, format: ClientFormat, folder: string): readonly ListedServer[] {
  const list = (servers: unknown, inputs: readonly DeclaredInput[] = [], project: string | null = null): readonly ListedServer[] => Object.entries(record(servers)).slice(0, MOST).map(([name, entry]) => ({ name, entry, project, inputs }));
  const top = record(data);
  switch (format) {
    case "mcpServers":
    case "gemini":
      return list(top["mcpServers"]);
    case "vscode":
      return list(top["servers"], inputsOf(top["inputs"]));
    case "vscode-settings": {
      const mcp = record(top["mcp"]);
      return list(mcp["servers"], inputsOf(mcp["inputs"]));
    }
    case "zed":
      return list(top["context_servers"]);
    case "codex":
      return list(top["mcp_servers"]);
    case "claude-code": {
      const projects = Object.entries(record(top["projects"])).map(([project, settings]) => ({ project: project === folder ? null : project, servers: record(settings)["mcpServers"] }));
      const [ours, others] = [projects.filter(({ project }) => project === null), projects.filter(({ project }) => project !== null)];
      return [...ours.flatMap(({ servers }) => list(servers)), ...list(top["mcpServers"]), ...others.flatMap(({ servers, project }) => list(servers, [], project))].slice(0, MOST);
    }
  }
}

function inputsOf(value: unknown): readonly DeclaredInput[] {
  const parsed = inputsSchema.safeParse(value);
  return parsed.success ? parsed.data : [];
}

/** The members of an object; none for anything else. */
export function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
}
