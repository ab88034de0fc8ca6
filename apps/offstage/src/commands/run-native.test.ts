import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startCommand } from "../testing/command-process.ts";
import { createDeskProject, type DeskProject, type Envelope } from "../testing/desk-project.ts";

let desk: DeskProject;
beforeAll(async () => void (desk = await createDeskProject()));
beforeEach(() => desk.reset());
afterAll(() => desk.remove());

/** In a process of its own: Node's hooks reach no module that a test runner loads. */
const start = (...argv: readonly string[]) => startCommand(desk.folder, argv);

function resultOf(end: { readonly out: string }): Envelope["result"] {
  return (JSON.parse(end.out) as Envelope).result;
}

test.each([["announce", "--input", "greeting=Hi"], ["tickets"]])("%s comes to the same as the interpreted run, with no other word on stderr, and what it did stays done", async (...argv) => {
  const interpreted = (await desk.json("run", ...argv)).document.result.run;
  const writes = desk.writes();
  desk.reset();
  const native = await start("run", ...argv, "--native", "--json").ended;
  expect(native).toMatchObject({ code: 0, err: expect.stringMatching(/^running \w+ \([\w-]+\) …\n$/) as string });
  const { id: _, ...told } = resultOf(native).run;
  expect(told).toMatchObject({ status: "succeeded", output: interpreted.output, counts: interpreted.counts });
  expect(desk.writes()).toEqual(writes);
  expect((await desk.json("run", ...argv)).document.result.run).toMatchObject({ status: "succeeded", output: interpreted.output, counts: { writes: 0 } });
  expect(desk.writes()).toEqual(writes);
});

test("a module outside the subset is refused with its diagnostics, and nothing runs", async () => {
  desk.write("workflows/fetches.ts", 'import { workflow } from "offstage";\nexport default workflow({ name: "fetches", description: "", on: [] }, async () => { await fetch("http://x"); });\n');
  const end = await start("run", "fetches", "--native").ended;
  expect(end.code).toBe(2);
  expect(end.err).toContain("GLOBAL_NOT_ALLOWED");
});

test("it is Node that executes it: an error of JavaScript's own is told in its words", async () => {
  desk.write("workflows/odd.ts", 'import { workflow } from "offstage";\nexport default workflow({ name: "odd", description: "", on: [] }, async () => { const odd: any = JSON.parse("null"); return odd.field; });\n');
  const end = await start("run", "odd", "--native").ended;
  expect(end.code).toBe(1);
  expect(end.out + end.err).toContain("TYPE_ERROR: Cannot read properties of null (reading 'field')");
});
