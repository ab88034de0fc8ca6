import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startCommand } from "../testing/command-process.ts";
import { createTestProject, type TestProject } from "../testing/command-line.ts";

// A home in which other clients have their configs, and a project in it.

let home: string;
let project: TestProject;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), "offstage-home-"));
  project = createTestProject({}, { HOME: home });
  put(".cursor/mcp.json", { mcpServers: { github: { command: "npx", args: ["-y", "gh@1"], env: { GITHUB_TOKEN: "hunter2-hunter2" } }, git: { command: "uvx", args: ["mcp-server-git"] } } });
});
afterEach(() => {
  project.remove();
  rmSync(home, { recursive: true, force: true });
});

function put(path: string, content: object): void {
  mkdirSync(dirname(join(home, path)), { recursive: true });
  writeFileSync(join(home, path), JSON.stringify(content));
}

test("without being asked for, what other clients have is only told", async () => {
  const { code, out } = await project.run("init");
  expect(code).toBe(0);
  expect(out).toMatch(/^in \/\S+:\nmade mcp\.json\n/);
  expect(out).toContain("  github  ~/.cursor/mcp.json\n      npx -y gh@1\n      secrets stay there and become references: GITHUB_TOKEN (env GITHUB_TOKEN)\n");
  expect(out).toContain("offstage init --import all");
  expect(project.read("mcp.json")).toBe('{\n  "mcpServers": {}\n}\n');
});

test("--import makes them servers of the project, and says what to set", async () => {
  const { code, out } = await startCommand(project.folder, ["init", "--import", "all"], "", { HOME: home }).ended;
  expect(code).toBe(0);
  expect(out).toContain("imported into mcp.json:\n  github");
  expect(out).toContain("Set before you start Offstage:\n  export GITHUB_TOKEN=…   # github: env GITHUB_TOKEN in ~/.cursor/mcp.json\n");
  expect(JSON.parse(project.read("mcp.json"))).toEqual({ mcpServers: { github: { command: "npx", args: ["-y", "gh@1"], env: { GITHUB_TOKEN: "${env:GITHUB_TOKEN}" } }, git: { command: "uvx", args: ["mcp-server-git"] } } });
  expect(readFileSync(join(home, ".cursor/mcp.json"), "utf8")).toContain("hunter2-hunter2");
});

test("--json says what was found and imported, and shows no value", async () => {
  const { out } = await project.run("init", "--yes", "--json");
  expect(JSON.parse(out)).toMatchObject({ ok: true, result: { imported: ["github", "git"], found: [{ name: "github", client: "cursor", runs: "npx -y gh@1", variables: [{ name: "GITHUB_TOKEN", place: "env GITHUB_TOKEN" }], collides: null }, { name: "git" }], leftOut: [] } });
  expect(out).not.toContain("hunter2");
});

test("into a file that is there only what was asked for is added; what stands there stays", async () => {
  const text = '{\n  // mine\n  "mcpServers": {\n    "git": { "command": "my-git" },\n    "off": { "command": "x", "disabled": true }\n  }\n}\n';
  project.write("mcp.json", text);
  expect((await project.run("init", "--yes")).out).toContain("kept mcp.json");
  expect(project.read("mcp.json")).toBe(text);
  const { code, out } = await project.run("init", "--import", "all");
  expect([code, out.includes("git: mcp.json has one of that name")]).toEqual([0, true]);
  expect(project.read("mcp.json")).toContain('"git": { "command": "my-git" },\n    "off": { "command": "x", "disabled": true },\n    "github": {');
  expect(await project.run("init", "--import", "git")).toMatchObject({ code: 2, err: expect.stringContaining("mcp.json has a server git already") as string });
  expect(await project.run("init", "--import", "all")).toMatchObject({ code: 0 });
});

test("what cannot be imported leaves everything as it was", async () => {
  expect(await project.run("init", "--import", "jira")).toMatchObject({ code: 2, err: expect.stringContaining("no client has a server jira") as string });
  expect(() => project.read("offstage.yaml")).toThrow("ENOENT");
  project.write("mcp.json", '{ "mcpServers": ');
  expect(await project.run("init", "--import", "git")).toMatchObject({ code: 2, err: expect.stringContaining("CONFIG_INVALID") as string });
  expect(project.read("mcp.json")).toBe('{ "mcpServers": ');
});

test("two at once import once, and nothing is lost", async () => {
  const ends = await Promise.all(["github", "git"].map((name) => startCommand(project.folder, ["init", "--import", name], "", { HOME: home }).ended));
  const { mcpServers } = JSON.parse(project.read("mcp.json")) as { mcpServers: object };
  for (const [index, name] of ["github", "git"].entries()) expect([name, Object.hasOwn(mcpServers, name)]).toEqual([name, ends[index]?.code === 0]);
});

test("what would be imported is shown as it would stand in mcp.json, plain values too, and never a secret", async () => {
  put(".cursor/mcp.json", { mcpServers: {
    wiki: { command: "npx", args: ["wiki-mcp", "--space", "My space", "--api-key", "hunter2-hunter2"], env: { WIKI_SITE: "https://wiki.example", WIKI_TOKEN: "hunter2-hunter2" }, cwd: "/srv/wiki", envFile: ".env" },
    far: { url: "https://far.example/mcp", headers: { "X-Team": "red", Authorization: "Bearer hunter2-hunter2" } },
    many: { command: "many", env: Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`V${index}`, `v${index}`])) },
  } });
  const { out } = await project.run("init");
  expect(out).toContain("      npx wiki-mcp --space 'My space' --api-key '${env:WIKI_API_KEY}'\n      WIKI_SITE=https://wiki.example\n      in /srv/wiki\n      with the variables of .env\n      secrets stay there");
  expect(out).toContain("      https://far.example/mcp\n      X-Team: red\n      secrets stay there");
  expect(out).toMatch(/ {6}V19=v19\n {6}… and 5 more \(--json shows all\)\n/);
  const json = await project.run("init", "--json");
  expect((JSON.parse(json.out) as { result: { found: readonly { entry: object }[] } }).result.found[1]?.entry).toMatchObject({ url: "https://far.example/mcp", headers: { "X-Team": "red" } });
  expect(out + json.out).not.toContain("hunter2");
});
