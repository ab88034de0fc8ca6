import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { createRedactor } from "offstage/base";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseServers } from "../config/server-entry.ts";
import { type Finding, findServers, type FoundServer } from "./find-servers.ts";
import { entryForFile } from "./import-text.ts";

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "offstage-home-"));
  mkdirSync(join(home, "project"));
});
afterEach(() => {
  rmSync(home, { recursive: true, force: true });
});

function write(path: string, content: object | string): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), typeof content === "string" ? content : JSON.stringify(content));
}

function find(known: { readonly servers?: readonly string[]; readonly variables?: readonly string[] } = {}): Promise<Finding> {
  return findServers(join(home, "project"), { platform: "linux", env: { HOME: home } }, { servers: new Set(known.servers), variables: new Set(known.variables) }, createRedactor());
}

async function only(entry: object, path = ".cursor/mcp.json"): Promise<FoundServer> {
  write(path, { mcpServers: { x: entry } });
  const { servers, leftOut } = await find();
  if (servers[0] === undefined) throw new Error(`left out: ${JSON.stringify(leftOut)}`);
  return servers[0];
}

test("the servers of every client are found, each in its client's words", async () => {
  write("project/.mcp.json", { mcpServers: { here: { type: "stdio", command: "a", args: ["${ROOT:-.}", "${TOKEN}"] } } });
  write(".claude.json", { mcpServers: { user: { command: "b" } }, projects: { [join(home, "project")]: { mcpServers: { ours: { command: "c" } } }, "/other": { mcpServers: { theirs: { command: "d" } } } }, history: [1] });
  write(".config/Claude/claude_desktop_config.json", { mcpServers: { desktop: { command: "e", env: { LEVEL: "debug", PORT: 8080, GONE: null } } } });
  write(".vscode/ignored.json", {});
  write("project/.vscode/mcp.json", '{ // mine\n "inputs": [{ "id": "gh-token", "type": "promptString", "password": true }, { "id": "site", "type": "pickString", "options": ["eu"], "default": "eu" }],\n "servers": { "code": { "type": "http", "url": "https://x.example/${input:site}", "headers": { "Authorization": "Bearer ${input:gh-token}" } }, } }');
  write(".config/Code/User/settings.json", '{ "editor.x": 1, "mcp": { "servers": { "old": { "command": "f", "envFile": "${workspaceFolder}/.env" } } } } // end');
  write(".codeium/windsurf/mcp_config.json", { mcpServers: { wind: { serverUrl: "https://w.example/sse" } } });
  write(".codex/config.toml", '# mine\n[mcp_servers.codex]\ncommand = "g"\nenv_vars = ["GITHUB_TOKEN"]\n[mcp_servers.remote]\nurl = "https://c.example/mcp"\nbearer_token_env_var = "C_TOKEN"\nhttp_headers = { X-Team = "ops" }\n');
  write(".gemini/settings.json", { mcpServers: { gem: { httpUrl: "https://g.example/mcp", headers: { "X-Goog-Api-Key": "$GOOGLE_KEY" } } } });
  write(".config/zed/settings.json", '{ "context_servers": { "zed": { "command": { "path": "h", "args": ["-x"], "env": {} } }, "ext": { "source": "extension", "settings": {} } } }');
  const { servers, leftOut } = await find();
  expect(Object.fromEntries(servers.map((server) => [`${server.client} ${server.name}`, entryForFile(server)]))).toEqual({
    "claude-code here": { command: "a", args: ["${env:ROOT:-.}", "${env:TOKEN}"] },
    "vscode code": { type: "http", url: "https://x.example/${env:SITE:-eu}", headers: { Authorization: "Bearer ${env:GH_TOKEN}" } },
    "claude-code ours": { command: "c" },
    "claude-code user": { command: "b" },
    "claude-code theirs": { command: "d" },
    "claude-desktop desktop": { command: "e", env: { LEVEL: "debug", PORT: "8080" } },
    "vscode old": { command: "f", envFile: "${workspaceFolder}/.env" },
    "windsurf wind": { url: "https://w.example/sse" },
    "codex codex": { command: "g", env: { GITHUB_TOKEN: "${env:GITHUB_TOKEN}" } },
    "codex remote": { url: "https://c.example/mcp", headers: { "X-Team": "ops", Authorization: "Bearer ${env:C_TOKEN}" } },
    "gemini gem": { url: "https://g.example/mcp", headers: { "X-Goog-Api-Key": "${env:GOOGLE_KEY}" } },
    "zed zed": { command: "h", args: ["-x"] },
  });
  expect(servers.find(({ name }) => name === "theirs")?.files).toEqual(["~/.claude.json (/other)"]);
  expect(leftOut).toEqual([{ name: "ext", file: "~/.config/zed/settings.json", why: "an extension of Zed starts it" }]);
});

