import { expect, test } from "vitest";
import { compileText, mayWrite, moduleOf, serverTypes } from "./compile.suite.ts";
import { createCompiler } from "./compiler.ts";
import { nodeTimeLimit } from "./time-limit.ts";

// Texts that make TypeScript's checker compute for very long. Each must end here within the time that a test has.

const many = (count: number, make: (index: number) => string, between = " "): string => Array.from({ length: count }, (_, index) => make(index)).join(between);
const union = (count: number, name: string): string => many(count, (index) => `"${name}${index}"`, "|");
const DIGIT = `"0" as "0"|"1"|"2"|"3"|"4"|"5"|"6"|"7"|"8"|"9"`;

/** Refused before the checker sees them. */
const REFUSED: Readonly<Record<string, readonly [code: string, body: string, top?: string]>> = {
  "a conditional type that calls itself": ["TYPE_PROGRAM", "return 1;", `type R<T> = T extends string ? R<T> : R<[T]>; const a: R<1> = 1;`],
  "a template literal type of 100,000 texts": ["TYPE_PROGRAM", "return 1;", "type D = `${0|1|2|3|4|5|6|7|8|9}`; type T = `${D}${D}${D}${D}${D}`;"],
  "an intersection of unions": ["TYPE_PROGRAM", "return 1;", `${many(16, (k) => `type A${k} = { a${k}: 1 } | { a${k}: 2 };`)} const f = (x: ${many(16, (k) => `A${k}`, " & ")}): number => x.a0;`],
  "unions of an alias of an alias": ["TYPE_PROGRAM", "return 1;", `type A = ${many(40, (i) => `{ a: ${i} }`, "|")}; type B = A; type C = ${many(40, (i) => `{ c: ${i} }`, "|")}; const f = (x: (B) & C): number => x.a;`],
  "15,000 statements in one function": ["FUNCTION_TOO_LONG", many(15_000, (i) => `const v${i} = inputs.owner + "x${i}";`, "\n")],
  "3,000 objects of 700 shapes in one list": ["LIST_TOO_LONG", "return data.length;", `const data = [${many(3000, (i) => `{ k${i % 700}: ${i}, t: "x" }`, ", ")}];`],
  "a type that is an intersection with itself": ["TS2456", "return 1;", "type A = A & (1 | 2); const a = 1 as A;"],
};

test.each(Object.entries(REFUSED))("%s", (_name, [code, body, top]) => {
  const { program, diagnostics } = compileText(moduleOf(body, top));
  expect(program).toBeNull();
  expect(diagnostics.map((one) => one.code)).toContain(code);
});

/** The checker's own limits stop them, or they are no work. */
const BOUNDED: Readonly<Record<string, readonly [body: string, top?: string]>> = {
  "spreads of twenty unions": [`${many(20, (i) => `const u${i} = inputs.count > 1 ? { a${i}: 1 } : { b${i}: 1 };`)} const s = { ${many(20, (i) => `...u${i}`, ", ")} }; return s;`],
  "tuples that double": [`const t0 = [1, 2] as const; ${many(20, (i) => `const t${i + 1} = [...t${i}, ...t${i}] as const;`)} return t20.length;`],
  "a template of literals": [`const d = ${DIGIT}; const t = \`\${d}\${d}\${d}\${d}\${d}\` as const; return t;`],
  "helpers in helpers in helpers": [`return ${"p(".repeat(90)}1${")".repeat(90)} === null;`, `const p = <T,>(x: T) => ({ l: x, r: x });`],
  "a union of 20,000 texts": ["return 1;", `type U = ${union(20_000, "a")}; const a = "a1" as U;`],
  "300 conditions over one local": [`let x: string | number | null = null; ${many(300, (i) => `if (inputs.count > ${i}) x = ${i}; else if (x === null) x = "a";`, "\n")} return x;`],
  "utility types over utility types": ["return 1;", `type A0 = { a: 1; b: 2 }; ${many(60, (i) => `type A${i + 1} = Partial<Record<keyof A${i}, A${i}>> & Omit<A${i}, "a">;`)} const f = (x: A60): unknown => x;`],
};

test.each(Object.entries(BOUNDED))("ends: %s", (_name, [body, top]) => {
  expect(Array.isArray(compileText(moduleOf(body, top)).diagnostics)).toBe(true);
});

const assigned = (index: number): string => `for (const t${index} of inputs.tags) { if (a === null) a = b; if (b === null) b = c; if (c === null) c = a; `;
const NULLS = many(3, (i) => `let ${"abc"[i]}: string | number | null = null;`);
const CASES = many(999, (i) => `{ k: "${i}"; v${i}: ${i} }`, " | ");

/** Within every limit of size, and the checker would take minutes at least: only a clock stops it. */
const ENDLESS: Readonly<Record<string, readonly [body: string, top?: string]>> = {
  "loops in loops over locals that take each other's values": [`${NULLS} ${many(25, assigned)} ${"}".repeat(25)} return a;`],
  "a union of a thousand objects, narrowed four hundred times": ["return 1;", `const f = (x: ${CASES}): number => { ${many(400, (i) => `if (x.k === "${i}") return x.v${i};`)} return 0; };`],
};

test.each(Object.entries(ENDLESS))("a time limit stops %s, and the compiler goes on with the next module", (_name, [body, top]) => {
  let limitMs = 1_000;
  const timed = createCompiler({ timeLimit: (work) => nodeTimeLimit(limitMs)(work) });
  const check = (source: string) => timed.compileWorkflow({ file: "w.ts", source, serverTypes, mayWrite });
  const { program, diagnostics } = check(moduleOf(body, top));
  expect(program).toBeNull();
  expect(diagnostics.map(({ code, line }) => ({ code, line }))).toEqual([{ code: "CHECK_TOO_LONG", line: 1 }]);
  limitMs = 600_000;
  const plain = moduleOf("return (await github.list_pull_requests.pages({ ...inputs, state: \"open\" })).map((pr) => pr.title);");
  expect(check(plain)).toEqual(compileText(plain));
  expect(check(moduleOf("return inputs.nothing;")).diagnostics.map(({ code }) => code)).toEqual(["TS2339"]);
});

test("what the work throws is thrown, and what it gives is given", () => {
  const within = nodeTimeLimit(60_000);
  expect(within(() => within(() => 1))).toEqual({ ended: true, value: { ended: true, value: 1 } });
  expect(() => within(() => JSON.parse("{"))).toThrow(SyntaxError);
});
