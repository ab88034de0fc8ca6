import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createDeskProject, type DeskProject } from "../testing/desk-project.ts";

// The package in an empty folder, installed with what is on the registry and run with what it carries: nothing of the clone is near.

/** As of a shell: what npm and vitest tell the processes that they start is not for these. */
const ENV = { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(npm_|VITEST|NODE_OPTIONS)/i.test(name))), NO_COLOR: "1" };

/** What the package does not ask of its owner, whose text only has to pass `check`. */
const STRICTEST = ["exactOptionalPropertyTypes", "noImplicitReturns", "noPropertyAccessFromIndexSignature", "noUnusedLocals", "noUnusedParameters", "verbatimModuleSyntax"];

let desk: DeskProject;
let folder: string;
beforeAll(async () => {
  desk = await createDeskProject();
  folder = mkdtempSync(join(tmpdir(), "offstage-package-"));
  await desk.run("export", "tickets", "--to", "typescript", "--out", folder);
  command("npm", "install", "--loglevel=error");
}, 300_000);
afterAll(() => {
  desk.remove();
  rmSync(folder, { recursive: true, force: true });
});

function command(name: string, ...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(name, args, { cwd: folder, encoding: "utf8", env: ENV });
  return { status, out: stdout, err: stderr };
}

test("it type-checks, under the strictest settings too, and its linter finds nothing", () => {
  expect(command("npm", "run", "--silent", "typecheck")).toMatchObject({ status: 0, out: "" });
  expect(command("npm", "run", "--silent", "typecheck", "--", ...STRICTEST.map((option) => `--${option}`))).toMatchObject({ status: 0, out: "" });
  expect(command("npm", "run", "--silent", "lint")).toMatchObject({ status: 0, out: expect.stringContaining("Found 0 warnings and 0 errors.") as string });
}, 120_000);

test("what check accepts type-checks, whatever a stricter compiler would say of it", () => {
  const path = join(folder, "workflows/tickets.ts");
  const text = readFileSync(path, "utf8");
  writeFileSync(path, `${text.replace(/import \{ /, "import { every as unread, StepError, ")}
interface Kept { readonly key?: string }
const kept = (key: string | undefined): Kept => ({ key });
const first = (flag: boolean, unread: Readonly<Record<string, string>>): string | undefined => {
  if (flag) return unread.first;
};
`);
  expect(command("npm", "run", "--silent", "check")).toMatchObject({ status: 0 });
  expect(command("npm", "run", "--silent", "typecheck")).toMatchObject({ status: 0, out: "" });
  expect(command("npm", "run", "--silent", "typecheck", "--", ...STRICTEST.map((option) => `--${option}`)).status).not.toBe(0);
  writeFileSync(path, text);
}, 120_000);

test("plan shows what apply does, apply does it once, a native run finds it done, and each hint is a command of the package", () => {
  const planned = command("npm", "run", "--silent", "plan", "--", "--out", "plan.json");
  expect(command("node", "main.ts", "--help").out).toMatch(/^Usage: node main\.ts /);
  expect(planned).toMatchObject({ status: 0, out: expect.stringContaining("Plan: 2 to create") as string });
  expect(desk.writes()).toEqual([]);
  const [, hint = ""] = /^To perform exactly this: (.*)$/m.exec(planned.out) ?? [];
  expect(hint).toBe("node main.ts apply plan.json");
  expect(command("npm", "run", "--silent", "apply", "--", "plan.json", "--yes")).toMatchObject({ status: 0, out: expect.stringContaining("2 writes") as string });
  expect(command("npm", "start", "--silent")).toMatchObject({ status: 0, out: expect.stringContaining("0 writes") as string });
  expect(desk.writes()).toHaveLength(2);
}, 120_000);

