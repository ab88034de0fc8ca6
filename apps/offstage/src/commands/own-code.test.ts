import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createDeskProject, type DeskProject, type Envelope } from "../testing/desk-project.ts";

const BIN = join(import.meta.dirname, "../../bin/offstage.js");
const PACKAGE = join(import.meta.dirname, "../package.ts");

const SLUGS = `import { each, once, workflow } from "offstage";
import { desk } from "#servers";
import { slug } from "./own/text.ts";

export default workflow({ name: "slugs", description: "Says every request by its slug.", on: [], limits: { writes: 20 } }, async () => {
  const { requests } = await desk.list_requests({});
  return each(requests, { key: (request) => request.id }, async (request) => {
    const text = await slug(request.title);
    await once(\`say:\${request.id}\`, () => desk.say({ text }));
    return text;
  });
});
`;
const OWN = `import { appendFileSync } from "node:fs";
import { hyphens } from "./hyphens.ts";
export async function slug(title: string): Promise<string> {
  appendFileSync(new URL("../../called.txt", import.meta.url), title + "\\n");
  return hyphens(title.toLowerCase());
}
`;
const HYPHENS = `export const hyphens = (text: string): string => text.replaceAll(" ", "-");\n`;

let desk: DeskProject;
beforeAll(async () => {
  desk = await createDeskProject();
  mkdirSync(join(desk.folder, "workflows/own"));
  desk.write("workflows/slugs.ts", SLUGS);
  desk.write("workflows/own/text.ts", OWN);
  desk.write("workflows/own/hyphens.ts", HYPHENS);
});
beforeEach(() => {
  desk.reset();
  rmSync(join(desk.folder, "called.txt"), { force: true });
});
afterAll(() => desk.remove());

const called = (): readonly string[] => (existsSync(join(desk.folder, "called.txt")) ? readFileSync(join(desk.folder, "called.txt"), "utf8").trim().split("\n") : []);

/** As a process of its own: Node's hooks reach no module that a test runner loads. */
async function run(script: string, ...argv: readonly string[]) {
  const child = spawn(process.execPath, ["--conditions=offstage-src", ...(script === BIN ? [BIN] : ["--input-type=module", "--eval", script]), ...argv], { cwd: desk.folder, env: { PATH: process.env["PATH"] } });
  const texts = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => (texts.out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (texts.err += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, ...texts };
}

/** The command line of an exported package over this folder. */
const packaged = (...argv: readonly string[]) => run(`import { runPackage } from ${JSON.stringify(PACKAGE)}; process.exitCode = await runPackage({ folder: ${JSON.stringify(desk.folder)}, workflow: "slugs" }, ${JSON.stringify(argv)});`);

test("check says where the language ends; a plan shows what is known without calling it; a run is refused where nothing is executed", async () => {
  const checked = await desk.run("check", "slugs");
  expect(checked).toMatchObject({ code: 0 });
  expect(checked.out + checked.err).toContain("workflows/slugs.ts:3:1");
  expect(checked.out + checked.err).toContain("OWN_CODE");
  const plan = (await desk.json("plan", "slugs")).document.result.plan;
  expect(plan.effects.map(({ tool, args }) => [tool, args.unknown.length])).toEqual([["say", 1], ["say", 1]]);
  expect((await desk.run("plan", "slugs")).out).toContain("It cannot be applied here");
  for (const argv of [["run", "slugs"], ["apply", plan.id], ["apply", "slugs", "--yes"]]) {
    const refused = await desk.run(...argv);
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/OWN_CODE.*own\/text\.ts/) as string]);
  }
  // Nothing is left that whoever executes it next would go on with.
  expect([called(), desk.writes(), (await desk.json("runs")).document.result.runs.map(({ phase }) => phase)]).toEqual([[], [], ["plan", "plan"]]);
});

test("check says where Node could not load it, also after it checked", async () => {
  desk.write("workflows/own/hyphens.ts", `export enum Hyphen { Short = "-" }\nexport const hyphens = (text: string): string => text;\n`);
  const checked = await desk.run("check", "slugs");
  const refused = await run(BIN, "run", "slugs", "--native");
  desk.write("workflows/own/hyphens.ts", HYPHENS);
  expect([checked.code, checked.out + checked.err]).toEqual([2, expect.stringMatching(/workflows\/own\/hyphens\.ts:1:1 error TYPE_NOT_ALLOWED `enum` does not erase/) as string]);
  expect([refused.code, refused.err, called()]).toEqual([2, expect.stringContaining("workflows/own/hyphens.ts:1:1") as string, []]);
  expect((await desk.run("check", "slugs")).code).toBe(0);
});

test("--native executes it, once for its step, and so does whatever drives a run in an exported package", async () => {
  const native = await run(BIN, "run", "slugs", "--native", "--json");
  expect(native.code).toBe(0);
  expect((JSON.parse(native.out) as Envelope).result.run.output).toEqual(desk.state().requests.map(({ title }) => title.toLowerCase().replaceAll(" ", "-")));
  const said = desk.writes();
  expect([said.length, called().length]).toEqual([2, 2]);
  desk.reset();
  const plan = await packaged("plan", "--json");
  const { id } = (JSON.parse(plan.out) as Envelope).result.plan;
  const applied = await packaged("apply", id, "--yes");
  expect([applied.code, desk.writes(), called().length]).toEqual([0, said, 4]);
});

