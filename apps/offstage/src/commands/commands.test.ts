import { spawnSync } from "node:child_process";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestProject, type TestProject, workshopConfig } from "../testing/command-line.ts";

// The commands before any run, over one real server: what a first quarter of an hour is like.

let project: TestProject;
beforeAll(async () => {
  project = createTestProject({
    "mcp.json": workshopConfig(),
    "offstage.yaml": 'policy: { classes: [{ server: workshop, tool: "*_text", effect: read }, { server: workshop, tool: structured, effect: read }] }\n',
    "workflows/count.ts": WORKFLOW,
  });
  const locked = await project.run("lock");
  if (locked.code !== 0) throw new Error(`offstage lock failed: ${locked.err}`);
}, 60_000);
afterAll(() => {
  project.remove();
});

const WORKFLOW = `import { workflow } from "offstage";
import { workshop } from "#servers";

export default workflow({ name: "count", on: [], inputs: {} }, async () => {
  const { count } = await workshop.structured({});
  return { count: count + 1 };
});
`;

test("lock pins every tool with its class, writes the types, and finds nothing more to do", async () => {
  const lock = JSON.parse(project.read("offstage.lock")) as { servers: { workshop: { tools: Record<string, { classes: unknown }> } } };
  expect(lock.servers.workshop.tools["structured"]?.classes).toEqual([{ rule: null, effect: "read", from: "policy" }]);
  expect(lock.servers.workshop.tools["echo"]?.classes).toEqual([{ rule: null, effect: "write", from: "default" }]);
  expect(project.read(".offstage/types/servers.d.ts")).toContain("structured");
  expect(existsSync(join(project.folder, ".offstage/types/offstage/index.d.ts"))).toBe(true);
  expect(await project.run("lock", "--check")).toMatchObject({ code: 0, out: expect.stringMatching(/^No changes: 1 server, \d+ tools\.\n$/) as string });
});

test("lock --check tells what differs, ends with 3 and writes nothing", async () => {
  const before = project.read("offstage.lock");
  project.write("offstage.lock", before.replaceAll('"version": "1.2.3"', '"version": "1.2.2"').replace(/"effect": "read",(\s+)"from": "policy"/, '"effect": "write",$1"from": "default"'));
  const edited = project.read("offstage.lock");
  const checked = await project.run("lock", "--check");
  expect(checked.out).toContain('~ workshop\n    ~ version: "1.2.2" → "1.2.3"');
  expect(checked.out).toMatch(/~ workshop\.\w+\n {4}~ class: write → read/);
  expect(checked.code).toBe(3);
  expect(project.read("offstage.lock")).toBe(edited);
  project.write("offstage.lock", before);
});

test("a lock that was edited by hand is told with its place", async () => {
  const before = project.read("offstage.lock");
  project.write("offstage.lock", before.replace("Adds two numbers.", "Deletes two numbers."));
  const result = await project.run("tools");
  project.write("offstage.lock", before);
  expect(result.code).toBe(2);
  expect(result.err).toMatch(/^offstage\.lock:\d+:\d+ error LOCK_INVALID/);
});

test("tools searches what is locked, the best first; a server's name lists its tools by name", async () => {
  const found = JSON.parse((await project.run("tools", "integer", "structured", "--json")).out) as { result: { tool: string }[] };
  expect(found.result[0]?.tool).toBe("big_structured");
  const all = JSON.parse((await project.run("tools", "workshop", "--json")).out) as { result: { tool: string }[] };
  expect(all).toEqual(JSON.parse((await project.run("tools", "--json")).out));
  expect(all.result.map((tool) => tool.tool)).toEqual(all.result.map((tool) => tool.tool).toSorted());
  expect((await project.run("tools", "xylophone")).code).toBe(1);
});

