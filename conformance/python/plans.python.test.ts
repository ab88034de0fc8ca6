import { afterAll, expect, test } from "vitest";
import type { EffectRequest } from "../../packages/runtime/src/model/index.ts";
import { bodyProgram } from "../../packages/runtime/src/testing/compile-source.ts";
import { FakeWorld } from "../../packages/runtime/src/testing/fake-ports.ts";
import type { FakeTool } from "../../packages/runtime/src/testing/fake-tool.ts";
import { runProgram } from "../../packages/runtime/src/testing/fake-run.ts";
import { startPythonEngine } from "./python-engine.ts";

const engine = startPythonEngine();
afterAll(() => engine.close());

const TOOLS: { readonly [name: string]: FakeTool } = {
  create: { effect: "write", answer: () => ({ key: "K-1", open: true, n: 3, items: [1, 2] }) },
  update: { effect: "write", answer: () => ({}) },
  send: { effect: "write", answer: () => ({}) },
  get: { effect: "read", answer: () => ({ title: "t" }) },
};

interface Planned {
  readonly end: unknown;
  readonly error: unknown;
  readonly writes: readonly string[];
  /** Those of them that are due whatever nobody knows yet. */
  readonly sure: readonly string[];
}

const written = (requests: readonly EffectRequest[]): readonly string[] => requests.map(({ call, args }) => `${call?.tool ?? "?"} ${JSON.stringify(args.value)}`);

/** What a plan of a body shows, in Python; what it shows is what the interpreter shows too, as far as it comes. */
async function planned(body: string, top = ""): Promise<Planned> {
  const program = bodyProgram(`const t = await world.create({ first: 1 });\n${body}`, top);
  const interpreted = await runProgram(program, new FakeWorld(TOOLS), { phase: "plan" });
  const world = new FakeWorld(TOOLS);
  const ran = await engine.run(program, world, { phase: "plan" });
  if (!("result" in ran)) throw new Error("crashed" in ran ? ran.crashed : ran.died);
  const requests = ran.requests as readonly EffectRequest[];
  const writes = written(requests);
  const shown = written(interpreted.ports.requests);
  expect(writes.filter((write) => !shown.includes(write))).toEqual([]);
  expect(world.calls.filter(({ tool }) => TOOLS[tool]?.effect === "write")).toEqual([]);
  return { end: ran.result["end"], error: (ran.result["error"] as { readonly message: string } | null)?.message ?? null, writes, sure: written(requests.filter(({ certainty }) => certainty === "sure")) };
}

const FIRST = 'create {"first":1}';

test.each([
  "t.key === null", "t.key !== undefined", "undefined === t.key", "t.open === true", "t.open !== false", "t === null", "!(t.key === null)", "t.key === null || t.n === 1",
  "t.open", "!t.open", "t.open && true", 't.key === "K-1"', "t.n > 2", "t.n + 1 === 4", "-t.n < 0", '["K-1"].includes(t.key)', "t.key?.length === 3", "(t.key ?? null) === null",
  '`x${t.key}` === "xK-1"', '("x" + String(t.key)).startsWith("x")', "`${t.key}`.length > 3", '`${t.key}` !== ""', '["a", t.key].join("-") === "a-K-1"', "t.items.length === 2", "new Set([t.key]).has(t.key)",
])("a plan in Python ends where it would have to know more than it does: if (%s)", async (condition) => {
  const { error, end, writes } = await planned(`if (${condition}) { await world.update({}); }\nawait world.send({});\nreturn 1;`);
  expect({ error, end, writes }).toEqual({ error: null, end: "stopped", writes: [FIRST] });
});

test.each([
  ["an argument", "await world.update({ key: t.key, kept: [t.n, 1] });", ['update {"key":null,"kept":[null,1]}']],
  ["a part of a text", "await world.update({ text: `about ${t.key}: ${1}` });", ['update {"text":null}']],
  ["a text that is put together", 'const label = "gh-" + `${t.key}`; await world.update({ label });', ['update {"label":null}']],
  ["a choice by what is known", 'const title = (await world.get({})).title; if (title !== null) await world.update({ title, key: t.key });', ['update {"title":"t","key":null}']],
])("what is not known is carried in a plan: %s", async (_name, body, writes) => {
  expect(await planned(`${body}\nawait world.send({});`)).toMatchObject({ error: null, end: "completed", writes: [FIRST, ...writes, "send {}"] });
});

test("an item that ends so ends alone", async () => {
  const body = 'await each(["a", "b"], { key: (x) => x, parallel: 1 }, async (x) => { const made = await once(x, () => world.update({ x })); if (x === "a" && made.key === null) { await world.send({ x }); } if (x === "b") await world.send({ x }); });';
  expect(await planned(body)).toMatchObject({ error: null, end: "completed", writes: [FIRST, 'update {"x":"a"}', 'update {"x":"b"}', 'send {"x":"b"}'] });
});

test.each([
  ["an item that stops the loop when it fails", 'await each(["a"], { key: (x) => x }, async () => { if (t.open) throw fail("no"); });', [FIRST]],
  ["a branch", 'await parallel({ a: async () => { if (t.open) throw fail("no"); }, b: async () => { await world.update({}); } });', [FIRST, "update {}"]],
  ["an item whose failure is only listed", 'await each(["a"], { key: (x) => x, onError: "continue" }, async () => { if (t.open) throw fail("no"); });', [FIRST, 'send {"x":1}', "send {}", "send {}"]],
])("a plan in Python does not say that it comes to what is behind what it does not know: %s", async (_name, body, sure) => {
  const plan = await planned(`${body}\nawait world.send({ x: 1 });\nawait each(["b"], { key: (x) => x }, async () => { await world.send({}); });\nawait once("k", () => world.send({}));`);
  expect(plan.writes.filter((write) => write.startsWith("send"))).toEqual(['send {"x":1}', "send {}", "send {}"]);
  expect(plan.sure).toEqual(sure);
});

test("a state that an item may have set which a plan in Python did not come to is not known", async () => {
  const body = 'await each(["a"], { key: (x) => x, onError: "continue" }, async () => { if (t.open) await seen.set(1); });\nawait world.send({ n: await seen.get() });';
  expect((await planned(body, 'const seen = state("seen", 0);')).writes).toEqual([FIRST, 'send {"n":null}']);
});