test("it is imported in each way that check accepts", async () => {
  desk.write("workflows/own/names.ts", `export const twice = async (): Promise<string> => "twice";
export default async function first(): Promise<string> { return "default"; }
export const $open = async (): Promise<string> => "open";
export const then = async (): Promise<string> => "then";
export { twice as "two words" };
export type Name = string;
`);
  desk.write("workflows/names.ts", `import { workflow } from "offstage";
import { twice, twice as again, default as first } from "./own/names.ts";
import { "two words" as words, $open, then } from "./own/names.ts";
import type { Name } from "./own/names.ts";

export default workflow({ name: "names", description: "Names of all kinds.", on: [] }, async () => {
  const names: readonly Name[] = [await twice(), await again(), await first(), await words(), await $open(), await then()];
  return names;
});
`);
  const native = await run(BIN, "run", "names", "--native", "--json");
  expect(native.code).toBe(0);
  expect((JSON.parse(native.out) as Envelope).result.run.output).toEqual(["twice", "twice", "default", "twice", "open", "then"]);
});

test("what it throws fails the item that asked, in its words", async () => {
  desk.write("workflows/own/text.ts", `export async function slug(title: string): Promise<string> { throw new Error("out of slugs"); }\n`);
  const native = await run(BIN, "run", "slugs", "--native");
  expect([native.code, desk.writes()]).toEqual([1, []]);
  expect(native.out + native.err).toContain("OWN_CODE_FAILED");
  expect(native.out + native.err).toContain("slug of own/text.ts: out of slugs");
  desk.write("workflows/own/text.ts", OWN);
});

test("what it throws where nobody waits for it fails its step while that is open, and ends nothing afterwards", async () => {
  desk.write("workflows/own/text.ts", `export const slug = async (_title: string): Promise<string> => { setTimeout(() => { throw new Error("out of time"); }, 10); return new Promise(() => undefined); };\n`);
  const open = await run(BIN, "run", "slugs", "--native");
  expect([open.code, open.out + open.err, desk.writes()]).toEqual([1, expect.stringMatching(/OWN_CODE_FAILED.*slug of own\/text\.ts.*out of time/) as string, []]);
  desk.write("workflows/own/text.ts", `export const slug = async (title: string): Promise<string> => { void Promise.reject(new Error("forgotten \\u001b[2J")); return title; };\n`);
  const left = await run(BIN, "run", "slugs", "--native");
  expect([left.code, desk.writes().length, left.err.match(/slug of own\/text\.ts left something behind that failed.*forgotten/g)?.length, (left.out + left.err).includes("\u001b[2J")]).toEqual([0, 2, 2, false]);
  desk.write("workflows/own/text.ts", OWN);
});

test("one that ends the process is no success, and says what it was", async () => {
  desk.write("workflows/own/text.ts", `export const slug = async (_title: string): Promise<string> => process.exit(0);\n`);
  const ended = await run(BIN, "run", "slugs", "--native");
  expect([ended.code, ended.err]).toEqual([1, expect.stringContaining("error OWN_CODE_FAILED: slug of own/text.ts ended this process") as string]);
  desk.write("workflows/own/text.ts", OWN);
});

test("what cannot be loaded is told as that, not as a fault of the function", async () => {
  desk.write("package.json", '{ "type": "commonjs" }');
  const native = await run(BIN, "run", "slugs", "--native");
  rmSync(join(desk.folder, "package.json"));
  expect([native.code, native.out + native.err]).toEqual([1, expect.stringMatching(/own\/text\.ts cannot be loaded: .*"type": "module"/) as string]);
});

test("an interrupted run of it is cancelled where nothing is executed: it ends at its next step and calls nothing", async () => {
  desk.write("workflows/own/text.ts", `export async function slug(title: string): Promise<string> { process.kill(process.pid, "SIGKILL"); return title; }\n`);
  expect((await run(BIN, "run", "slugs", "--native")).code).toBe(null);
  desk.write("workflows/own/text.ts", OWN);
  const id = (await desk.json("runs")).document.result.runs[0]?.id ?? "";
  const cancelled = await run(BIN, "cancel", id);
  expect([cancelled.code, cancelled.out + cancelled.err, called(), desk.writes()]).toEqual([0, expect.stringContaining("cancelled"), [], []]);
  expect((await desk.json("runs")).document.result.runs[0]).toMatchObject({ id, status: "cancelled" });
});

test("an export that executes none is refused, and no hint leads to another one", async () => {
  for (const target of [["python"], ["kubernetes"], ["compose", "--language", "python"]]) {
    const refused = await desk.run("export", "slugs", "--to", ...target, "--out", join(desk.folder, "none"));
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/EXPORT_REFUSED.*own\/text\.ts[^]*--language typescript/) as string]);
    expect(refused.err).not.toContain("as it stands or");
  }
});