test("tools shows what two servers offer alike once, with the name of the other one", async () => {
  const { mcpServers } = JSON.parse(workshopConfig()) as { mcpServers: { workshop: object } };
  const two = createTestProject({ "mcp.json": JSON.stringify({ mcpServers: { home: mcpServers.workshop, work: mcpServers.workshop } }), "offstage.yaml": "policy: { classes: [{ server: work, tool: add, effect: read }] }\n" });
  try {
    expect((await two.run("tools", "adds", "numbers")).out).toContain("home.add({}): unlearnt  not locked; also of work\n    Adds two numbers.");
    expect((await two.run("lock")).code).toBe(0);
    expect((await two.run("tools", "adds", "numbers")).out).toMatch(/^home\.add\(.*  write; also of work \(read\)\n/);
    const { result } = JSON.parse((await two.run("tools", "adds", "numbers", "--json")).out) as { result: readonly object[] };
    expect(result.slice(0, 1)).toMatchObject([{ server: "home", tool: "add", effect: "write", also: [{ server: "work", effect: "read" }] }]);
  } finally {
    two.remove();
  }
});

test("the exact name of a tool shows how it is called, what it is and who says so, and what is known of its results", async () => {
  const shown = await project.run("tools", "workshop.structured");
  expect(shown).toMatchObject({ code: 0, out: "workshop.structured({}): { count: number }\n\nStructured content beside a text.\n\nclass   read (policy.classes in offstage.yaml says so)\nresult  declared by the server\ntype    workshop.StructuredResult\n" });
  expect((await project.run("tools", "workshop.echo")).out).toMatch(/class {3}write \(nobody says that it only reads\)\nresult {2}not known: nobody has called it yet/);
  expect(JSON.parse((await project.run("tools", "workshop.echo", "--json")).out)).toMatchObject({ ok: true, result: { server: "workshop", tool: "echo", effect: "write", definition: { name: "echo" } } });
});

test("profile drafts one for a person to finish, and overwrites nothing", async () => {
  expect((await project.run("profile", "workshop", "--out", "-")).out).toContain("export default profile<typeof workshop>(");
  project.write("profiles/taken.ts", "// mine\n");
  expect(await project.run("profile", "workshop", "--out", join(project.folder, "profiles/taken.ts"))).toMatchObject({ code: 2, err: expect.stringContaining("is there already") as string });
  expect(project.read("profiles/taken.ts")).toBe("// mine\n");
});

test("tools --live knows which of them are locked", async () => {
  const lock = project.read("offstage.lock");
  const live = JSON.parse((await project.run("tools", "--live", "--json")).out) as { result: { tool: string; effect: string }[] };
  expect(live.result.filter(({ tool }) => tool === "structured" || tool === "echo")).toMatchObject([{ effect: "write" }, { effect: "read" }]);
  rmSync(join(project.folder, "offstage.lock"));
  expect((await project.run("tools", "--live", "structured", "--json")).out).toContain('"effect":"not locked"');
  project.write("offstage.lock", lock);
});

test("call makes a read, shows the answer, and learns its shape", async () => {
  const called = await project.run("call", "workshop.json_text", "--json");
  expect(JSON.parse(called.out)).toEqual({ version: 1, command: "call", ok: true, result: { items: [{ id: 1, token: "t-1" }, { id: 2 }] } });
  expect(JSON.parse(project.read("offstage.learnt.json"))).toMatchObject({ servers: { workshop: { json_text: { "*": { type: "object" } } } } });
  expect(project.read("offstage.learnt.json")).not.toContain("t-1");
});

test("an exact integer beyond 2^53-1 reaches the answer digit by digit", async () => {
  expect((await project.run("call", "workshop.big_text", "--json", "--no-learn")).out).toContain('{"id":9007199254740993}');
});

test.each([
  [["call", "workshop.echo"], "USAGE: workshop.echo: nobody says that it only reads, for workshop has no profile."],
  [["call", "workshop.ech"], "TOOL_UNKNOWN: The server workshop has no tool ech."],
  [["call", "nowhere.echo"], "SERVER_UNKNOWN: mcp.json has no server called nowhere."],
  [["call", "echo"], 'USAGE: "echo" does not name a tool.'],
  [["call", "workshop.echo", "--args", "{"], "USAGE: --args: This is not JSON: "],
  [["call", "workshop.big_tex"], "hint: Nearest: big_text, big_structured"],
  [["call", "workshop.echo", "--args", "[]"], "USAGE: --args is not a JSON object."],
  [["check", "no-such"], "WORKFLOW_NOT_FOUND: There is no workflows/no-such.ts."],
])("%j is refused, and says why", async (argv, message) => {
  expect((await project.run(...argv)).err).toContain(message);
});

test("call makes a write when told so, learns nothing from it unasked, and says so once where nobody knows what it gives", async () => {
  const before = existsSync(join(project.folder, "offstage.learnt.json")) ? project.read("offstage.learnt.json") : "";
  const said = "Nothing was learnt of what workshop.echo answers: a write teaches only with --learn. Rather than call it again, say in profiles/workshop.ts";
  expect(await project.run("call", "workshop.echo", "--yes", "--args", '{"text":"\\u001b[2Jhello"}')).toMatchObject({ code: 0, err: expect.stringContaining(said) as string });
  expect((await project.run("call", "workshop.echo", "--yes", "--no-learn", "--args", '{"text":"hello"}')).err).not.toContain("learnt");
  expect(existsSync(join(project.folder, "offstage.learnt.json")) ? project.read("offstage.learnt.json") : "").toBe(before);
});

test("check tells all faults of a workflow with their places, and what a good one uses", async () => {
  expect(await project.run("check", "count")).toMatchObject({ code: 0, out: "count: checks; uses workshop.structured\n" });
  project.write("workflows/wrong.ts", WORKFLOW.replace('"count"', '"wrong"').replace("count + 1", "conut + 1"));
  const wrong = await project.run("check", "wrong", "--json");
  expect(wrong.code).toBe(2);
  expect(JSON.parse(wrong.out)).toMatchObject({ ok: true, result: [{ name: "wrong", ok: false, diagnostics: [{ severity: "error", file: "workflows/wrong.ts", line: 6 }] }] });
});

test("the compiler is loaded when a workflow is new, what speaks MCP when a server is used, and neither by anything else", () => {
  project.write("workflows/fresh.ts", WORKFLOW.replace('"count"', '"fresh"'));
  expect(largeParts("check", "fresh")).toContain("compiler");
  expect(largeParts("plan", "fresh")).toEqual(["MCP"]);
  for (const argv of [["tools", "echo"], ["servers"]]) expect(largeParts(...argv)).not.toContain("compiler");
  for (const argv of [["--help"], ["runs"]]) expect(largeParts(...argv)).toEqual([]);
});

/** Runs the real bin and looks which of the large packages were loaded. */
function largeParts(...argv: readonly string[]): readonly string[] {
  const bin = fileURLToPath(new URL("../../bin/offstage.js", import.meta.url));
  const parts = { compiler: "/typescript/lib/", MCP: "/@modelcontextprotocol/" };
  const watch = `import { registerHooks } from "node:module"; registerHooks({ load(url, context, next) { for (const [part, path] of Object.entries(${JSON.stringify(parts)})) if (url.includes(path)) process.stderr.write("LOADED " + part + "\\n"); return next(url, context); } });`;
  const result = spawnSync(process.execPath, ["--import", `data:text/javascript,${encodeURIComponent(watch)}`, bin, ...argv, "--project", project.folder], { encoding: "utf8", env: { PATH: process.env["PATH"] } });
  return Object.keys(parts).filter((part) => result.stderr.includes(`LOADED ${part}`));
}
