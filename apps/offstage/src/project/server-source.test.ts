import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { isForPackage, serverSource } from "./server-source.ts";

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "offstage-source-")));
  mkdirSync(join(root, "node_modules/@a/jira/build"), { recursive: true });
  mkdirSync(join(root, "node_modules/.bin"));
  writeFileSync(join(root, "node_modules/@a/jira/package.json"), '{"name":"@a/jira","version":"1.2.0"}');
  writeFileSync(join(root, "node_modules/@a/jira/build/index.js"), "");
  symlinkSync("../@a/jira/build/index.js", join(root, "node_modules/.bin/jira-mcp"));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function source(command: string, ...args: readonly string[]): string {
  return serverSource({ name: "x", kind: "stdio", command, args, env: {}, cwd: root }, join(root, "node_modules/.bin"));
}

test("a file in a package, named or found on the path, tells package and version", () => {
  expect(source("node", "node_modules/@a/jira/build/index.js")).toBe("@a/jira@1.2.0");
  expect(source("jira-mcp")).toBe("@a/jira@1.2.0");
  expect(source(join(root, "node_modules/.bin/jira-mcp"), "--port", "1")).toBe("@a/jira@1.2.0");
});

test("an interpreter that comes as a package is not the server", () => {
  mkdirSync(join(root, "node_modules/node-linux"));
  writeFileSync(join(root, "node_modules/node-linux/package.json"), '{"name":"node-linux","version":"24.0.0"}');
  writeFileSync(join(root, "node_modules/node-linux/node"), "");
  symlinkSync("../node-linux/node", join(root, "node_modules/.bin/node"));
  expect(source("node", "node_modules/@a/jira/build/index.js")).toBe("@a/jira@1.2.0");
  expect(source("node", "server.js")).toBe("node");
});

test("a package whose file a server is only told of is not the server: its profile would let it reach hosts", () => {
  const told = "node_modules/@a/jira/build/index.js";
  for (const [command, ...args] of [["node", "s.mjs", told], ["node", "--import", told, "s.mjs"], ["node", "--", "s.mjs", told], ["node", "-e", "code", told], ["bun", "run", "s.ts", told], ["deno", "run", "-A", "s.ts", told], ["tsx", "watch", "s.ts", told], ["python3", "-m", "server", told], ["python3", "s.py", told], ["./server", told]] as const) {
    expect(source(command, ...args)).toBe(command.replace("./", ""));
  }
});

test("a runner's package is what it was asked for", () => {
  expect(source("npx", "-y", "@a/jira@1")).toBe("@a/jira@1");
  expect(source("npx", "-y", "--package", "@a/jira@1.1", "jira-mcp")).toBe("@a/jira@1.1");
  expect(source("uvx", "mcp-server-git==1.2")).toBe("mcp-server-git@1.2");
  expect(source("docker", "run", "-i", "--rm", "ghcr.io/github/github-mcp-server:v1")).toBe("ghcr.io/github/github-mcp-server@v1");
  // A package of that name, which is not the program of that name.
  expect(source("npx", "-y", "github-mcp-server")).toBe("github-mcp-server@latest");
  expect(source("npx", "-y")).toBe("npx");
});

test("anything else is the command's name, or the URL", () => {
  expect(source("node", "server.js")).toBe("node");
  expect(source("C:/tools/github-mcp-server.exe")).toBe("github-mcp-server");
  expect(serverSource({ name: "x", kind: "http", url: "https://mcp.example", headers: {} }, "")).toBe("https://mcp.example");
});

test.each([
  ["@a/jira@1", "@a/jira@1.2.0", true],
  ["@a/jira@1.2", "@a/jira@1.2.0", true],
  ["@a/jira@1", "@a/jira@11.0.0", false],
  ["@a/jira@2", "@a/jira@1.2.0", false],
  ["@a/jira@1", "@a/jira", true],
  ["@a/jira@1", "@a/jira@latest", true],
  ["@a/jira@1", "@a/jira@^1.2", true],
  ["@a/jira@1", "@a/jira@^2", false],
  ["@a/jira@1", "@b/jira@1.2.0", false],
  ["jira@1", "jira@1.0.0", true],
  ["ghcr.io/acme/jira@1", "ghcr.io/acme/jira@v1.2", true],
  ["ghcr.io/acme/jira@1", "ghcr.io/acme/jira", true],
  ["ghcr.io/acme/jira@1", "jira", true],
  ["ghcr.io/acme/jira@1", "jira@1.0.0", false],
  ["ghcr.io/acme/jira@1", "jira@latest", false],
  ["@acme/jira@1", "jira", false],
])("a profile for %s and a server of %s: %s", (wanted, made, fits) => {
  expect(isForPackage(wanted, made)).toBe(fits);
});
