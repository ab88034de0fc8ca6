import { expect, test } from "vitest";
import type { Data } from "../base/index.ts";
import { draftProfile } from "./draft-profile.ts";
import { learn } from "./learn.ts";
import { someCatalogue } from "./tools.suite.ts";

/** The rules of a draft, without what is said above them all. */
function drafted(tool: Data, results: readonly Data[] = []): readonly string[] {
  const learnt = results.length === 0 ? undefined : results.reduce<ReturnType<typeof learn> | null>((known, one) => learn(known, one), null) ?? undefined;
  const text = draftProfile({ identifier: "demo", source: "demo@1.2.3", tools: someCatalogue([tool]).tools, learnt: () => learnt });
  return text.slice(text.indexOf("export default")).trimEnd().split("\n").slice(1, -1);
}

const takes = (...names: readonly string[]): Data => ({ type: "object", properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])) });

test("what nobody vouches for is a write; a name only suggests", () => {
  expect(drafted({ name: "frob", description: "Frobs.\nMuch more." })).toEqual(["  // Frobs.", "  frob: [", '    { effect: "write" },', "  ],"]);
  expect(drafted({ name: "list_things" })).toEqual(["  list_things: [", '    // TODO: by its name it reads, and nobody says so. When you know: effect: "read".', '    { effect: "write" },', "  ],"]);
});

test("a hint makes a read that is to be confirmed, unless its name or a program among its arguments says otherwise", () => {
  const rule = (tool: { readonly [name: string]: Data }): string | undefined => drafted({ annotations: { readOnlyHint: true }, ...tool }).find((line) => line.includes("{ "));
  const todo = (tool: { readonly [name: string]: Data }): string | undefined => drafted({ annotations: { readOnlyHint: true }, ...tool }).find((line) => line.includes("TODO"));
  expect(rule({ name: "list_things" })).toBe('    { effect: "read" },');
  expect(todo({ name: "list_things" })).toContain("a hint: the server calls it read-only. Confirm");
  expect(rule({ name: "delete_thing" })).toBe('    { effect: "write", undo: "none" },');
  expect(rule({ name: "aggregate", inputSchema: takes("pipeline") })).toBe('    { effect: "write" },');
  expect(todo({ name: "aggregate", inputSchema: takes("pipeline") })).toContain("what pipeline says may write");
});

test("an action argument makes one rule for each of its values", () => {
  const tool = { name: "issues", inputSchema: { properties: { action: { enum: ["get", "create", "delete \"all\""] } } } };
  expect(drafted(tool)).toEqual([
    "  issues: [",
    '    // TODO: by its name it reads, and nobody says so. When you know: effect: "read".', '    { when: (a) => a.action === "get", effect: "write" },',
    '    { when: (a) => a.action === "create", effect: "write" },',
    '    { when: (a) => a.action === "delete \\"all\\"", effect: "write", undo: "none" },',
    "  ],",
  ]);
});

test("repeating is only suggested: a wrong hint would write twice; what destroys cannot be undone until somebody says how", () => {
  expect(drafted({ name: "put", annotations: { idempotentHint: true, destructiveHint: true } })).toEqual([
    "  put: [",
    "    // TODO: a hint: the server says that repeating it does nothing more. When you know: idempotent: true.",
    '    { effect: "write", undo: "none" },', "  ],",
  ]);
});

test("pages are guessed from arguments and results, declared or learnt; what is not clear is said", () => {
  const list = (inputSchema: Data, rest: { readonly [name: string]: Data } = {}, results: readonly Data[] = []): string | undefined => drafted({ name: "list", annotations: { readOnlyHint: true }, inputSchema, ...rest }, results).findLast((line) => /pages/.test(line))?.trim();
  const bounded = { properties: { page: { type: "integer" }, per_page: { type: "integer", maximum: 100 } } };
  expect(list(bounded, {}, [[{ id: 1 }]])).toBe('{ effect: "read", pages: { by: "page", param: "page", size: ["per_page", 100] } },');
  expect(list(takes("cursor"), { outputSchema: { type: "object", properties: { issues: { type: "array" }, nextCursor: { type: "string" } } } })).toBe('{ effect: "read", pages: { by: "cursor", param: "cursor", items: (r) => r.issues, next: (r) => r.nextCursor ?? null } },');
  expect(list(takes("offset", "limit"), {}, [{ items: [{ id: 1 }], total: 3 }])).toBe('{ effect: "read", pages: { by: "offset", param: "offset", items: (r) => r.items } },');
  expect(list(takes("cursor"))).toBe("// TODO: it takes cursor: say how it pages.");
  expect(list(takes("page"), {}, [{ a: [], b: [] }])).toBe("// TODO: it takes page: say how it pages.");
});

test.each([["@acme/x@1.2.3", "@acme/x@1"], ["x@0.4.1", "x@0.4"], ["x@2025.4.8", "x@2025"], ["x@latest", "x@latest"], ["node", "node"], ["https://mcp.example/v1@2", "https://mcp.example/v1@2"]])("a draft for %s is about %s", (source, target) => {
  expect(draftProfile({ identifier: "demo", source, tools: new Map(), learnt: () => undefined })).toContain(`profile<typeof demo>("${target}", {`);
});
