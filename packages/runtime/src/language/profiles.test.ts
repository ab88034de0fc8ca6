import { expect, test } from "vitest";
import { compiler, serverTypes } from "./compile.suite.ts";

function compile(rules: string, top = "", more: { readonly serverTypes?: string } = {}) {
  return compiler.compileProfile({ server: "jira", file: "p.ts", source: `import { profile, capture, now } from "offstage"; import type { jira } from "#servers";\n${top}\nexport default profile("p@1", ${rules});`, ...more });
}

test("every field of a rule is lowered", () => {
  const { profile, diagnostics } = compile(`{ a: [{
    when: (a) => a.x === 1, effect: "prepare", result: (r) => ({ n: r.text.length }), failed: (r) => r.isError, refused: (r) => r.isError, gone: (r) => r.isError,
    idempotent: (a) => a.y === true, consistent: false, lag: "2m", pages: "none", rate: { perSecond: 0.5 }, undo: "delete it", target: (a) => "t", sensitive: ["a.b"], affects: ["c"], names: { AResult: "A" },
  }], "*": { rate: { concurrent: 2 } } }`);
  expect(diagnostics).toEqual([]);
  expect(Object.keys(profile?.rules["a"]?.[0] ?? {}).toSorted()).toEqual(["affects", "consistent", "effect", "failed", "gone", "idempotent", "lagMs", "pages", "rate", "refused", "result", "sensitive", "target", "undo", "when"]);
  expect(profile).toMatchObject({ names: { AResult: "A" }, rules: { a: [{ lagMs: 120_000, consistent: false, pages: "none", rate: { perSecond: 0.5 } }], "*": [{ rate: { concurrent: 2 } }] } });
});

test("the types say when a rule holds, what it gives, and where the items are", () => {
  const { types } = compile(`{ a: [
    { when: (a) => a.action === "x" && a.deep === true && a.n === 1 && a.z === null, result: (r) => ({ id: Number(r.text), tags: [r.text], at: r.isError ? "now" : null, "odd-name": r.data }) },
    { when: (a) => a.action !== "x" }, { when: ({ action }) => action === "x" },
    { pages: { by: "cursor", param: "c", items: (r) => r.data.rows, next: (r) => r.next } }, { pages: { by: "none", items: (r) => [capture(r.text, /a/)] } },
  ] }`);
  expect(types?.tools["a"]).toMatchObject([
    { when: [{ argument: "action", equals: "x" }, { argument: "deep", equals: true }, { argument: "n", equals: 1 }, { argument: "z", equals: null }], result: `{ readonly id: number; readonly tags: readonly string[]; readonly at: string | null; readonly "odd-name": any }` },
    { when: null }, { when: null },
    { when: [], pages: { path: ["data", "rows"] } }, { when: [], pages: { path: null, item: "string" } },
  ]);
});

