import { expect, test } from "vitest";
import type { Program } from "../program/index.ts";
import { bodyProgram, programOf } from "../testing/compile-source.ts";
import { instrument } from "./instrument.ts";

/** The line of the body, or what was made of it. */
function marked(body: string, top = ""): string {
  return instrument(bodyProgram(body, top)).text.split("\n")[6] ?? "";
}

test.each([
  ["steps by the name that they begin with", "await world.get({}); log(now());", '$at("world.get#1", world).get({}); $at("log#1", log)($at("now#1", now)());'],
  ["pages, and names in wrappings", "(await (world.list.pages)({}, { max: 1 }));", '(await ($at("world.list.pages#1", world).list.pages)({}, { max: 1 }));'],
  ["nested steps", "await once(`${now()}`, () => world.create({}));", '$at("once#1", once)(`${$text($at("now#1", now)())}`, () => $at("world.create#1", world).create({}));'],
  ["what templates and operators are given, unless it is surely a text or number", "const n = run.startedAt; const a = n + 1 < 2 * 3 || n < 1; return `${n}${`x`}${1 + 2} ${n}`;", 'const a = $operator("+", n , 1) < 2 * 3 || $operator("<", n , 1); return `${$text(n)}${`x`}${1 + 2} ${$text(n)}`;'],
  ["changes of locals", "let n = 1; n += 2 ; n *= (n);", 'let n = 1; n = $operator("+", n,  2) ; n = $operator("*", n,  (n));'],
  ["signs, and places in lists, but in optional chains", "const n: number[] = [1]; const i = Number(\"1\"); return [-n[ i ]! , - -i, +1, -(2), n?.[0], `${n[0]!}`, n[n[0]!]];", 'return [$sign("-", $index(n,  i )!) , - $sign("-", i), +1, -(2), n?.[0], `${$text($index(n, 0)!)}`, $index(n, $index(n, 0)!)];'],
  ["handlers, with and without a binding", "try { log(1); } catch (error: unknown) { log(2); } try { log(3); } catch { log(4); }", 'catch ($error) { let error: unknown = $caught($error); $at("log#2", log)(2); } try { $at("log#3", log)(3); } catch ($error) { $caught($error); $at("log#4", log)(4); }'],
])("marks %s", (_, body, expected) => {
  const [before] = [body.includes("`") ? "$$" : "$"];
  expect(marked(body)).toContain(expected.replaceAll(/\$(?=at|caught|error|text|operator|sign|index)/g, () => before));
});

test("marks helpers that take steps, where they are called and where they are handed over, shorthand too", () => {
  const top = "const create = async () => world.create({}); const plain = () => 1;";
  expect(marked("await once('a', create);", top)).toBe(`await $at("once#1", once)('a', $at("create#1", create));`);
  expect(marked("const a = create; return a;", "const create = 1;")).toBe("const a = create; return a;");
  expect(marked("await parallel({ create }); plain();", top)).toBe(`await $at("parallel#1", parallel)({ create: $at("create#1", create) }); plain();`);
});

test("marks the turns of a loop in which something pauses, and of no other", () => {
  expect(marked("for (const n of range(2)) { log(n); } for (const n of range(2)) await world.get({ n });")).toContain(`for (const n of range(2)) { $at("log#1", log)(n); } for (const n of $turns("for#2", range(2))) await`);
  expect(marked("for (const x of await look()) { await look(); }", "const look = async () => (await world.list({})) as string[];")).toContain(`for (const x of $turns("for#1", await $at("look#1", look)())) { await $at("look#2", look)(); }`);
});

test("keeps every line where it is", () => {
  const body = "try {\n  await world.get({});\n} catch (error) // why\n// there\n{\n  log(error);\n}";
  const program = bodyProgram(body);
  const unmarked = instrument(program).text.replaceAll(/\$at\("[^"]*", (\w+)\)/g, "$1").split("\n");
  const before = program.debug.source.split("\n");
  expect(unmarked.slice(0, 8)).toEqual(before.slice(0, 8));
  expect(unmarked.slice(11, before.length)).toEqual(before.slice(11));
});

test("its own names begin as no name of the text does", () => {
  expect(marked("const $at = 1; log($at);")).toBe(`const $at = 1; $$at("log#1", log)($at);`);
});

test("tells what is imported as a value, and takes JSON over where it is used", () => {
  const program = programOf('import type { Json } from "offstage"; import { log as say, workflow, type Time } from "offstage"; import { world as w } from "#servers";\nexport default workflow({ name: "a", description: "b", on: [] }, async () => { const t: Time | Json = null; say(t); await w.get({}); return JSON.stringify(1); });');
  const { text, imports } = instrument(program);
  expect(imports).toEqual({ offstage: ["log", "workflow", "$at", "$turns", "$text", "$operator", "$sign", "$index", "$caught", "JSON"], "#servers": ["world"] });
  expect(text).toContain('$at("log#1", say)(t); await $at("world.get#1", w).get({});');
  expect(text).toMatch(/import \{ \$at as \$at, \$turns as \$turns, \$text as \$text, \$operator as \$operator, \$sign as \$sign, \$index as \$index, \$caught as \$caught, JSON \} from "offstage";\n$/);
});

test("a module of own code that is imported twice, or by two names, has each name once", () => {
  const top = `import { slug, slug as again } from "./own/text.ts"; import { kebab } from "./own/text.ts"; import type { Named } from "./own/text.ts";`;
  const modules = { "own/text": "export const slug = async (): Promise<string> => ''; export const kebab = slug; export type Named = string;" };
  expect([...instrument(bodyProgram("const named: Named = await slug(); return [named, await again(), await kebab()];", top, "checked", modules)).own]).toEqual([["text", ["slug", "kebab"]]]);
});

test("a constant that looks like a step is none", () => {
  const program: Program = bodyProgram('return [{ kind: "tool", site: "x" }, "for"];');
  expect(instrument(program).text).toContain('return [{ kind: "tool", site: "x" }, "for"];');
});
