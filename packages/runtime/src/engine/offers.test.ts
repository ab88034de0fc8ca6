import { describe, expect, it } from "vitest";
import type { Data } from "../base/index.ts";
import { bodyProgram } from "../testing/compile-source.ts";
import { FakeWorld } from "../testing/fake-ports.ts";
import { runBody, runProgram } from "../testing/fake-run.ts";
import type { FakeTool } from "../testing/fake-tool.ts";

const TOOLS: { readonly [name: string]: FakeTool } = {
  resource: { effect: "read", answer: ({ uri }: { readonly uri: string }) => { if (uri === "bad") throw new Error("no such resource"); return { text: uri }; } },
  prompt: { effect: "read", answer: ({ name, args }: { readonly name: string; readonly args: Data }) => ({ text: `${name} ${JSON.stringify(args)}`, messages: [] }) },
  create: { effect: "write", answer: () => ({ uri: "x" }) },
  get: { effect: "read", answer: () => 1 },
};
const READ = `const read = async (uri: string) => ((await world.read(uri)) as { text: string }).text;`;

describe("resources and prompts", () => {
  it("are read once for their step, and answered from the journal afterwards", async () => {
    const program = bodyProgram(`return [await read("a"), (await world.prompt("p", { x: "1" })).text, (await other.prompt("q")).text];`, READ);
    expect([program.offers, program.tools]).toEqual([["other", "world"], []]);
    const world = new FakeWorld(TOOLS);
    const first = await runProgram(program, world);
    expect(first.result.output).toEqual(["a", 'p {"x":"1"}', "q {}"]);
    expect(world.calls.map(({ step }) => step)).toEqual(["read#1/world.read#1", "world.prompt#1", "other.prompt#1"]);
    expect((await runProgram(program, world)).result.output).toEqual(first.result.output);
    expect(world.calls).toHaveLength(3);
  });

  it("that cannot be read are errors that a workflow may catch", async () => {
    const { result } = await runBody(`try { return await read("bad"); } catch (e) { return e; }`, TOOLS, { top: READ });
    expect(result.output).toEqual({ code: "READ_FAILED", message: "no such resource" });
  });

  it.each([
    ["a URI that is no text", `await world.read(inputs.any as any)`, "The URI of world.read must be a string, not a number."],
    ["an argument that is no text", `await world.prompt("p", { n: inputs.any as any })`, "The arguments of world.prompt must be strings; n is a number."],
    ["arguments that are no object", `await world.prompt("p", [] as any)`, "The arguments of world.prompt must be an object, not an array."],
  ])("refuse %s", async (_, step, message) => {
    const { result, world } = await runBody(`${step}; return 1;`, TOOLS, { inputs: { any: 1 } });
    expect(result.error).toMatchObject({ code: "TYPE_ERROR", message });
    expect(world.calls).toEqual([]);
  });

  it("are unknown in a plan after a held write of their server, with unknown arguments, and under an unknown condition", async () => {
    const { result, world } = await runBody(`
      const before = await read("before");
      const made = await once("k", () => world.create({}));
      const late = await read("late");
      const there = ((await other.read("there")) as { text: string }).text;
      const unknown = ((await other.read(made.uri)) as { text: string }).text;
      const prompt = (await other.prompt("p", { uri: made.uri })).text;
      const maybe = made.uri === "x" ? ((await other.read("maybe")) as { text: string }).text : "";
      return [before, late, there, unknown, prompt, maybe, await world.get({})];`, TOOLS, { phase: "plan", top: READ });
    expect(result.output).toEqual(["before", null, "there", null, null, null, 1]);
    expect(world.calls.map(({ args }) => (args as { readonly uri?: string }).uri)).toEqual(["before", "there", undefined]);
  });

  it("prove nothing about a write that was not found in them", async () => {
    const program = bodyProgram(`return await once("k", () => world.create({}), { confirm: async () => { await world.read("list"); return null; } });`);
    const world = new FakeWorld({ ...TOOLS, create: { effect: "write", fault: () => "ambiguous" } });
    await runProgram(program, world);
    world.now += 1e9;
    world.journal.clear();
    const { result } = await runProgram(program, world);
    expect([result.end, world.called()]).toEqual(["stopped", ["resource"]]);
  });
});
