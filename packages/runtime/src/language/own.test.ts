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
