import { describe, expect, it } from "vitest";
import { commitStaged, FakeWorld } from "../testing/fake-ports.ts";
import { runBody, runProgram } from "../testing/fake-run.ts";
import { bodyProgram } from "../testing/compile-source.ts";
import type { FakeTool } from "../testing/fake-tool.ts";

const TOP = `const seen = state("seen", 0);`;
const TOOLS: { readonly [name: string]: FakeTool } = { create: { effect: "write", answer: () => ({ key: "K" }) } };

describe("a state of a key", () => {
  it("is apart from the state itself and from other keys, over runs too", async () => {
    const program = bodyProgram(`
      const before = [await seen.get(), await seen.of("a").get(), await seen.of("b/c").get()];
      await seen.set(1); await seen.of("a").set(2); await seen.of("b/c").set(3);
      return [...before, await seen.get(), await seen.of("a").get(), await seen.of("b/c").get()];`, TOP);
    const world = new FakeWorld({});
    const first = await runProgram(program, world);
    expect(first.result.output).toEqual([0, 0, 0, 1, 2, 3]);
    commitStaged(world, first.result.staged);
    world.journal.clear();
    expect((await runProgram(program, world)).result.output).toEqual([1, 2, 3, 1, 2, 3]);
  });

  it.each([
    ["an empty one", `seen.of("" as string)`, "The key of a state must not be empty."],
    ["one that is not there", `seen.of((inputs.any as any).missing)`, "The key of a state must be a string, not undefined."],
    ["a number", `seen.of((inputs.any as any).n)`, "The key of a state must be a string, not a number."],
  ])("is refused for %s: it would be another state, or none", async (_, of, message) => {
    for (const step of [`${of}.get()`, `${of}.set(1)`]) {
      const { result } = await runBody(`await ${step}; return 1;`, {}, { top: TOP, inputs: { any: { n: 1 } } });
      expect(result.error).toMatchObject({ code: "TYPE_ERROR", message });
    }
  });

  it("that is not known in a plan makes every key of the state unknown when it is set, and is unknown when it is read", async () => {
    const { result } = await runBody(`
      await seen.of("a").set(1);
      const made = await once("k", () => world.create({}));
      const read = await seen.of(made.key).get();
      await seen.of(made.key).set(2);
      return [read, await seen.of("a").get()];`, TOOLS, { top: TOP, phase: "plan" });
    expect(result.output).toEqual([null, null]);
  });
});
