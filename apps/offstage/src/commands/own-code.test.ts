import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startCommand } from "../testing/command-process.ts";
import type { Envelope } from "../testing/desk-project.ts";
import { createOwnCodeProject, type OwnCodeProject } from "../testing/own-code-project.ts";

const PACKAGE = join(import.meta.dirname, "../package.ts");

let desk: OwnCodeProject;
beforeAll(async () => void (desk = await createOwnCodeProject()));
beforeEach(() => desk.reset());
afterAll(() => desk.remove());

/** In a process of its own: Node's hooks reach no module that a test runner loads. */
const execute = (...argv: readonly string[]) => startCommand(desk.folder, argv).ended;

/** The command line of an exported package over this folder. */
async function packaged(...argv: readonly string[]): Promise<void> {
  const script = `import { runPackage } from ${JSON.stringify(PACKAGE)}; process.exitCode = await runPackage({ folder: ${JSON.stringify(desk.folder)}, workflow: "slugs" }, ${JSON.stringify(argv)});`;
  await promisify(execFile)(process.execPath, ["--conditions=offstage-src", "--input-type=module", "--eval", script], { cwd: desk.folder, env: { PATH: process.env["PATH"] } });
}

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
  expect([desk.called(), desk.writes(), (await desk.json("runs")).document.result.runs.map(({ phase }) => phase)]).toEqual([[], [], ["plan", "plan"]]);
});

test("check says where Node could not load it, also after it checked", async () => {
  desk.write("workflows/own/hyphens.ts", `export enum Hyphen { Short = "-" }\nexport const hyphens = (text: string): string => text;\n`);
  const checked = await desk.run("check", "slugs");
  const refused = await execute("run", "slugs", "--native");
  const called = desk.called();
  desk.reset();
  expect([checked.code, checked.out + checked.err]).toEqual([2, expect.stringMatching(/workflows\/own\/hyphens\.ts:1:1 error TYPE_NOT_ALLOWED `enum` does not erase/) as string]);
  expect([refused.code, refused.err, called]).toEqual([2, expect.stringContaining("workflows/own/hyphens.ts:1:1") as string, []]);
  expect((await desk.run("check", "slugs")).code).toBe(0);
});

test("--native executes it, once for its step, and so does whatever drives a run in an exported package", async () => {
  const native = await execute("run", "slugs", "--native", "--json");
  expect(native.code).toBe(0);
  expect((JSON.parse(native.out) as Envelope).result.run.output).toEqual(desk.state().requests.map(({ title }) => title.toLowerCase().replaceAll(" ", "-")));
  const said = desk.writes();
  expect([said.length, desk.called().length]).toEqual([2, 2]);
  desk.reset();
  await packaged("apply", "slugs", "--yes");
  expect([desk.writes(), desk.called().length]).toEqual([said, 2]);
}, 60_000);

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
  const native = await execute("run", "names", "--native", "--json");
  expect(native.code).toBe(0);
  expect((JSON.parse(native.out) as Envelope).result.run.output).toEqual(["twice", "twice", "default", "twice", "open", "then"]);
});

test("what it throws fails the item that asked, in its words; what another item left behind that fails ends nothing", async () => {
  desk.writeOwn(`export async function slug(title: string): Promise<string> {
  if (!title.startsWith("Printer")) throw new Error("out of slugs");
  void Promise.reject(new Error("forgotten"));
  return title;
}
`);
  const native = await execute("run", "slugs", "--native");
  expect([native.code, desk.writes()]).toEqual([1, [expect.stringContaining("Printer")]]);
  expect(native.out + native.err).toContain("OWN_CODE_FAILED");
  expect(native.out + native.err).toContain("slug of own/text.ts: out of slugs");
  expect(native.err).toMatch(/slug of own\/text\.ts left something behind that failed.*forgotten/);
});

test("what cannot be loaded is told as that, not as a fault of the function", async () => {
  desk.write("package.json", '{ "type": "commonjs" }');
  const native = await execute("run", "slugs", "--native");
  rmSync(join(desk.folder, "package.json"));
  expect([native.code, native.out + native.err]).toEqual([1, expect.stringMatching(/own\/text\.ts cannot be loaded: .*"type": "module"/) as string]);
});

test("an export that executes none is refused, and no hint leads to another one", async () => {
  for (const target of [["python"], ["kubernetes"], ["compose", "--language", "python"]]) {
    const refused = await desk.run("export", "slugs", "--to", ...target, "--out", join(desk.folder, "none"));
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/EXPORT_REFUSED.*own\/text\.ts[^]*--language typescript/) as string]);
    expect(refused.err).not.toContain("as it stands or");
  }
});
