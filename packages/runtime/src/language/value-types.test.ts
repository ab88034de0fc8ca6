import { expect, test } from "vitest";
import type { ValueType } from "../base/index.ts";
import { hashProgram, type ProgramTypes } from "../program/index.ts";
import { programOf } from "./compile.suite.ts";

const PULL: ValueType = { kind: "named", from: "server", server: "github", name: "PullRequest" };
const TEXT: ValueType = { kind: "string" };
const NUMBER: ValueType = { kind: "number" };

function typesOf(body: string, top = "", on = "[]"): ProgramTypes {
  const { types } = programOf(body, top, on).debug;
  if (types === undefined) throw new Error("a program without types");
  return types;
}

/** The types of the locals that are kept, in the order of their slots. */
function localsOf(body: string, top = ""): readonly ValueType[] {
  return Object.values(typesOf(body, top).locals).flatMap((slots) => Object.values(slots));
}

test("a helper's parameters and result keep the names of servers' types; what is awaited is what comes of it", () => {
  const { functions } = typesOf(`return await get(3, "a", "b");`, `const get = async (n: number, ...more: string[]) => { const pr = await github.get_pull_request({ owner: "a", repo: "b", pull_number: n }); return more.length > 1 ? pr : null; };`);
  expect(Object.values(functions)).toContainEqual({ parameters: [NUMBER], rest: TEXT, result: { kind: "union", parts: [PULL, { kind: "null" }] }, waits: true });
});

test("a local is told where its value alone says too little: it changes, begins empty, or the text says what it is", () => {
  expect(localsOf(`const told = inputs.owner; const list: string[] = []; const map = new Map<string, readonly github.PullRequest[]>(); let last: string | null = null; const set = new Set<number>(); list.push(told); last = told; return [list, map.size, last, set.size];`)).toEqual([
    { kind: "array", items: TEXT },
    { kind: "map", key: TEXT, value: { kind: "array", items: PULL } },
    { kind: "union", parts: [TEXT, { kind: "null" }] },
    { kind: "set", items: NUMBER },
  ]);
});

test("objects have their optional members, and literals, unions, tuples and functions are what they are", () => {
  expect(localsOf(`const a = {} as { kind: "x" | "y"; n?: number; flag: boolean; pair: readonly [string, 1]; f: (n: number) => string; open: { readonly [key: string]: number } }; return a.n ?? 0;`)).toEqual([{
    kind: "object",
    fields: [
      { name: "kind", type: { kind: "union", parts: [{ kind: "literal", value: "x" }, { kind: "literal", value: "y" }] } },
      { name: "n", optional: true, type: NUMBER },
      { name: "flag", type: { kind: "boolean" } },
      { name: "pair", type: { kind: "tuple", items: [TEXT, { kind: "literal", value: 1 }] } },
      { name: "f", type: { kind: "function", parameters: [NUMBER], result: TEXT } },
      { name: "open", type: { kind: "object", fields: [], index: NUMBER } },
    ],
  }]);
});

test("the module's own types are declared once, whether or not they contain themselves", () => {
  const { locals, declared } = typesOf(`let tree: Tree | null = null; if (inputs.flag) tree = { name: "a", parts: [] }; return tree;`, `type Tree = { name: string; parts: Tree[] };`);
  const tree: ValueType = { kind: "named", from: "module", name: "Tree" };
  expect(Object.values(locals)).toEqual([{ 3: { kind: "union", parts: [tree, { kind: "null" }] } }]);
  expect(declared).toEqual({ Tree: { kind: "object", fields: [{ name: "name", type: TEXT }, { name: "parts", type: { kind: "array", items: tree } }] } });
});

test("records, states, inputs and events have their types", () => {
  const types = typesOf(`return await cursor.get();`, `const cursor = state("cursor", { at: "" }); const ticket = record("ticket", { identity: (pr: github.PullRequest) => pr.node_id, find: async () => [] as { key: string }[], create: async (pr) => { const made = await github.add_issue_comment({ owner: "a", repo: "b", issue_number: 1, body: pr.title }); return { key: String(made.id) }; }, keep: (issue) => ({ key: issue.key }) });`, `[every("1h"), webhook("github")]`);
  expect(types.records).toEqual([{ item: PULL, kept: { kind: "object", fields: [{ name: "key", type: TEXT }] } }]);
  expect(types.states).toEqual([{ kind: "object", fields: [{ name: "at", type: TEXT }] }]);
  expect(types.context?.inputs).toMatchObject({ kind: "object", fields: [{ name: "owner", type: TEXT }, { name: "repo" }, { name: "count", type: NUMBER }, { name: "flag", type: { kind: "boolean" } }, { name: "tags", type: { kind: "array", items: TEXT } }] });
  expect(types.context?.event).toMatchObject({ kind: "union", parts: [{ name: "ScheduleEvent" }, { name: "WebhookEvent" }, { kind: "null" }] });
});

test("a type without an end is told as deep as people read, and no further", () => {
  const deep = Array.from({ length: 60 }, (_, at) => `a${at}: {`).join(" ") + "}".repeat(60);
  const wide = `type Wide = { ${Array.from({ length: 150 }, (_, at) => `p${at}: { ${Array.from({ length: 20 }, (__, n) => `q${n}: { r: number }`).join("; ")} }`).join("; ")} };`;
  const text = JSON.stringify(typesOf(`const x = {} as any as { ${deep} }; let y: Wide | null = null; return [x, y];`, wide));
  expect(text).toContain('{"kind":"unknown"}');
  expect(text.length).toBeLessThan(60_000);
});

test("types are outside the hash, and are JSON", () => {
  const program = programOf(`const list: string[] = []; list.push("x"); return list;`);
  const { types, ...debug } = program.debug;
  expect(hashProgram({ ...program, debug })).toBe(hashProgram(program));
  expect(JSON.parse(JSON.stringify(types))).toEqual(types);
});

test("an object that has all of a named type's members, and more, extends it; one with no more is it; one member of another type makes it an object of its own", () => {
  const top = `type Row = { readonly name: string; readonly n: number; readonly note?: string };`;
  const row: ValueType = { kind: "named", from: "module", name: "Row" };
  expect(localsOf(`const row: Row = { name: "a", n: 1 }; const more = { ...row, at: 1 }; const same = { ...row }; const other = { ...row, n: "1" }; const pull = { ...(await github.get_pull_request({ owner: "a", repo: "b", pull_number: 1 })), at: 1 }; return [more.at, same.n, other.n, pull.at];`, top)).toEqual([
    row,
    { kind: "object", fields: [{ name: "at", type: NUMBER }], extends: row },
    row,
    { kind: "object", fields: [{ name: "n", type: TEXT }, { name: "name", type: TEXT }, { name: "note", optional: true, type: TEXT }] },
    { kind: "object", fields: [{ name: "at", type: NUMBER }], extends: PULL },
  ]);
});
