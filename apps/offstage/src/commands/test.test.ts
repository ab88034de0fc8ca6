import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { createDeskProject, type DeskProject, SETTINGS } from "../testing/desk-project.ts";

let desk: DeskProject;
let config: string;
beforeAll(async () => {
  desk = await createDeskProject();
  await desk.run("record", "tickets", "--case", "two");
  config = desk.read("mcp.json");
}, 60_000);
afterAll(() => desk.remove());
beforeEach(() => {
  // What tests need is in the project's files: no server can be started, and no secret found.
  desk.write("mcp.json", JSON.stringify({ mcpServers: { desk: { command: "no-such-program", env: { DESK_TOKEN: "${env:NOT_HERE_TOKEN}" } } } }));
});
afterEach(() => {
  for (const file of ["tickets.test.ts", "announce.test.ts", "other.test.ts"]) rmSync(join(desk.folder, "workflows", file), { force: true });
  desk.write("mcp.json", config);
});

function write(file: string, body: string): void {
  desk.write(`workflows/${file}`, `import { assert, fails, plan, rehearse, test } from "offstage/test";\n\n${body}\n`);
}

const GOOD = `test("a ticket for every request, once", async () => {
  const titles: string[] = [];
  const answers = {
    "desk.open_ticket": ({ title }: { title: string }, nth: number) => (titles.push(title), { key: \`D-\${nth}\` }),
    "desk.get_ticket": ({ key }: { key: string }) => ({ key, title: titles[Number(key.slice(2)) - 1] ?? "" }),
  };
  const run = await rehearse("tickets", { fixture: "two", answers });
  assert.deepEqual(run.output, { keys: ["D-1", "D-2"] });
  const again = await run.again();
  assert.deepEqual(again.effects, []);
});
`;