test("names of the profile's own types are written out", () => {
  const { types } = compile(`{ a: [{ result: (r): Made => ({ key: r.text, of: { kind: "a" } }) }] }`, `interface Made { key: string; of: Kind } type Kind = { kind: "a" | "b"; next?: Kind };`);
  expect(types?.tools["a"]?.[0]?.result).toMatch(/^\{ readonly key: string; readonly of: \{ readonly kind: "a" \| "b"; readonly next\?: /);
  expect(types?.tools["a"]?.[0]?.result).not.toMatch(/Made|Kind/);
  expect(types?.tools["a"]?.[0]?.resultType).toMatchObject({ kind: "object", fields: [{ name: "key", type: { kind: "string" } }, { name: "of", type: { kind: "object", fields: [{ name: "kind" }, { name: "next", optional: true }] } }] });
});

test.each([
  ["NOT_STATIC", `{ a: [{ lag: String(1) }] }`],
  ["NOT_STATIC", `{ a: [{ effect: ["read"][0] as "read" }] }`],
  ["NOT_STATIC", `JSON.parse("{}")`],
  ["NOT_STATIC", `{ a: [{ pages: { by: "page", param: "p", size: ["n"] } }] }`],
  ["OPTION_UNKNOWN", `{ a: [{ ...{ effects: "read" } }] }`],
  ["OPTION_MISSING", `{ a: [{ pages: { by: "page" } }] }`],
  ["DURATION_INVALID", `{ a: [{ lag: "soon" }] }`],
  ["TOP_LEVEL_STEP", `{ a: [{ when: () => now() > 1 }] }`],
  ["FORBIDDEN_NAME", `{ ["__proto__"]: [{ effect: "read" }] }`],
  ["ASYNC_CALLBACK", `{ a: [{ gone: (async () => true) as never }] }`],
  ["NAME_INVALID", `{ a: [{ names: { A: "not a name" } }] }`],
])("%s in %s", (code, rules) => {
  const { profile, types, diagnostics } = compile(rules);
  expect([profile, types]).toEqual([null, null]);
  expect(diagnostics).toContainEqual(expect.objectContaining({ code, line: 3, file: "p.ts", hint: expect.stringMatching(/\S/) }));
});

test("a profile says which hosts its server speaks to; without a word the Program has none, and no list is not an empty one", () => {
  const said = (options: string, top = "") => compiler.compileProfile({ server: "jira", file: "p.ts", source: `import { profile } from "offstage";\n${top}\nexport default profile("p@1", {}${options});` });
  expect(said(`, { hosts: ["api.example.com", region] }`, `const region = "*.eu.example.com:443";`).profile).toMatchObject({ hosts: ["api.example.com", "*.eu.example.com:443"] });
  expect(said(`, { hosts: [] }`).profile).toMatchObject({ hosts: [] });
  for (const options of ["", ", {}"]) expect(said(options).profile).not.toHaveProperty("hosts");
  expect(said(`, { hosts: ["api.example.com",\n"https://x"] }`).diagnostics).toMatchObject([{ code: "HOST_INVALID", line: 4, message: '"https://x" names no host.' }]);
  expect(said(`, { hosts: ["*.com"] }`).diagnostics).toMatchObject([{ code: "HOST_INVALID" }]);
  expect(said(`, { hosts: "x".split("") }`).diagnostics).toMatchObject([{ code: "NOT_STATIC" }]);
  expect(said(`, { ...{ hosts: [], host: [] } }`).diagnostics).toMatchObject([{ code: "OPTION_UNKNOWN" }]);
});

test("a profile is checked against the tools of its server", () => {
  const source = `import { profile } from "offstage"; import type { jira } from "#servers"; export default profile<typeof jira>("p@1", { jira_isues: [{ effect: "read" }], jira_issues: [{ when: (a) => a.action === "fly" }] });`;
  const { diagnostics } = compiler.compileProfile({ server: "jira", file: "p.ts", source, serverTypes });
  expect(diagnostics.map(({ code }) => code)).toEqual(["TS2561", "TS2367"]);
});

test("a function that depends on a helper's argument cannot be read without running it", () => {
  const { diagnostics } = compile(`{ a: [rule("x")] }`, `const rule = (word: string) => ({ gone: (r: { text: string }) => r.text.includes(word) });`);
  expect(diagnostics.map(({ code }) => code)).toContain("NOT_STATIC");
});

test("a server's tools may be called like what every object has, and a profile need not name them", () => {
  const rule = (rules: string) => `import { profile } from "offstage"; import type { odd } from "#servers"; export default profile<typeof odd>("p@1", { ${rules} });`;
  const odd = `declare module "#servers" { import type { ServerBase, Tool } from "offstage"; export const odd: { toString: Tool<{ a: string }, string>; constructor: Tool<{}, string>; __proto__: Tool<{}, string> } & ServerBase; }`;
  const types = { serverTypes: odd };
  expect(compiler.compileProfile({ server: "odd", file: "p.ts", source: rule(""), ...types }).diagnostics).toEqual([]);
  expect(compiler.compileProfile({ server: "odd", file: "p.ts", source: rule('toString: [{ effect: "read", when: (a) => a.a === "x" }]'), ...types }).diagnostics).toEqual([]);
  expect(compiler.compileProfile({ server: "odd", file: "p.ts", source: rule('toString: [{ effect: "reed" }]'), ...types }).diagnostics).toContainEqual(expect.objectContaining({ code: "TS2322" }));
});