test("its types are those of the tools as they are locked, and its typecheck says where the text does not fit them any more", async () => {
  const types = (): string => readFileSync(join(folder, "types/servers.d.ts"), "utf8");
  const exported = types();
  const main = (...args: readonly string[]) => command("node", "main.ts", ...args);
  const pinned = readFileSync(join(folder, "offstage.lock"), "utf8");
  expect([main("check").status, main("lock").status, types()]).toEqual([0, 0, exported]);
  desk.change({ edition: 2 });
  // As in Python: what a package was pinned to is replaced when somebody says so.
  expect(main("lock")).toMatchObject({ status: 0, out: expect.stringMatching(/! argument audience became required\n[^]*breaks tickets: [^]*offstage\.lock differs from the servers/) as string, err: expect.stringContaining("node main.ts lock --accept, or one by its name: node main.ts lock --accept desk.open_ticket") as string });
  expect([readFileSync(join(folder, "offstage.lock"), "utf8"), types()]).toEqual([pinned, exported]);
  expect(main("lock", "--check").status).toBe(3);
  expect(main("lock", "--accept").out).toContain("Locked 1 server, 6 tools.");
  expect(command("npm", "run", "--silent", "typecheck")).toMatchObject({ status: 1, out: expect.stringContaining("'audience'") as string });
  desk.change({ edition: 1 });
  expect([main("lock", "--accept", "desk").status, types()]).toEqual([0, exported]);
}, 120_000);

test("declarations of packages are not looked at, the owner's own text is", () => {
  const place = join(folder, "node_modules/other");
  mkdirSync(place);
  writeFileSync(join(place, "package.json"), `{"name":"other","version":"1.0.0","types":"index.d.ts"}`);
  writeFileSync(join(place, "index.d.ts"), "declare module other { export const one: number; }\nexport = other;\n");
  const own = join(folder, "workflows/own");
  mkdirSync(own);
  writeFileSync(join(own, "takes.ts"), `import other from "other";\nexport const one = async (): Promise<number> => other.one;\n`);
  expect(command("npm", "run", "--silent", "typecheck")).toMatchObject({ status: 0, out: "" });
  writeFileSync(join(own, "takes.ts"), `import other from "other";\nexport const one = async (): Promise<string> => other.one;\n`);
  expect(command("npm", "run", "--silent", "typecheck")).toMatchObject({ status: 1, out: expect.stringContaining("takes.ts(2") as string });
  rmSync(own, { recursive: true });
  rmSync(place, { recursive: true });
}, 120_000);

test("code of the owner's own goes along, all of it, and is executed there", async () => {
  const own = mkdtempSync(join(tmpdir(), "offstage-package-own-"));
  mkdirSync(join(desk.folder, "workflows/own"));
  desk.write("workflows/own/text.ts", `import { hyphens } from "./hyphens.ts";\nexport async function slug(title: string): Promise<string> { return hyphens(title.toLowerCase()); }\n`);
  desk.write("workflows/own/hyphens.ts", `export const hyphens = (text: string): string => text.replaceAll(" ", "-");\n`);
  desk.write("workflows/slugs.ts", `import { once, workflow } from "offstage";
import { desk } from "#servers";
import { slug } from "./own/text.ts";

export default workflow({ name: "slugs", description: "Says a slug.", on: [], limits: { writes: 1 } }, async () => {
  const text = await slug("It Leaks");
  await once(\`say:\${text}\`, () => desk.say({ text }));
});
`);
  expect(await desk.run("export", "slugs", "--to", "typescript", "--out", own)).toMatchObject({ code: 0 });
  renameSync(join(folder, "node_modules"), join(own, "node_modules"));
  const told = [["run", "--silent", "typecheck"], ["start", "--silent"]].map((args) => spawnSync("npm", args, { cwd: own, encoding: "utf8", env: ENV }));
  renameSync(join(own, "node_modules"), join(folder, "node_modules"));
  rmSync(own, { recursive: true });
  expect(told).toEqual([expect.objectContaining({ status: 0, stdout: "" }), expect.objectContaining({ status: 0, stdout: expect.stringContaining("1 write") as string })]);
  expect(desk.writes().at(-1)).toContain("it-leaks");
}, 120_000);

test("it needs no compiler until its text is changed; then the carried Program is void", () => {
  rmSync(join(folder, ".offstage/cache"), { recursive: true, force: true });
  const compiler = join(folder, "node_modules/offstage/node_modules/typescript");
  const path = join(folder, "workflows/tickets.ts");
  const text = readFileSync(path, "utf8");
  expect(command("npm", "start", "--silent")).toMatchObject({ status: 0 });
  writeFileSync(path, text.replace("return { keys };", "return { keys, edited: true };"));
  expect(command("npm", "start", "--silent")).toMatchObject({ status: 0, out: expect.stringContaining('"edited":true') as string });
  writeFileSync(path, text);
  rmSync(join(folder, ".offstage/cache"), { recursive: true, force: true });
  rmSync(compiler, { recursive: true, force: true });
  expect(command("npm", "start", "--silent")).toMatchObject({ status: 0, out: expect.not.stringContaining("edited") as string });
}, 120_000);
