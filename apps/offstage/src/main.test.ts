import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createTestProject, type TestProject } from "./testing/command-line.ts";

let project: TestProject;
beforeEach(() => {
  project = createTestProject();
});
afterEach(() => {
  project.remove();
});

const run: TestProject["run"] = (...argv) => project.run(...argv);

test("--help lists the commands, and so does no command at all", async () => {
  const help = await run("--help");
  expect(help).toMatchObject({ code: 0, err: "" });
  const listed = [...help.out.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
  expect(listed.join(" ")).toBe("init login logout doctor servers tools call read prompt lock profile check test record plan apply run sweep drift serve pause unpause runs show resume cancel resolve backup prune migrate export mcp adopt approve deny answer help");
  expect(await run()).toEqual(help);
});

test("help of one command tells its options", async () => {
  expect((await run("help", "servers")).out).toContain("Usage: offstage servers");
});

test.each([[["wat"]], [["servers", "--wat"]], [["--wat"]], [["--project", "x", "innit"]], [["--project", "x"]]])("%j is a fault of usage: exit 2, and a hint", async (argv) => {
  const result = await run(...argv);
  expect(result).toMatchObject({ code: 2, out: "" });
  expect(result.err).toMatch(/^error USAGE: .*\nhint: /);
});

test("global flags without a command say that one is missing", async () => {
  expect((await run("--project", ".")).err).toBe("error USAGE: No command is given.\nhint: `offstage --help` lists the commands.\n");
});

test("with --json a failure is a versioned envelope on stdout, and stderr stays empty", async () => {
  const result = await run("servers", "--json");
  expect(result).toMatchObject({ code: 2, err: "" });
  expect(JSON.parse(result.out)).toMatchObject({ version: 1, command: "servers", ok: false, error: { code: "PROJECT_NOT_FOUND", hint: expect.stringContaining("offstage init") as string } });
});

test("faults of a config come all at once, with their places", async () => {
  project.write("mcp.json", '{ "mcpServers": { "a": {} } }');
  project.write("offstage.yaml", "polcy: {}\n");
  const result = await run("servers");
  expect(result.code).toBe(2);
  expect(result.err).toContain("mcp.json:1:19 error CONFIG_INVALID");
  expect(result.err).toContain("offstage.yaml:1:1 error CONFIG_INVALID");
  expect(result.err).toContain("error: 2 errors");
});

test("init makes a project once, and never overwrites", async () => {
  expect(JSON.parse((await run("init", "--json")).out)).toMatchObject({ ok: true, result: { kept: [] } });
  project.write("mcp.json", "mine");
  rmSync(join(project.folder, "tsconfig.json"));
  const again = await run("init");
  expect(again.code).toBe(0);
  expect(again.out).toContain("made tsconfig.json");
  expect(again.out).toContain("kept mcp.json");
  expect(project.read("mcp.json")).toBe("mine");
  expect(existsSync(join(project.folder, "workflows"))).toBe(true);
});

test("servers tells each server's fault beside the others", async () => {
  project.write("mcp.json", JSON.stringify({ mcpServers: { a: { command: "offstage-no-such-command" }, b: { command: "x", env: { Y: "${env:OFFSTAGE_NOT_SET}" } } } }));
  const result = await run("servers", "--json");
  expect(result.code).toBe(1);
  expect(JSON.parse(result.out)).toMatchObject({ ok: true, result: [{ name: "a", ok: false, error: { code: "SERVER_START" } }, { name: "b", ok: false, error: { code: "SECRET_MISSING" } }] });
});
