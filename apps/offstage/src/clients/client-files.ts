import { posix, win32 } from "node:path";
import type { Environment } from "../config/environment.ts";

/** How a client writes its servers down. */
export type ClientFormat = "mcpServers" | "claude-code" | "vscode" | "vscode-settings" | "gemini" | "zed" | "codex";

/** One file in which another MCP client keeps servers. */
export interface ClientFile {
  /** What `--import` calls the client. */
  readonly client: string;
  readonly format: ClientFormat;
  /** Absolute. */
  readonly path: string;
  /** For people: below the project's folder or `~` where it is. */
  readonly shown: string;
}

/** The machine, as far as clients look at it for where their configs are. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly env: Environment;
}

/** Every file in which a client may keep servers for this project or this user, those of the project first. They need not exist. */
export function clientFiles(folder: string, machine: Machine): readonly ClientFile[] {
  const { join } = machine.platform === "win32" ? win32 : posix;
  const inProject = (client: string, format: ClientFormat, ...parts: readonly string[]): ClientFile => ({ client, format, path: join(folder, ...parts), shown: parts.join("/") });
  const project = [
    inProject("claude-code", "mcpServers", ".mcp.json"),
    inProject("cursor", "mcpServers", ".cursor", "mcp.json"),
    inProject("vscode", "vscode", ".vscode", "mcp.json"),
    inProject("codex", "codex", ".codex", "config.toml"),
    inProject("gemini", "gemini", ".gemini", "settings.json"),
    inProject("zed", "zed", ".zed", "settings.json"),
  ];
  return [...project, ...ofUser(machine, join)].filter((file, index, all) => all.findIndex(({ path }) => path === file.path) === index);
}

function ofUser({ platform, env }: Machine, join: (...parts: string[]) => string): readonly ClientFile[] {
  const home = env["HOME"] ?? env["USERPROFILE"];
  if (home === undefined || home === "") return [];
  const applications = platform === "darwin" ? join(home, "Library", "Application Support") : platform === "win32" ? (env["APPDATA"] ?? join(home, "AppData", "Roaming")) : (env["XDG_CONFIG_HOME"] ?? join(home, ".config"));
  // Zed keeps to ~/.config on macOS too.
  const zed = platform === "win32" ? join(applications, "Zed") : join(platform === "darwin" ? join(home, ".config") : applications, "zed");
  const file = (client: string, format: ClientFormat, folder: string, ...parts: readonly string[]): ClientFile => {
    const path = join(folder, ...parts);
    return { client, format, path, shown: path.startsWith(home) ? `~${path.slice(home.length).replaceAll("\\", "/")}` : path };
  };
  return [
    file("claude-code", "claude-code", env["CLAUDE_CONFIG_DIR"] ?? home, ".claude.json"),
    file("claude-desktop", "mcpServers", applications, "Claude", "claude_desktop_config.json"),
    file("cursor", "mcpServers", home, ".cursor", "mcp.json"),
    file("vscode", "vscode", applications, "Code", "User", "mcp.json"),
    file("vscode", "vscode-settings", applications, "Code", "User", "settings.json"),
    file("vscode-insiders", "vscode", applications, "Code - Insiders", "User", "mcp.json"),
    file("windsurf", "mcpServers", home, ".codeium", "windsurf", "mcp_config.json"),
    file("codex", "codex", env["CODEX_HOME"] ?? join(home, ".codex"), "config.toml"),
    file("gemini", "gemini", home, ".gemini", "settings.json"),
    file("zed", "zed", zed, "settings.json"),
  ];
}