test("secrets become references, named for what they are, and what says where stays", async () => {
  const server = await only({
    command: "npx",
    args: ["-y", "x@1.2.3", "--api-key", "correct horse", "--token=correct", "-e", "DB_PASS=horse", "--header", "X-Auth: battery", "postgres://ada:staple@db.example/app", "--region", "eu-west-1"],
    env: { GITHUB_TOKEN: "short", API_KEY: "short", SITE: "https://acme.example", AUTH: "basic", HOOK: "https://h.example/a1B2c3D4e5F6g7H8i9", EMPTY_TOKEN: "" },
  });
  expect(entryForFile(server)).toEqual({
    command: "npx",
    args: ["-y", "x@1.2.3", "--api-key", "${env:X_API_KEY}", "--token=${env:X_TOKEN}", "-e", "DB_PASS=${env:X_DB_PASS}", "--header", "X-Auth: ${env:X_X_AUTH}", "${env:X_URL}", "--region", "eu-west-1"],
    env: { GITHUB_TOKEN: "${env:GITHUB_TOKEN}", API_KEY: "${env:X_API_KEY_2}", SITE: "https://acme.example", AUTH: "basic", HOOK: "${secret:HOOK}", EMPTY_TOKEN: "" },
  });
  expect(server.variables.map(({ name, place }) => `${name} ${place ?? ""}`)).toEqual(["X_API_KEY argument 4", "X_TOKEN argument 5", "X_DB_PASS argument 7", "X_X_AUTH argument 9", "X_URL argument 10", "GITHUB_TOKEN env GITHUB_TOKEN", "X_API_KEY_2 env API_KEY", "HOOK env HOOK"]);
});

test("two servers share a variable for the same secret, and have two for two; a name that is referred to is nobody's", async () => {
  write(".cursor/mcp.json", { mcpServers: { a: { command: "a", env: { GITHUB_TOKEN: "one" } }, b: { command: "b", env: { GITHUB_TOKEN: "one", NPM_TOKEN: "x" } }, c: { command: "c", env: { GITHUB_TOKEN: "two" } }, d: { command: "d", args: ["${NPM_TOKEN}"], env: { JIRA_TOKEN: "y" } } } });
  const { servers } = await find({ variables: ["JIRA_TOKEN"] });
  expect(servers.map(({ variables }) => variables.map(({ name }) => name))).toEqual([["GITHUB_TOKEN"], ["GITHUB_TOKEN", "B_NPM_TOKEN"], ["C_GITHUB_TOKEN"], ["NPM_TOKEN", "D_JIRA_TOKEN"]]);
});

test("a variable whose name a shell would take for more than a name is not imported: people copy what is to be set", async () => {
  for (const name of ["A=1;id;B", "A|id", "A`id`", "A>x", "-x", "A&id"]) {
    write(".cursor/mcp.json", { mcpServers: { x: { command: "a", env: { V: `\${env:${name}}` } } } });
    write(".codex/config.toml", `[mcp_servers.remote]\nurl = "https://c.example/mcp"\nbearer_token_env_var = ${JSON.stringify(name)}\n`);
    const { servers, leftOut } = await find();
    expect([name, servers, leftOut.map(({ why }) => why)]).toEqual([name, [], Array.from({ length: 2 }, () => "it holds a reference that Offstage does not know")]);
  }
  expect((await only({ command: "a", env: { V: "${env:ProgramFiles(x86)}" } })).variables).toEqual([{ name: "ProgramFiles(x86)", place: null }]);
});

