import { expect, test } from "vitest";
import { compileText, compiler, moduleOf } from "./compile.suite.ts";

const nest = (count: number, before: string, middle = "", after = ""): string => before.repeat(count) + middle + after.repeat(count);

/** Each of these must end in diagnostics: no crash, no hang. */
const DEEP: Readonly<Record<string, string>> = {
  parentheses: nest(10_000, "(", "1", ")"),
  lists: nest(10_000, "[", "1", "]"),
  objects: nest(10_000, "{ a: ", "1", "}"),
  not: `${"!".repeat(10_000)}true`,
  minus: `${"- ".repeat(10_000)}1`,
  conditionals: `${"true ? 1 : ".repeat(10_000)}1`,
  arrows: `${"() => ".repeat(10_000)}1`,
  awaits: `${"await ".repeat(10_000)}1`,
  sums: `1${" + 1".repeat(100_000)}`,
  members: `inputs${".a".repeat(20_000)}`,
  "chained calls": `[1]${".map((x) => x)".repeat(3000)}`,
  "asyncs that may be arrows": nest(60, "async (a = ", "1", ")"),
  "asyncs with type parameters": nest(60, "async <T>(a = ", "1", ")"),
  "asyncs with comments": nest(60, "async /* x */ (a = ", "1", ")"),
};

test.each(Object.entries(DEEP))("10,000 deep: %s", (_name, expression) => {
  const { program, diagnostics } = compileText(moduleOf(`return ${expression};`));
  expect(program).toBeNull();
  expect(diagnostics.map(({ code }) => code)).toEqual(["SOURCE_TOO_DEEP"]);
});

test.each([["else if", `${"if (inputs.flag) {} else ".repeat(5000)}{}`], ["ifs", `${"if (inputs.flag) ".repeat(5000)}{}`], ["types", `type A = string${"[]".repeat(10_000)};`], ["keyof", `type A = ${"keyof ".repeat(10_000)}string;`]])("deep statements and types: %s", (_name, body) => {
  expect(compileText(moduleOf(body)).diagnostics.map(({ code }) => code)).toEqual(["SOURCE_TOO_DEEP"]);
});

test("after a text that broke the compiler's stack the next one is checked as ever", () => {
  expect(compileText(moduleOf(`return ${"!".repeat(20_000)}true;`)).program).toBeNull();
  expect(compileText(moduleOf("return 1;")).diagnostics).toEqual([]);
});

test("what is deeper than a Program can be stored is refused while it is checked", () => {
  const { program, diagnostics } = compileText(moduleOf(`return 1${" + 1".repeat(400)};`));
  expect(program).toBeNull();
  expect(diagnostics[0]).toMatchObject({ code: "SOURCE_TOO_DEEP", hint: expect.stringMatching(/\S/) });
});

test("10 MiB are not looked at; 1 MiB is", () => {
  expect(compileText("x".repeat(10 * 1024 * 1024)).diagnostics).toMatchObject([{ code: "SOURCE_TOO_LARGE", hint: expect.stringMatching(/\S/) }]);
  expect(compileText("é".repeat(600_000)).diagnostics).toMatchObject([{ code: "SOURCE_TOO_LARGE" }]);
  expect(compileText(moduleOf(`return "${"x".repeat(1_000_000)}".length;`)).diagnostics).toEqual([]);
});

test("characters that no text file has are told with their place", () => {
  expect(compileText("const a = 1;\nconst b\0 = 2;").diagnostics).toMatchObject([{ code: "SOURCE_NOT_TEXT", line: 2, column: 8, hint: expect.stringMatching(/\S/) }]);
  expect(compileText("// \ud800").diagnostics).toMatchObject([{ code: "SOURCE_NOT_TEXT", line: 1, column: 4 }]);
  expect(compileText("// \udc00\ud800").diagnostics).toMatchObject([{ code: "SOURCE_NOT_TEXT" }]);
});

test("more faults than anyone reads are cut, and that is said", () => {
  const { diagnostics } = compileText(moduleOf("while (true) {}\n".repeat(900)));
  expect(diagnostics).toHaveLength(201);
  expect(diagnostics.at(-1)).toMatchObject({ code: "TOO_MANY_FAULTS", hint: expect.stringMatching(/\S/) });
});

/** Ways to make a type checker work without end. */
const BOMBS: Readonly<Record<string, string>> = {
  "conditional recursion": `type Loop<T extends unknown[]> = T["length"] extends 999 ? T : Loop<[...T, 1]>; const x: Loop<[]> = [];`,
  "template literals": `type D = "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9"; type Big = \`\${D}\${D}\${D}\${D}\${D}\${D}\`;`,
  "doubling aliases": `type A0 = [1, 1]; ${Array.from({ length: 40 }, (_, index) => `type A${index + 1} = [A${index}, A${index}];`).join(" ")} const a = 1 as unknown as A40;`,
  "intersections of unions": `type A = ${Array.from({ length: 30 }, (_, index) => `({ a${index}: 1 } | { b${index}: 2 })`).join(" & ")}; const a = 1 as unknown as A;`,
  "recursive structures": "type A = { a: A; b: A[] }; type B = { a: B; b: B[] }; const a = 1 as unknown as A; const b: B = a;",
};

test.each(Object.entries(BOMBS))("a type bomb ends in a program or in faults: %s", (_name, text) => {
  const { program, diagnostics } = compileText(moduleOf("return 1;", text));
  expect(program !== null || diagnostics.length > 0).toBe(true);
});

test("names that every object inherits are names like any other", () => {
  const source = moduleOf(`const o = JSON.parse("{}"); const toString = 1; const hasOwnProperty = o.valueOf; return [toString, hasOwnProperty, o.toString];`);
  expect(compileText(source).diagnostics).toEqual([]);
  const { diagnostics } = compileText(`import { __proto__, constructor, toString } from "offstage"; import { __proto__ as s } from "#servers"; toString(); s.x(); constructor.constructor();`);
  expect(diagnostics.every(({ code }) => code.startsWith("TS") || code in { SERVERS_NOT_LOCKED: 1, TOP_LEVEL_NOT_ALLOWED: 1, EXPORT_MISSING: 1 })).toBe(true);
});

test.each(["", "}{)(][`'\"", "\ufeff", "#!/bin/sh\n", "/*".repeat(50_000), "`${".repeat(90), "<a/>", "import", "export default", "@@@@", "\u2028\u2029", "const a = /["])("broken text %j gives diagnostics", (source) => {
  const { program, diagnostics } = compileText(source);
  expect(program).toBeNull();
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(compiler.compileProfile({ server: "s", file: "p.ts", source }).profile).toBeNull();
});
