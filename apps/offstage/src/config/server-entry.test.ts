import { expect, test } from "vitest";
import { parseServers } from "./server-entry.ts";

function faults(text: string): string {
  const parsed = parseServers(text);
  return parsed.ok ? "" : parsed.diagnostics.map(({ file, line, column, message, hint }) => `${file}:${line}:${column} ${message} ${hint ?? ""}`).join("\n");
}

test("the shape of other clients is read, settings of theirs left alone, disabled servers left out", () => {
  const text = JSON.stringify({ mcpServers: { jira: { command: "npx", args: ["-y", "jira", 3], env: { PORT: 8080 }, alwaysAllow: ["x"] }, off: { command: "x", disabled: true } } }, null, "\t");
  expect(parseServers(text)).toEqual({ ok: true, servers: [{ kind: "stdio", name: "jira", command: "npx", args: ["-y", "jira", "3"], env: { PORT: "8080" }, cwd: null, envFile: null }], disabled: ["off"], inputs: [] });
});

test("VS Code's shape is read, beside the other one too", () => {
  const text = JSON.stringify({ inputs: [], servers: { web: { type: "http", url: "https://x.example/mcp", headers: { Authorization: "Bearer ${env:T}" } } }, mcpServers: { a: { command: "a" } } });
  const parsed = parseServers(text);
  expect(parsed.ok && parsed.servers.map((server) => `${server.kind} ${server.name}`)).toEqual(["stdio a", "http web"]);
});

test("comments and a comma after the last one are read, as VS Code writes them, and places stay", () => {
  const text = '{\n  // mine, "not": 1\n  "servers": { /* a\n */ "web": { "url": "https://x.example//mcp", "headers": { "A": "/* no comment */,}", }, }, },\n  "inputs": [ { "id": "token", "type": "promptString", "password": true, }, ],\n}';
  expect(parseServers(text)).toEqual({ ok: true, servers: [{ kind: "http", name: "web", url: "https://x.example//mcp", headers: { A: "/* no comment */,}" } }], inputs: [{ id: "token", type: "promptString", password: true }], disabled: [] });
  expect(faults('{ // one\n  "servers": { /* two */ "web": { "url": 7, }, } }')).toContain("mcp.json:2:35 servers.web.url");
});

test.each(["url", "serverUrl", "httpUrl"])("a server that is reached by %s is one", (field) => {
  expect(parseServers(JSON.stringify({ mcpServers: { web: { [field]: "https://x.example/mcp" } } }))).toMatchObject({ ok: true, servers: [{ kind: "http", url: "https://x.example/mcp" }] });
  expect(faults(JSON.stringify({ mcpServers: { web: { [field]: "https://x.example/mcp", command: "x" } } }))).toContain("either a `command` or a `url`");
});

test.each([
  ["a comma that is none", '{\n  "mcpServers": {},,\n}', "mcp.json:3:1 This is not JSON"],
  ["a quote too few in a literal token", '{ "mcpServers": { "a": { "command": "x",\n "env": { "TOKEN": hunter2secret" } } } }', "mcp.json:2:20 This is not JSON: Unexpected token 'h'. Look"],
  ["an escape that is none in a literal token", String.raw`{ "mcpServers": { "a": { "command": "hunter2\secret" } } }`, "mcp.json:1:37 This is not JSON: Bad escaped character"],
  ["an unfinished file", '{ "mcpServers": {', "mcp.json:1:"],
  ["an empty file", "", "mcp.json:1:1"],
  ["another document", '{ "name": "x" }', "There is no `mcpServers`"],
  ["neither command nor url", '{\n\t"mcpServers": {\n\t\t"a": { "args": [] }\n\t}\n}', "mcp.json:3:3 mcpServers.a: A server has either"],
  ["a wrong type", '{ "mcpServers": { "a": { "command": "x",\n "args": "y" } } }', "mcp.json:2:2 mcpServers.a.args"],
  ["a name that no program can write", '{ "mcpServers": { "a b": { "command": "x" } } }', "begins with a letter"],
  ["a server twice", '{ "mcpServers": { "a": { "command": "x" } }, "servers": { "a": { "command": "y" } } }', "in `mcpServers` too"],
  ["the same key twice", '{ "mcpServers": { "a": { "command": "x" }, "a": { "command": "y" } } }', 'The key "a" occurs twice'],
  ["a number that is rounded", '{ "mcpServers": { "a": { "command": "x",\n "env": { "CHANNEL": 9007199254740993 } } } }', "mcp.json:2:11 mcpServers.a.env.CHANNEL: A number with so many digits is rounded when it is read: write it in quotes."],
  ["a number that is rounded, as an argument", '{ "mcpServers": { "a": { "command": "x",\n "args": [1, 1.5, 1e300] } } }', "mcpServers.a.args[2]: A number with so many digits"],
  ["a variable that sets another one", '{ "mcpServers": { "a": { "command": "x",\n "env": { "PATH=/x": "y" } } } }', "mcpServers.a.env.PATH=/x: A variable's name"],
  ["a variable without a name", '{ "mcpServers": { "a": { "command": "x",\n "env": { "": "y" } } } }', "A variable's name is not empty"],
  ["a variable with a zero byte", '{ "mcpServers": { "a": { "command": "x",\n "env": { "A\\u0000": "y" } } } }', "no zero byte"],
  ["a header that is none", '{ "mcpServers": { "a": { "url": "https://x.example",\n "headers": { "X\\nY": "y" } } } }', "A header's name has letters"],
  ["__proto__", '{ "mcpServers": { "__proto__": { "command": "x" } } }', "not supported"],
  ["depth", "[".repeat(100_000), "mcp.json:1:"],
])("%s is told at its place", (_what, text, message) => {
  expect(faults(text)).toContain(message);
  expect(faults(text)).not.toMatch(/hunter|secret/);
});