test("what several clients have alike is one server; another one of its name is told, and so is one that the project has", async () => {
  write("project/.cursor/mcp.json", { mcpServers: { git: { command: "git-mcp" }, mine: { command: "m" } } });
  write(".cursor/mcp.json", { mcpServers: { git: { command: "git-mcp", icon: "x" } } });
  write(".codex/config.toml", '[mcp_servers.git]\ncommand = "other"\n');
  const { servers } = await find({ servers: ["mine"] });
  expect(servers.map(({ name, client, files, collides }) => [name, client, files, collides])).toEqual([["git", "cursor", [".cursor/mcp.json", "~/.cursor/mcp.json"], null], ["mine", "cursor", [".cursor/mcp.json"], "project"], ["git", "codex", ["~/.codex/config.toml"], "client"]]);
});

test("a name that workflows could not write is made one", async () => {
  write(".cursor/mcp.json", { mcpServers: { "Sequential Thinking!": { command: "a" }, "@acme/tools": { command: "b" }, "42": { command: "c" } } });
  const { servers, leftOut } = await find();
  expect([servers.map(({ name }) => name), leftOut]).toEqual([["Sequential-Thinking", "acme-tools"], [{ name: "42", file: "~/.cursor/mcp.json", why: "its name has no letter to begin with" }]]);
});

test.each<[string, object, string]>([
  ["no object", [1], "it has neither a command nor a URL"],
  ["a command that is none", { command: ["x"] }, "it has neither a command nor a URL"],
  ["arguments that are none", { command: "x", args: "y" }, "its arguments are no list"],
  ["an argument that is none", { command: "x", args: [{}] }, "a value in it is no text"],
  ["variables that are none", { command: "x", env: ["A=1"] }, "its variables or headers are no object"],
  ["a variable's name that is none", { command: "x", env: { "A\u001b[2J": "1" } }, "one of its variables or headers has a name that is none"],
  ["an endless value", { command: "x", args: ["y".repeat(10_000)] }, "a value in it has more than 8192 characters"],
  ["endless arguments", { command: "x", args: Array(500).fill("y") }, "it has more than 200 arguments"],
  ["hidden characters", { command: "x", args: ["safe\u202Etxt"] }, "it holds characters that cannot be shown"],
  ["a program that only we would run", { command: "x", args: ["${exec:curl evil}"] }, "it holds ${exec:…}, which its own client does not follow and Offstage would"],
  ["a file that only we would read", { url: "https://evil.example", headers: { X: "${file:/etc/shadow}" } }, "it holds ${file:…}, which its own client does not follow and Offstage would"],
  ["an unknown reference", { command: "x", args: ["${config:editor.x}"] }, "it holds a reference that Offstage does not know"],
  ["a token for a variable's name", { command: "x", args: ["${a1B2c3D4e5F6g7H8}"] }, "it names a variable whose name looks like a secret"],
  ["a token in its folder", { command: "x", cwd: "/a1B2c3D4e5F6g7H8" }, "its command or folder looks as if it held a secret"],
  ["a secret twice", { command: "x", args: ["see:hunter2hunter2"], env: { PASSWORD: "hunter2hunter2" } }, "a secret of it stands where it cannot be taken out"],
])("%s is left out, and told", async (_what, entry, why) => {
  write(".cursor/mcp.json", { mcpServers: { x: entry } });
  expect(await find()).toEqual({ servers: [], leftOut: [{ name: "x", file: "~/.cursor/mcp.json", why }] });
});