describe("offstage test", () => {
  test("runs the tests beside the workflows, without a server and without a secret", async () => {
    write("tickets.test.ts", `${GOOD}test("plans what was recorded", async () => {\n  const planned = await plan("tickets", { fixture: "two" });\n  assert.deepEqual(planned.effects, planned.recorded);\n});`);
    expect(await desk.run("test")).toMatchObject({ code: 0, out: expect.stringMatching(/^workflows\/tickets\.test\.ts\n {2}✓ a ticket for every request, once {2}\S+\n {2}✓ plans what was recorded {2}\S+\n\n2 passed in \S+\n$/) as string });
  });

  test("a test that fails says what, where, and ends with 1; the others go on", async () => {
    write("tickets.test.ts", `test("wrong", async () => {\n  const run = await plan("tickets", { fixture: "two" });\n  assert.equal(run.effects.length, 7);\n});\n${GOOD}`);
    write("other.test.ts", `test("throws", () => {\n  throw new TypeError("oops");\n});`);
    const end = await desk.run("test");
    expect(end.code).toBe(1);
    expect(end.out).toMatch(/✗ wrong[^\n]*\n {6}Expected values to be strictly equal:\n\n {6}2 !== 7\n[^]*at workflows\/tickets\.test\.ts:5:10/);
    expect(end.out).toMatch(/✗ throws[^\n]*\n {6}TypeError: oops\n {6}at workflows\/other\.test\.ts:4:9/);
    expect(end.out).toContain("✓ a ticket for every request");
    expect(end.out).toContain("1 passed, 2 failed in ");
  });

  test("a changed argument shows the nearest recorded call, as a difference", async () => {
    const workflow = desk.read("workflows/tickets.ts");
    desk.write("workflows/tickets.ts", workflow.replace("label: request.id })).tickets", 'label: "req-" + request.id })).tickets'));
    write("tickets.test.ts", GOOD);
    const end = await desk.run("test", "tickets");
    desk.write("workflows/tickets.ts", workflow);
    expect(end.code).toBe(1);
    expect(end.out).toContain('CALL_UNMATCHED: Nothing is recorded for this call of desk.find_tickets:\n        desk.find_tickets({"label":"req-r1"})\n        The nearest one is calls[0] of fixtures/tickets/two.json:\n          - label: "r1"\n          + label: "req-r1"');
    expect(end.out).toContain("hint: Say in the test what it answers");
  });

  test("a workflow that does not check is told with its faults, and ends with 2", async () => {
    const workflow = desk.read("workflows/tickets.ts");
    desk.write("workflows/tickets.ts", workflow.replace("request.title ", "request.titel "));
    write("tickets.test.ts", GOOD);
    const end = await desk.run("test");
    desk.write("workflows/tickets.ts", workflow);
    expect(end).toMatchObject({ code: 2, out: expect.stringMatching(/✗ WORKFLOW_INVALID: workflows\/tickets\.ts does not check\.\n {6}workflows\/tickets\.ts:\d+:\d+ error TS2551/) as string });
  });

  test("a test that never ends, and one that never yields, are ended by their limit; what comes behind the second is not run", async () => {
    write("other.test.ts", `test("waits", { limit: "200ms" }, () => new Promise(() => {}));\ntest("loops", { limit: "200ms" }, () => { for (;;); });\ntest("behind", () => {});`);
    const end = await desk.run("test", "other");
    expect(end.code).toBe(1);
    expect(end.out).toContain('✗ waits');
    expect(end.out).toContain('TEST_TIMEOUT: The test "waits" did not end within 200ms.');
    expect(end.out).toContain('TEST_TIMEOUT: The test "loops" did not end within 200ms.');
    expect(end.out.match(/✗ loops/g)).toHaveLength(1);
    expect(end.out).toContain("warning: This ended the file: the tests behind it did not run.");
    expect(end.out).not.toContain("✓ behind");
    expect(end.out).toContain("0 passed, 2 failed");
  });

  test("what is wrong with a file, or a test, is said clearly, whatever it is", async () => {
    const wrong: readonly (readonly [name: string, body: string, message: string])[] = [
      ["syntax", "test(", "TEST_BROKEN: SyntaxError"],
      ["empty", "export {};", "TEST_BROKEN: workflows/other.empty.test.ts holds no test."],
      ["import", 'import "./nowhere.ts";', "TEST_BROKEN: Error: Cannot find module"],
      ["exit", 'test("leaves", () => process.exit(3));', "TEST_BROKEN: workflows/other.exit.test.ts ended its own thread."],
      ["careless", 'test("careless", async () => { setTimeout(() => { throw new Error("later"); }); await new Promise(() => {}); });', "TEST_BROKEN: Error: later"],
      ["fixture", 'test("x", async () => void (await rehearse("tickets", { fixture: "nope" })));', "FIXTURE_MISSING: There is no fixtures/tickets/nope.json.\n      hint: There are: two."],
      ["unknown", 'test("x", async () => void (await rehearse("nope")));', "WORKFLOW_NOT_FOUND"],
    ];
    for (const [name, body] of wrong) write(`other.${name}.test.ts`, body);
    const end = await desk.run("test", "other");
    for (const [name] of wrong) rmSync(join(desk.folder, `workflows/other.${name}.test.ts`));
    expect(end.code).toBe(1);
    const parts = new Map(end.out.split(/^(?=workflows\/)/m).map((part) => [/other\.(\w+)\.test/.exec(part)?.[1], part]));
    for (const [name, , message] of wrong) expect(parts.get(name)).toContain(message);
  });

  test("what a test prints goes to stderr, unused recorded calls are a warning, and --json is one document", async () => {
    write("tickets.test.ts", `test("prints", async () => {\n  console.log("hello \\u001b[2J");\n  await rehearse("announce", { fixture: "empty", answers: { "desk.list_requests": { requests: [] } } });\n});`);
    desk.write("fixtures/announce/empty.json", desk.read("fixtures/tickets/two.json").replace('"workflow": "tickets"', '"workflow": "announce"').replace(/"effects": \[[^]*\]\n\}/, '"effects": []\n}'));
    const end = await desk.run("test", "--json");
    const document = JSON.parse(end.out) as { readonly ok: boolean; readonly result: { readonly ok: boolean; readonly files: readonly { readonly file: string; readonly workflows: readonly string[]; readonly tests: readonly { readonly name: string; readonly ok: boolean; readonly warnings: readonly string[] }[] }[] } };
    expect(document.result).toMatchObject({ ok: true, files: [{ file: "workflows/tickets.test.ts", workflows: ["announce"], tests: [{ name: "prints", ok: true, warnings: [expect.stringContaining("fixtures/announce/empty.json has calls that this test did not make")] }] }] });
    expect(end.err).toContain("hello \\u001b[2J");
    expect(end.code).toBe(0);
  });

  test("no tests, and a name without tests, are usage", async () => {
    expect(await desk.run("test")).toMatchObject({ code: 2, err: expect.stringContaining("There are no tests yet.") as string });
    write("other.test.ts", 'test("x", () => {});');
    expect(await desk.run("test", "tickets")).toMatchObject({ code: 2, err: expect.stringMatching(/There is no workflows\/tickets\.test\.ts\.[^]*There are tests of: other\./) as string });
    expect(await desk.run("test", "--limit", "soon")).toMatchObject({ code: 2 });
    expect(await desk.run("test", "--watch", "--json")).toMatchObject({ code: 2 });
  });

  test("a lock that no longer fits the profile is told before any test runs", async () => {
    write("tickets.test.ts", GOOD);
    desk.write("offstage.yaml", `${SETTINGS}policy: { classes: [{ server: desk, tool: say, effect: read }] }\n`);
    const end = await desk.run("test");
    desk.write("offstage.yaml", SETTINGS);
    expect(end.out).toContain("LOCK_INVALID");
  });
});
