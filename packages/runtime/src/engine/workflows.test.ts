import { describe, expect, it } from "vitest";
import { hashProgram, type Program } from "../program/index.ts";
import { bodyProgram, calledSource, programOf } from "../testing/compile-source.ts";
import { commitStaged, FakeWorld } from "../testing/fake-ports.ts";
import { runProgram, writesOf } from "../testing/fake-run.ts";
import type { FakeTool } from "../testing/fake-tool.ts";

const TOOLS: { readonly [name: string]: FakeTool } = {
  get: { effect: "read", answer: ({ id }: { readonly id: string }) => { if (id === "bad") throw new Error("no such thing"); return { id }; } },
  create: { effect: "write", answer: ({ n }: { readonly n: string }) => ({ n, key: `K-${n}` }) },
};
const SCOPES = { child: "first-child", leaf: "leaf" };

function caller(body: string, child: string, more: { readonly top?: string; readonly leaf?: string } = {}): Program {
  return bodyProgram(body, `import child from "./child.ts";`, "checked", { child: calledSource("child", child, more.top), leaf: calledSource("leaf", more.leaf ?? "return 1;") });
}

describe("call", () => {
  it("gives what the workflow returns, with what is given over its defaults", async () => {
    const program = caller(`return [await call(child, {}), await call(child, { n: 2, list: inputs.any === "" ? [] : ["x"] })];`, `return { ...inputs, event, same: run.id };`);
    const { result } = await runProgram(program, new FakeWorld(TOOLS), { scopes: SCOPES });
    expect(result.output).toEqual([{ n: 1, list: ["a"], event: null, same: "run-1" }, { n: 2, list: [], event: null, same: "run-1" }]);
  });

  it("takes its steps below the call, with its own constants and helpers", async () => {
    const program = caller(`const one = "caller"; return [await call(child, {}), one];`, `return [await helper("x"), NAME];`, { top: `const NAME = "child"; const helper = async (id: string) => (await world.get({ id })).id;` });
    const { result, world } = await runProgram(program, new FakeWorld(TOOLS), { scopes: SCOPES });
    expect(result.output).toEqual([["x", "child"], "caller"]);
    expect(world.calls.map(({ step }) => step)).toEqual(["call.child#1/helper#1/world.get#1"]);
  });

  it("makes a write that the workflow makes by itself once, whoever runs it", async () => {
    const child = `return (await once("k", () => world.create({ n: String(inputs.n) }))).key;`;
    const world = new FakeWorld(TOOLS);
    const byItself = await runProgram(programOf(calledSource("child", child)), world, { scope: "first-child", inputs: { n: 1, list: ["a"] } });
    world.journal.clear();
    const { result } = await runProgram(caller(`await once("k", () => world.create({ n: "caller" })); return [await call(child, {}), await call(child, {})];`, child), world, { scopes: SCOPES });
    expect(result.output).toEqual([byItself.result.output, "K-1"]);
    expect(world.calls.map(({ args }) => args)).toEqual([{ n: "1" }, { n: "caller" }]);
  });

  it("keeps records and states under the workflow's own scope", async () => {
    const child = calledSource("child", `const n = await counter.get(); await counter.set(n + 10); const kept = await thing.ensure("a"); return [n, kept.key];`, `
      const counter = state("counter", 5);
      const thing = record("thing", { identity: (x: string) => x, find: async () => [], create: (x) => world.create({ n: x + String(1) }), keep: (made) => ({ key: made.key }) });`);
    const program = bodyProgram(`await counter.set(1); return [await call(child, {}), await counter.get()];`, `import child from "./child.ts";\nconst counter = state("counter", 0);`, "checked", { child });
    const world = new FakeWorld(TOOLS);
    const { result } = await runProgram(program, world, { scopes: SCOPES });
    expect(result.output).toEqual([[5, "K-a1"], 1]);
    commitStaged(world, result.staged);
    expect([...world.states]).toEqual([["counter/", { value: 1, version: 1 }], ["first-child:counter/", { value: 15, version: 1 }]]);
    expect([...world.ledger.bindings.values()].map(({ scope, record }) => [scope, record])).toEqual([["first-child", "thing"]]);
  });

  it("throws what ends the workflow, where the caller may catch it", async () => {
    const program = caller(`try { return await call(child, {}); } catch (e) { return [e, (await world.get({ id: "after" })).id]; }`, `await world.get({ id: "bad" });`);
    const { result, world } = await runProgram(program, new FakeWorld(TOOLS), { scopes: SCOPES });
    expect(result.output).toEqual([{ code: "READ_FAILED", message: "no such thing" }, "after"]);
    expect(world.calls.map(({ step }) => step)).toEqual(["call.child#1/world.get#1", "world.get#1"]);
  });

  it.each([
    ["inputs that are no object", `call(child, inputs.any as any)`, "The inputs of child must be an object, not an array."],
    ["an input that it does not know", `call(child, { other: 1 } as any)`, "child has no input other."],
    ["an input that no run could be given", `call(child, { list: new Set([1]) } as any)`, "The inputs of child contains a set, which JSON cannot carry."],
  ])("refuses %s", async (_, step, message) => {
    const { result } = await runProgram(caller(`return await ${step};`, `return 1;`), new FakeWorld(TOOLS), { scopes: SCOPES, inputs: { any: [] } });
    expect(result.error).toMatchObject({ code: message.includes("has no input") ? "INPUT_INVALID" : "TYPE_ERROR", message });
  });

  describe("of a workflow whose inputs have schemas", () => {
    const described = (options: string, body = "return inputs;"): string => `import { workflow, input, once } from "offstage"; import { world } from "#servers"; export default workflow({ name: "child", on: [], inputs: { ${options} } }, async ({ inputs }) => { ${body} });`;
    const SCHEMAS = described(`tags: input({ schema: { type: "array", items: { type: "string" } }, default: [] }), key: input({ schema: { type: "string", minLength: 1 } })`);
    const calling = (body: string, child = SCHEMAS): Program => bodyProgram(body, `import child from "./child.ts";`, "checked", { child });

    it("checks what it is given, where the caller may catch what is wrong", async () => {
      const program = calling(`
        const wrong = async (given: any) => { try { return await call(child, given); } catch (e) { return (e as { message: string }).message; } };
        return [await call(child, { key: "a" }), await call(child, { key: "a", tags: ["x"] }), await wrong({ key: "" }), await wrong({ key: "a", tags: [1] }), await wrong({})];`);
      const { result } = await runProgram(program, new FakeWorld(TOOLS), { scopes: SCOPES });
      expect(result.output).toEqual([
        { tags: [], key: "a" }, { tags: ["x"], key: "a" }, 'The input key of child cannot be "": it must NOT have fewer than 1 characters.',
        "The input tags of child cannot be [1]: /0 must be string.", "child needs the input key.",
      ]);
    });

    it("asks nothing of what a plan does not know yet, and all of the rest", async () => {
      const program = calling(`const made = await once("k", () => world.create({ n: "x" })); await call(child, { key: made.key, tags: inputs.any as any });`, described(`tags: input({ schema: { type: "array" }, default: [] }), key: input({ schema: { const: "never" } })`, `await once("k", () => world.create({ n: inputs.key }));`));
      expect(writesOf(await runProgram(program, new FakeWorld(TOOLS), { phase: "plan", scopes: SCOPES, inputs: { any: [] } }))).toEqual(["create:sure", "create:sure"]);
      const { result } = await runProgram(program, new FakeWorld(TOOLS), { phase: "plan", scopes: SCOPES, inputs: { any: "x" } });
      expect(result.error).toMatchObject({ code: "INPUT_INVALID", message: expect.stringContaining("tags") as string });
    });
  });

  it("is planned with all its writes, those that hang on what is not known too", async () => {
    const program = caller(`
      const made = await once("k", () => world.create({ n: "x" }));
      const told = await call(child, { list: [made.key, "known"] });
      if (told === "K") await call(child, {});
      return told;`, `
      await each(inputs.list, { key: (one) => one }, (one) => once(\`tell:\${one}\`, () => world.create({ n: one })));
      return inputs.list.at(0) ?? "";`);
    const run = await runProgram(program, new FakeWorld(TOOLS), { phase: "plan", scopes: SCOPES });
    expect(run.world.called()).toEqual([]);
    expect(writesOf(run)).toEqual(["create:sure", "create:may", "create:sure", "create:may"]);
    expect(run.ports.requests.map(({ within }) => within)).toEqual([undefined, ["child"], ["child"], ["child"]]);
    expect(run.result.output).toBeNull();
  });

  it("goes through others, and side by side", async () => {
    const program = bodyProgram(`return await parallel({ a: () => call(child, { n: 1 }), b: () => call(child, { n: 2 }) });`, `import child from "./child.ts";`, "checked", {
      child: calledSource("child", `return [inputs.n, await call(leaf, { n: inputs.n * 10 })];`, `import leaf from "./leaf.ts";`),
      leaf: calledSource("leaf", "await once(`leaf:${inputs.n}`, () => world.create({ n: inputs.n })); return inputs.n;"),
    });
    expect(program.tools).toEqual([{ server: "world", tool: "create" }]);
    const run = await runProgram(program, new FakeWorld(TOOLS), { scopes: SCOPES });
    expect(run.result.output).toEqual({ a: [1, 10], b: [2, 20] });
    expect(run.ports.requests.map(({ identity, within }) => [identity, within])).toEqual([10, 20].map((n) => [{ kind: "once", scope: "leaf", key: `leaf:${n}`, window: null }, ["child", "leaf"]]));
  });

  it("goes on wherever it was killed: no read is repeated, every write is made once", async () => {
    const program = caller(`const a = await call(child, { n: 1 }); const b = await call(child, { n: 2 }); return [a, b];`, `const { id } = await world.get({ id: String(inputs.n) }); return (await once(id, () => world.create({ n: id }))).key;`);
    const whole = await runProgram(program, new FakeWorld(TOOLS), { scopes: SCOPES });
    expect(whole.result.output).toEqual(["K-1", "K-2"]);
    for (let diesAt = 1; diesAt <= whole.ports.visits(); diesAt++) {
      const world = new FakeWorld(TOOLS);
      await expect(runProgram(program, world, { diesAt, scopes: SCOPES })).rejects.toMatchObject({ code: "LEASE_LOST" });
      const { result } = await runProgram(program, world, { scopes: SCOPES });
      expect(result.ambiguous.length > 0 || JSON.stringify(result.output) === `["K-1","K-2"]`).toBe(true);
      const written = world.calls.filter(({ tool }) => tool === "create").map(({ args }) => JSON.stringify(args));
      expect(new Set(written).size).toBe(written.length);
    }
  });
});

describe("a program that calls others", () => {
  const make = (child: string): Program => caller(`return await call(child, {});`, child);

  it("has another hash when they do something else, and the same when only their text differs", () => {
    expect(hashProgram(make(`return 1;`))).toBe(hashProgram(make(`/* why */ return    1;`)));
    expect(hashProgram(make(`return 1;`))).not.toBe(hashProgram(make(`return 2;`)));
  });

  it("carries them whole", () => {
    expect(make(`return 1;`).calls?.map(({ name, inputs }) => [name, inputs])).toEqual([["child", { n: 1, list: ["a"] }]]);
  });
});
