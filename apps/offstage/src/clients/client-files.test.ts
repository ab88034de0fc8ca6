import { expect, test } from "vitest";
import { clientFiles } from "./client-files.ts";

function paths(platform: NodeJS.Platform, env: Readonly<Record<string, string>>): readonly string[] {
  return clientFiles(platform === "win32" ? "C:\\p" : "/p", { platform, env }).map(({ client, path }) => `${client} ${path}`);
}

test("the files of a project come first, and are all there is without a home", () => {
  expect(paths("linux", {})).toEqual(["claude-code /p/.mcp.json", "cursor /p/.cursor/mcp.json", "vscode /p/.vscode/mcp.json", "codex /p/.codex/config.toml", "gemini /p/.gemini/settings.json", "zed /p/.zed/settings.json"]);
});

test.each<[NodeJS.Platform, Readonly<Record<string, string>>, readonly string[]]>([
  ["linux", { HOME: "/home/ada" }, ["claude-code /home/ada/.claude.json", "claude-desktop /home/ada/.config/Claude/claude_desktop_config.json", "cursor /home/ada/.cursor/mcp.json", "vscode /home/ada/.config/Code/User/mcp.json", "windsurf /home/ada/.codeium/windsurf/mcp_config.json", "codex /home/ada/.codex/config.toml", "gemini /home/ada/.gemini/settings.json", "zed /home/ada/.config/zed/settings.json"]],
  ["linux", { HOME: "/home/ada", XDG_CONFIG_HOME: "/x", CODEX_HOME: "/c", CLAUDE_CONFIG_DIR: "/k" }, ["claude-code /k/.claude.json", "vscode /x/Code/User/settings.json", "codex /c/config.toml", "zed /x/zed/settings.json"]],
  ["darwin", { HOME: "/Users/ada" }, ["claude-desktop /Users/ada/Library/Application Support/Claude/claude_desktop_config.json", "vscode /Users/ada/Library/Application Support/Code/User/mcp.json", "zed /Users/ada/.config/zed/settings.json"]],
  ["win32", { USERPROFILE: "C:\\Users\\ada", APPDATA: "D:\\Roaming" }, ["claude-code C:\\Users\\ada\\.claude.json", "claude-desktop D:\\Roaming\\Claude\\claude_desktop_config.json", "cursor C:\\Users\\ada\\.cursor\\mcp.json", "vscode D:\\Roaming\\Code\\User\\mcp.json", "zed D:\\Roaming\\Zed\\settings.json"]],
])("on %s with %j each client is looked for where it keeps its config", (platform, env, expected) => {
  expect(paths(platform, env)).toEqual(expect.arrayContaining([...expected]));
});

test("a project that is the home has each file once, and people see where it is", () => {
  const files = clientFiles("/home/ada", { platform: "linux", env: { HOME: "/home/ada" } });
  expect(files.filter(({ path }) => path === "/home/ada/.cursor/mcp.json")).toHaveLength(1);
  expect(files.map(({ shown }) => shown)).toEqual(expect.arrayContaining([".cursor/mcp.json", "~/.codeium/windsurf/mcp_config.json"]));
});
