import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestProject } from "../testing/command-line.ts";
import { createDeskProject, type DeskProject, ticketRecord } from "../testing/desk-project.ts";

const BOARD = `${ticketRecord("  release: (kept) => desk.change_ticket({ key: kept.key, title: \"closed\" }),\n")}
export default workflow({ name: "board", description: "A ticket for every request.", on: [], limits: { writes: 20 } }, async () => {
  const { requests } = await desk.list_requests({});
  await each(requests, { key: (request) => request.id }, async (request) => { await ticket.ensure(request); });
});
`;

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
  desk.write("workflows/board.ts", BOARD);
}, 60_000);
beforeEach(() => desk.reset({ requests: [{ id: "r1", title: "One" }, { id: "r2", title: "Two" }] }));
afterAll(() => desk.remove());

test("drift shows what is not as it should be, orphans included, and touches nothing; sweeps heal and release it", async () => {
  expect(await desk.run("run", "board")).toMatchObject({ code: 0 });
  const [first] = desk.state().tickets;
  desk.change({ requests: [{ id: "r1", title: "One" }], tickets: desk.state().tickets.map((one) => (one.key === first?.key ? { ...one, title: "edited by hand" } : one)) });
  expect((await desk.run("sweep", "board")).out).toContain("The sweep did not come to 1 binding; a second sweep that misses what this one is the first to miss releases it.");
  desk.change({ tickets: desk.state().tickets.map((one) => (one.key === first?.key ? { ...one, title: "edited again" } : one)) });
  const before = desk.writes().length;
  const shown = await desk.run("drift", "board", "--detailed-exitcode");
  expect(shown.code).toBe(3);
  expect(shown.out).toMatch(/~ .*ticket r1[\s\S]*- .*ticket r2[\s\S]*The sweep did not come to 1 binding; missed by the sweep before too, so to be released\./);
  expect(desk.writes()).toHaveLength(before);
  const swept = await desk.json("sweep", "board");
  expect(swept).toMatchObject({ code: 0, document: { result: { run: { sweep: true, counts: { writes: 2, swept: { missed: 1, orphans: 1, lost: null } } } } } });
  expect(desk.state().tickets.map(({ title }) => title)).toEqual(["One", "closed"]);
  const story = await desk.run("show", swept.document.result.run.id);
  expect(story.out).toMatch(/started {3}called by \S+, a sweep[\s\S]*sweep {5}The sweep did not come to 1 binding[\s\S]*ticket r2 release/);
});

test("the drift of all workflows says whose each is, and which want to be named with their inputs", async () => {
  desk.write("workflows/area.ts", BOARD.replace("import { ", "import { input, ").replace('"board"', '"area"').replace("limits:", 'inputs: { area: input({ schema: { type: "string" } }) }, limits:'));
  expect(await desk.run("drift")).toMatchObject({ code: 0, out: expect.stringMatching(/^board:\n[^]*ticket r1[^]*\ntickets:\n[^]*ticket r1[^]*\narea needs inputs: offstage drift area --input .?area=…/) as unknown });
});

test("what drift cannot look at, for want of `read` or of `same`, it says, and is not called as it should be", async () => {
  const without = (name: string, ...members: readonly string[]): string => BOARD.replace('"board"', `"${name}"`).replaceAll(new RegExp(`^  (${members.join("|")}):.*\\n`, "gm"), "");
  desk.write("workflows/unread.ts", without("unread", "read", "same", "update", "release"));
  desk.write("workflows/unsame.ts", without("unsame", "same", "update", "release"));
  for (const [name, code, said] of [["unread", 0, "still there, and as it should be. The record has no `read`."], ["unsame", 3, "as it should be. The record has no `same`."]] as const) {
    desk.reset({ requests: [{ id: "r1", title: "One" }, { id: "r2", title: "Two" }] });
    expect(await desk.run("run", name)).toMatchObject({ code: 0 });
    desk.change({ tickets: desk.state().tickets.slice(1) });
    expect(await desk.run("drift", name, "--detailed-exitcode")).toMatchObject({ code, out: expect.stringContaining(`Not looked at: whether what ticket made is ${said}`) as string });
  }
  desk.reset({ requests: [{ id: "r1", title: "One" }] });
  expect((await desk.json("drift", "board")).document.result).toMatchObject({ drift: [{ unread: [], uncompared: [] }] });
  for (const name of ["unread", "unsame"]) rmSync(join(desk.folder, `workflows/${name}.ts`));
});

test("where no workflow has a record nothing can drift, which is no failure", async () => {
  const bare = createTestProject({ "mcp.json": '{ "mcpServers": {} }', "workflows/plain.ts": 'import { workflow } from "offstage";\nexport default workflow({ name: "plain", on: [] }, async () => 1);\n' });
  expect(await bare.run("drift", "--detailed-exitcode")).toMatchObject({ code: 0, out: "No workflow has a record, so there is nothing that could drift.\n" });
  bare.remove();
});

test("a workflow without a record has no drift to show", async () => {
  expect(await desk.json("drift", "announce")).toMatchObject({ code: 2, document: { error: { code: "USAGE", message: "announce has no record." } } });
  expect(await desk.json("drift", "--input", "a=1")).toMatchObject({ code: 2, document: { error: { code: "USAGE" } } });
});

test("one whose drift cannot be seen keeps nobody from seeing the others, and the end says so", async () => {
  desk.write("workflows/broken.ts", "export default 1;\n");
  desk.write("workflows/failing.ts", BOARD.replace('"board"', '"failing"').replace("const { requests }", 'await desk.get_ticket({ key: "none" });\n  const { requests }'));
  const drifted = await desk.run("drift");
  expect(drifted).toMatchObject({ code: 1, out: expect.stringMatching(/^board:\n[^]*\ntickets:\n[^]*\nbroken: its drift is not known: WORKFLOW_INVALID: [^]*\nfailing: its drift is not known: [A-Z_]+: [^\n]*There is no ticket none[^\n]* \(offstage show \S+\)\n$/) as unknown });
  expect((await desk.json("drift")).document.result).toMatchObject({ failed: [{ workflow: "broken", run: null, code: "WORKFLOW_INVALID" }, { workflow: "failing", message: expect.stringContaining("There is no ticket none") as string }] });
  for (const name of ["broken", "failing"]) rmSync(join(desk.folder, `workflows/${name}.ts`));
});

test("a sweep of a workflow without a record says that it has none", async () => {
  expect((await desk.run("sweep", "announce")).out).toContain("The workflow has no records, so there was nothing to sweep.");
});
