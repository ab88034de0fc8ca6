import { expect, test } from "vitest";
import { packageOf } from "./package-of.ts";

test.each([
  ["npx -y @modelcontextprotocol/server-github@2025.4.8", "npm @modelcontextprotocol/server-github 2025.4.8"],
  ["npx @modelcontextprotocol/server-github --verbose", "npm @modelcontextprotocol/server-github null"],
  ["npx -y -p some-server@latest some-bin", "npm some-server latest"],
  ["npx --package=some-server@^1.2 -- some-bin", "npm some-server ^1.2"],
  ["npx --loglevel error -y pkg", "npm pkg null"],
  ["/usr/local/bin/npx -y pkg@1", "npm pkg 1"],
  ["cmd /c npx -y pkg@1", "npm pkg 1"],
  ["npm exec -- pkg@2 x", "npm pkg 2"],
  ["pnpm dlx pkg", "npm pkg null"],
  ["bunx pkg@3", "npm pkg 3"],
  ["node ../../node_modules/@nexus2520/jira-mcp-server/build/index.js", "npm @nexus2520/jira-mcp-server null"],
  ["node --import ./redirect.mjs node_modules/a/node_modules/b/dist/x.js", "npm b null"],
  ["node --enable-source-maps -- node_modules/a/x.js node_modules/b/x.js", "npm a null"],
  ["tsx --tsconfig node_modules/b/tsconfig.json node_modules/a/x.ts", "npm a null"],
  ["bun run --preload node_modules/b/x.js node_modules/a/x.js", "npm a null"],
  ["deno run -A --config node_modules/b/deno.json node_modules/a/x.js", "npm a null"],
  ["node C:\\app\\node_modules\\@a\\b\\index.js", "npm @a/b null"],
  ["uvx mcp_server.git==1.2", "pypi mcp-server-git 1.2"],
  ["uvx --from mcp-server[cli]@0.3 serve", "pypi mcp-server 0.3"],
  ["uv tool run mcp-atlassian", "pypi mcp-atlassian null"],
  ["pipx run mcp-atlassian==1", "pypi mcp-atlassian 1"],
  ["docker run -i --rm -e TOKEN -e A=b ghcr.io/github/github-mcp-server:v1.2", "oci ghcr.io/github/github-mcp-server v1.2"],
  ["docker run localhost:5000/x/y", "oci localhost:5000/x/y null"],
])("%s runs %s", (line, expected) => {
  const [command = "", ...args] = line.split(" ");
  const found = packageOf({ command, args });
  expect(found === null ? null : `${found.registry} ${found.name} ${String(found.version)}`).toBe(expected);
});

test.each(["node server.js", "node ./node_modules/.bin/server", "node s.js node_modules/a/x.json", "node --import node_modules/a/x.js s.js", "node -e code node_modules/a/x.js", "node --import", "bun s.ts node_modules/a/x.json", "deno run s.ts node_modules/a/x.json", "my-server node_modules/a/x.json", "sh -c npx\\ pkg", "npx ./local", "npx", "./my-server", "npm run server", "docker compose up", "cmd npx", "python -m server", "npx -y --"])("%s does not tell", (line) => {
  const [command = "", ...args] = line.split(" ");
  expect(packageOf({ command, args })).toBeNull();
});

test("a program of its own in node_modules, and Windows names of runners", () => {
  expect(packageOf({ command: "node_modules/pkg/bin/run" })).toEqual({ registry: "npm", name: "pkg", version: null, fetched: false });
  expect(packageOf({ command: "C:\\Program Files\\nodejs\\npx.cmd", args: ["-y", "pkg"] })?.name).toBe("pkg");
});
