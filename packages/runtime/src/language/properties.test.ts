import fc from "fast-check";
import { expect, test } from "vitest";
import { readFileSync } from "node:fs";
import { hashProgram, type Program } from "../program/index.ts";
import { compileText, moduleOf } from "./compile.suite.ts";
import { createCompiler } from "./compiler.ts";

const LEAKS = readFileSync(new URL("fixtures/leak-tickets.txt", import.meta.url), "utf8");

function compiled(source: string): Program {
  const { program, diagnostics } = compileText(source);
  if (program === null) throw new Error(JSON.stringify(diagnostics));
  return program;
}

/** Expressions of numbers over a few names, as text. */
const numbers = fc.letrec<{ node: string }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.integer({ min: 0, max: 1000 }).map(String),
    fc.constantFrom("a", "inputs.count", "list.length", `Number(inputs.owner)`),
    fc.tuple(tie("node"), fc.constantFrom("+", "-", "*", "/", "%"), tie("node")).map(([left, operator, right]) => `(${left} ${operator} ${right})`),
    fc.tuple(tie("node"), tie("node"), tie("node")).map(([test, left, right]) => `(${test} > 1 ? ${left} : ${right})`),
    tie("node").map((inner) => `list.map((x) => x + ${inner}).length`),
    tie("node").map((inner) => `Math.max(...list, ${inner})`),
  ),
})).node;

const programs = fc.array(numbers, { minLength: 1, maxLength: 4 }).map((values) => moduleOf(`const a = 1;\nconst list = [a, 2];\n${values.map((value, index) => `const v${index} = ${value};`).join("\n")}\nreturn [${values.map((_, index) => `v${index}`).join(", ")}];`));

test("lowering is the same each time, in a cold compiler too, and a Program is JSON", () => {
  const cold = createCompiler();
  fc.assert(
    fc.property(programs, (source) => {
      const program = compiled(source);
      expect(compiled(source)).toEqual(program);
      expect(cold.compileWorkflow({ file: "w.ts", source, serverTypes: null }).diagnostics.map(({ code }) => code)).toEqual(["SERVERS_NOT_LOCKED"]);
      expect(JSON.parse(JSON.stringify(program))).toEqual(program);
      expect(hashProgram(JSON.parse(JSON.stringify(program)) as Program)).toBe(hashProgram(program));
    }),
    { numRuns: 40 },
  );
  expect(createCompiler().compileWorkflow({ file: "w.ts", source: LEAKS, serverTypes: fixtureTypes() }).program).toEqual(compileText(LEAKS, { mayWrite: undefined as never }).program);
});

function fixtureTypes(): string {
  return readFileSync(new URL("fixtures/servers.d.ts", import.meta.url), "utf8");
}

test("the address ignores comments and layout", () => {
  const gaps = [...LEAKS.matchAll(/(?<=[,;{}(]) (?=[a-z{])|\n/g)].map((match) => match.index).filter((index) => isCode(index));
  const insertion = fc.tuple(fc.constantFrom(...gaps), fc.constantFrom(" ", "  \n", "/* note */ ", "\t", " // note\n"));
  const hash = hashProgram(compiled(LEAKS));
  fc.assert(
    fc.property(fc.array(insertion, { minLength: 1, maxLength: 10 }), (insertions) => {
      const sorted = insertions.toSorted(([a], [b]) => b - a);
      const edited = sorted.reduce((text, [index, inserted]) => text.slice(0, index + 1) + inserted + text.slice(index + 1), LEAKS);
      expect(hashProgram(compiled(edited))).toBe(hash);
    }),
    { numRuns: 40 },
  );
});

/** Not inside a text, template, pattern or comment: the fixture has those only where these marks are. */
function isCode(index: number): boolean {
  const line = LEAKS.slice(LEAKS.lastIndexOf("\n", index - 1) + 1, LEAKS.indexOf("\n", index + 1));
  return !/["`/]/.test(line);
}

test.each([
  ["comment:$", "note:$"], ["parallel: 4", "parallel: 5"], ["writes: 50", "writes: 51"], ["/memory leak/i", "/memory leak/"], [`record("ticket"`, `record("tickets"`], [`every("10m")`, `every("11m")`], ["pr.node_id,", "pr.html_url,"],
])("the address is another one when %s becomes %s", (from, to) => {
  expect(LEAKS).toContain(from);
  expect(hashProgram(compiled(LEAKS.replace(from, to)))).not.toBe(hashProgram(compiled(LEAKS)));
});

test("the address stays when a local is renamed", () => {
  expect(hashProgram(compiled(LEAKS.replaceAll("leaks", "found").replace("{ found: found", "{ leaks: found")))).toBe(hashProgram(compiled(LEAKS)));
});

test("any text gives a program or faults with a place in the text, never an exception", () => {
  const pieces = LEAKS.split(/(?<=[\s(){},;])/);
  const mangled = fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.shuffledSubarray(pieces, { maxLength: 60 }).map((parts) => parts.join("")), fc.tuple(fc.nat(pieces.length - 1), fc.nat(20)).map(([from, count]) => pieces.toSpliced(from, count).join("")));
  fc.assert(
    fc.property(mangled, (source) => {
      const { program, diagnostics } = compileText(source);
      const linesInSource = source.split(/\r\n|[\n\r\u2028\u2029]/).length;
      expect(program === null).toBe(diagnostics.some(({ severity }) => severity === "error"));
      for (const { line, column, message } of diagnostics) {
        expect(line).toBeGreaterThan(0);
        expect(line).toBeLessThanOrEqual(linesInSource);
        expect(column).toBeGreaterThan(0);
        expect(message).not.toBe("");
      }
    }),
    { numRuns: 200 },
  );
});
