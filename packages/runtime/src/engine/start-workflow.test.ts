import { describe, expect, it } from "vitest";
import type { Program } from "../program/index.ts";
import { bodyProgram, calledSource } from "../testing/compile-source.ts";
import { FakeWorld } from "../testing/fake-ports.ts";
import { runProgram, writesOf } from "../testing/fake-run.ts";
import type { FakeTool } from "../testing/fake-tool.ts";

const TOOLS: { readonly [name: string]: FakeTool } = {
  get: { effect: "read", answer: ({ id }: { readonly id: string }) => ({ id }) },
  create: { effect: "write", answer: ({ n }: { readonly n: string }) => ({ n, key: `K-${n}` }) },
};
const SCOPES = { child: "first-child" };

function starter(body: string): Program {
  return bodyProgram(body, `import child from "./child.ts";`, "checked", { child: calledSource("child", "return inputs.n;") });
}

describe("start", () => {
  it("asks for one effect under the started workflow's scope and the key, and gives the run's id", async () => {
    const run = await runProgram(starter(`return await start(child, "k", { n: 2 });`), new FakeWorld(TOOLS), { scopes: SCOPES });
    expect(run.result.output).toEqual({ run: "run-of-child-k" });
    expect(run.ports.requests).toEqual([expect.objectContaining({
      identity: { kind: "start", scope: "first-child", key: "k" }, step: "start.child#1", label: "start child k", identityKnown: true, certainty: "sure",
      args: { value: { workflow: "child", key: "k", inputs: { n: 2, list: ["a"] } }, unknown: [] }, call: expect.objectContaining({ server: "offstage", tool: "start.child" }) as unknown,
    })]);
    expect(run.world.calls).toEqual([]);
  });

  it("is answered from the ledger afterwards, whatever its inputs are then", async () => {
    const world = new FakeWorld(TOOLS);
    await runProgram(starter(`return await start(child, "k", { n: 2 });`), world, { scopes: SCOPES });
    world.journal.clear();
    const again = await runProgram(starter(`return await start(child, "k", { n: 3 });`), world, { scopes: SCOPES, runId: "run-2" });
    expect([again.result.output, again.result.replayed, again.ports.requests]).toEqual([{ run: "run-of-child-k" }, 1, []]);
  });

  it("is planned and not done; what follows it waits, and its value is unknown", async () => {
    const run = await runProgram(starter(`const made = await start(child, "k", {}); await once("o", () => world.create({ n: made.run })); return made.run;`), new FakeWorld(TOOLS), { scopes: SCOPES, phase: "plan" });
    expect(writesOf(run)).toEqual(["start.child:sure", "create:sure"]);
    expect(run.ports.requests[1]).toMatchObject({ after: expect.stringMatching(/./) as string, args: { unknown: [{ path: ["n"] }] } });
    expect([run.result.output, run.world.calls]).toEqual([null, []]);
  });

  it("under a key that is not known is shown and cannot be permitted; inputs that are not known are known after apply", async () => {
    const run = await runProgram(starter(`const made = await once("o", () => world.create({ n: "x" })); await start(child, made.key, {}); await start(child, "k", { list: [made.key] });`), new FakeWorld(TOOLS), { scopes: SCOPES, phase: "plan" });
    expect(run.ports.requests.slice(1).map(({ label, identityKnown, args }) => [label, identityKnown, args.unknown.map(({ path }) => path)])).toEqual([
      ["start child (known after apply)", false, [["key"]]], ["start child k", true, [["inputs", "list", 0]]],
    ]);
  });

  it.each([
    ["a key that is no text", `start(child, 1 as any, {})`, "TYPE_ERROR", "The key of start must be a string, not a number."],
    ["an input that it does not have", `start(child, "k", { other: 1 } as any)`, "INPUT_INVALID", "child has no input other."],
    ["an input of another kind", `start(child, "k", { n: "1" } as any)`, "INPUT_INVALID", 'The input n of child is a number, not a text: "1".'],
  ])("refuses %s", async (_, step, code, message) => {
    const { result, ports } = await runProgram(starter(`await ${step};`), new FakeWorld(TOOLS), { scopes: SCOPES });
    expect([result.error?.code, result.error?.message, ports.requests]).toEqual([code, message, []]);
  });

  it("goes on wherever it was killed, and starts once", async () => {
    const program = starter(`const a = await start(child, "a", {}); const { id } = await world.get({ id: a.run }); const b = await start(child, "b", {}); return [id, b.run];`);
    const whole = await runProgram(program, new FakeWorld(TOOLS), { scopes: SCOPES });
    expect(whole.result.output).toEqual(["run-of-child-a", "run-of-child-b"]);
    for (let diesAt = 1; diesAt <= whole.ports.visits(); diesAt++) {
      const world = new FakeWorld(TOOLS);
      await expect(runProgram(program, world, { diesAt, scopes: SCOPES })).rejects.toMatchObject({ code: "LEASE_LOST" });
      const { result } = await runProgram(program, world, { scopes: SCOPES });
      expect([result.output, result.ambiguous]).toEqual([["run-of-child-a", "run-of-child-b"], []]);
    }
  });
});