test("files that are none, too large, of another syntax or not to be read are told without a word of theirs", async () => {
  mkdirSync(join(home, ".cursor/mcp.json"), { recursive: true });
  write(".gemini/settings.json", "{ \"key\": hunter2hunter2");
  write(".codex/config.toml", "hunter2 = [hunter2");
  write(".codeium/windsurf/mcp_config.json", `{"mcpServers":${"[".repeat(200_000)}`);
  write(".config/Code/User/mcp.json", Buffer.alloc((16 << 20) + 1, " ").toString());
  symlinkSync("mcp.json", join(home, "project/.mcp.json"));
  symlinkSync(".mcp.json", join(home, "project/mcp.json"));
  mkdirSync(join(home, "project/.vscode"));
  execFileSync("mkfifo", [join(home, "project/.vscode/mcp.json")]);
  mkdirSync(join(home, ".config/zed"), { recursive: true });
  symlinkSync("/dev/zero", join(home, ".config/zed/settings.json"));
  write(".config/Claude/claude_desktop_config.json", "");
  const { servers, leftOut } = await find();
  expect(servers).toEqual([]);
  expect(leftOut.map(({ name, file, why }) => `${name ?? ""}${file}: ${why}`)).toEqual([
    ".mcp.json: it cannot be read (ELOOP)",
    ".vscode/mcp.json: it is no file of at most 16 MiB",
    "~/.cursor/mcp.json: it is no file of at most 16 MiB",
    "~/.config/Code/User/mcp.json: it is no file of at most 16 MiB",
    "~/.codeium/windsurf/mcp_config.json: it is not valid JSON",
    "~/.codex/config.toml: it is not valid TOML",
    "~/.gemini/settings.json: it is not valid JSON",
    "~/.config/zed/settings.json: it is no file of at most 16 MiB",
  ]);
});

test("shapes that are not the client's hold no servers, and harm nobody", async () => {
  for (const content of ["[]", "null", "7", '{"mcpServers":[]}', '{"mcpServers":null}', '{"__proto__":{"mcpServers":{"x":{"command":"x"}}}}', '{"mcpServers":{"__proto__":{"command":"x"}}}']) {
    write(".cursor/mcp.json", content);
    expect((await find()).servers.map(({ name }) => name)).toEqual(content.includes('{"mcpServers":{"__proto__"') ? ["proto__"] : []);
  }
  write(".cursor/mcp.json", { mcpServers: Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`s${index}`, { command: "x" }])) });
  expect((await find()).servers).toHaveLength(300);
});

test("whatever stands where servers or their parts should, nothing breaks, and what is found is an entry", async () => {
  const part = fc.oneof({ weight: 3, arbitrary: fc.string() }, { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) });
  const entry = fc.oneof(fc.jsonValue({ maxDepth: 2 }), fc.dictionary(fc.constantFrom("command", "args", "env", "cwd", "url", "headers", "type", "envFile", "disabled", "path", "bearer_token_env_var"), fc.oneof(part, fc.array(part), fc.dictionary(fc.string(), part))));
  const servers = fc.oneof(fc.jsonValue({ maxDepth: 1 }), fc.dictionary(fc.string(), entry, { maxKeys: 3 }));
  const file = fc.constantFrom(".cursor/mcp.json mcpServers", ".gemini/settings.json mcpServers", ".config/zed/settings.json context_servers", ".config/Code/User/mcp.json servers", ".claude.json projects");
  await fc.assert(
    fc.asyncProperty(file, servers, fc.jsonValue({ maxDepth: 2 }), async (where, list, inputs) => {
      const [path = "", key = ""] = where.split(" ");
      write(path, { [key]: key === "projects" ? { "/x": { mcpServers: list } } : list, inputs });
      for (const server of (await find()).servers) expect(parseServers(JSON.stringify({ mcpServers: { [server.name]: entryForFile(server) } }))).toMatchObject({ ok: true, servers: [{ name: server.name }] });
      rmSync(join(home, path));
    }),
    { numRuns: 100 },
  );
});
