import { expect, test } from "vitest";
import { compileText, moduleOf } from "./compile.suite.ts";

const MODULES: { readonly [name: string]: string } = {
  "own/text": `import { createHash } from "node:crypto";
export async function slug(text: string): Promise<string> { return createHash("sha256").update(text).digest("hex"); }
export const clock = (): number => Date.now();
export const titleOf = (issue: { readonly title: string }): Promise<{ readonly title: string }> => Promise.resolve({ title: issue.title });
export interface Named { readonly name: string }`,
};
const IMPORT = `import { slug, titleOf } from "./own/text.ts";`;

function codes(body: string, top = IMPORT): readonly string[] {
  return compileText(moduleOf(body, top), { module: (name) => MODULES[name] ?? null }).diagnostics.map(({ code }) => code);
}

test("an import says where the language ends, and a call is a step with its types", () => {
  expect(codes(`return (await slug(inputs.owner)).length;`)).toEqual(["OWN_CODE"]);
  expect(codes(`return await slug(3);`)).toEqual(["OWN_CODE", "TS2345"]);
  expect(codes(`return (await titleOf({ title: "a" })).title.toUpperCase();`)).toEqual(["OWN_CODE"]);
  const { program, diagnostics } = compileText(moduleOf(`return await slug("a");`, IMPORT), { module: (name) => MODULES[name] ?? null });
  expect(program?.body.body).toMatchObject([{ kind: "return", value: { kind: "own", site: "slug#1", module: "text", name: "slug", args: [{ kind: "const", value: "a" }] } }]);
  expect(diagnostics).toMatchObject([{ severity: "warning", message: "Here the language ends: what own/text.ts does is not looked into." }]);
});

test.each([
  [`slug("a");`, IMPORT, ["FLOATING_PROMISE"]],
  [`return slug("a").length;`, IMPORT, ["TS2339"]],
  [`return await clock();`, `import { clock } from "./own/text.ts";`, ["OWN_NOT_ASYNC"]],
  [`return inputs.tags.map(slug);`, IMPORT, ["FUNCTION_AS_VALUE"]],
  [`return await slug(...inputs.tags);`, IMPORT, ["SPREAD_NOT_ALLOWED"]],
  [`return 1;`, `import own from "./own/text.ts";`, ["IMPORT_NOT_ALLOWED"]],
  [`return 1;`, `import * as own from "./own/text.ts";`, ["IMPORT_NOT_ALLOWED"]],
  [`return 1;`, `import { slug } from "./own/none.ts";`, ["IMPORT_NOT_FOUND"]],
  [`return 1;`, `import { slug } from "../own/text.ts";`, ["IMPORT_NOT_ALLOWED"]],
  [`return 1;`, `import { createHash } from "node:crypto";`, ["IMPORT_NOT_ALLOWED"]],
])("%s with %s is refused", (body, top, expected) => {
  expect(codes(body, top)).toEqual(expect.arrayContaining(expected));
  expect(compileText(moduleOf(body, top), { module: (name) => MODULES[name] ?? null }).program).toBeNull();
});

test("a type that is imported is nothing that runs", () => {
  expect(codes(`const named: Named = { name: "a" }; return named.name;`, `import type { Named } from "./own/text.ts";`)).toEqual([]);
});

test("it makes no write, so that a once around it needs one of its own", () => {
  expect(codes(`await once("k", () => slug("a"));`)).toContain("ONE_WRITE");
  expect(codes(`await once("k", async () => jira.jira_issues({ action: "create", projectKey: "P", summary: await slug("a") }));`)).toEqual(["OWN_CODE"]);
});

/** What is wrong with a module of its owner's that a workflow imports, and with what that imports. */
function faultsOf(text: string, others: { readonly [name: string]: string } = {}) {
  const modules: { readonly [name: string]: string } = { "own/text": `${text}\nexport const slug = async (given: string): Promise<string> => given;`, ...others };
  const { program, diagnostics } = compileText(moduleOf(`return await slug("a");`, `import { slug } from "./own/text.ts";`), { module: (name) => modules[name] ?? null });
  const faults = diagnostics.filter(({ severity }) => severity === "error");
  expect(program === null).toBe(faults.length > 0);
  return faults.map(({ code, file, line }) => `${file}:${line} ${code}`);
}

test.each([
  "enum A { B }", "const enum A { B }", "class A { constructor(private x: string) {} }", "namespace A { export const b = 1; }", "namespace A.B { const b = 1; }", `import fs = require("fs");`, "const a = <string>b;", "@dec class A {}", "class A { @dec x = 1 }",
])("own code of %s is no module that Node loads", (text) => {
  expect(faultsOf(`type Fine = 1;\n${text}`)).toEqual(["own/text.ts:2 TYPE_NOT_ALLOWED"]);
});

test.each([
  "declare enum A { B }", "declare namespace A { const b: 1; }", "namespace A { export type B = 1; namespace C { interface X {} } }", "abstract class A<T> { declare x: T; private readonly y = 1; abstract b(): void; f(): void; f(x?: string) {} }", `import type fs = require("fs");`,
  `import type { A } from "./none.ts";`, `import "../elsewhere.ts";`, `import table from "./table.json" with { type: "json" };`, `export { join } from "node:path";`, "const x: string = (await fetch(import.meta.url))!.url as string;",
])("own code of %s is Node's business", (text) => {
  expect(faultsOf(text)).toEqual([]);
});

test("a text that is no module is a fault of its own file, and so is an import of one that is not there, also in what it imports", () => {
  expect(new Set(faultsOf("const = 1;"))).toEqual(new Set(["own/text.ts:1 TS1134"]));
  expect(faultsOf(`const sum = ${Array.from({ length: 5_000 }, () => "1").join(" + ")};`)).toEqual([]);
  expect(faultsOf(`import { a } from "./none.ts";\nexport * from "./deep/near.ts";\nimport "./text";`, { "own/deep/near": `\nimport "../text.ts";\nimport "./far.ts";` })).toEqual(["own/text.ts:1 IMPORT_NOT_FOUND", "own/text.ts:3 IMPORT_NOT_FOUND", "own/deep/near.ts:3 IMPORT_NOT_FOUND"]);
});
