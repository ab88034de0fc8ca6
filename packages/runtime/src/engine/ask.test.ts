import { describe, expect, it } from "vitest";
import { bodyProgram } from "../testing/compile-source.ts";
import { FakeWorld } from "../testing/fake-ports.ts";
import { runBody, runProgram } from "../testing/fake-run.ts";
import type { FakeTool } from "../testing/fake-tool.ts";

const TOOLS: { readonly [name: string]: FakeTool } = {
  ask: { effect: "read", answer: ({ prompt }: { readonly prompt: string }) => { if (prompt === "fail") throw new Error("no answer"); return { label: prompt.toUpperCase(), at: 1 }; } },
  create: { effect: "write", answer: () => ({ key: "K" }) },
};
const ASK = `const label = (prompt: string) => ask({ prompt, schema: { type: "object", properties: { label: { type: "string" }, at: { type: "integer" } }, required: ["label"] }, maxTokens: 50 });`;

describe("ask", () => {
  it("asks once for its step, while planning too, and an apply goes on with the plan's answer", async () => {
    const program = bodyProgram(`const { label: said } = await label("bug"); await once(said, () => world.create({})); return said;`, ASK);
    const world = new FakeWorld(TOOLS);
    const plan = await runProgram(program, world, { phase: "plan" });
    expect([plan.result.output, plan.ports.requests.map(({ label }) => label)]).toEqual(["BUG", ["once BUG"]]);
    const { result } = await runProgram(program, world, { phase: "apply" });
    expect([result.output, world.called()]).toEqual(["BUG", ["ask", "create"]]);
    expect(world.calls[0]).toMatchObject({ step: "label#1/ask#1", args: { prompt: "bug", model: null, maxTokens: 50 } });
  });

  it("gives an error that a workflow may catch", async () => {
    const { result } = await runBody(`try { return (await label("fail")).label; } catch (e) { return e; }`, TOOLS, { top: ASK });
    expect(result.output).toEqual({ code: "READ_FAILED", message: "no answer" });
  });

  it("asks nothing of which the question is not known, and nothing under a condition that is not known", async () => {
    const { result, world } = await runBody(`
      const made = await once("k", () => world.create({}));
      const about = (await label(\`\${made.key}\`)).label;
      const maybe = made.key === "K" ? (await label("maybe")).label : "";
      return [about, maybe, (await label("sure")).label];`, TOOLS, { phase: "plan", top: ASK });
    expect(result.output).toEqual([null, null, "SURE"]);
    expect(world.calls.map(({ args }) => (args as { readonly prompt: string }).prompt)).toEqual(["sure"]);
  });

  it.each([
    ["a prompt that is no text", `ask({ prompt: inputs.any as any, schema: { type: "string" }, maxTokens: 5 })`, "The prompt of ask must be a string, not a number."],
    ["a budget that is none", `ask({ prompt: "x", schema: { type: "string" }, maxTokens: 0 })`, "maxTokens of ask must be a whole number from 1, not 0."],
    ["a model that is no text", `ask({ prompt: "x", schema: { type: "string" }, maxTokens: 5, model: inputs.any as any })`, "The model of ask must be a string, not a number."],
  ])("refuses %s", async (_, step, message) => {
    const { result, world } = await runBody(`return await ${step};`, TOOLS, { inputs: { any: 1 } });
    expect([result.error, world.calls]).toMatchObject([{ code: "TYPE_ERROR", message }, []]);
  });

  it("is another question when its schema is another one", async () => {
    const world = new FakeWorld(TOOLS);
    const make = (type: string) => bodyProgram(`return await ask({ prompt: "x", schema: { type: "${type}" }, maxTokens: 5 });`);
    await runProgram(make("string"), world);
    expect((await runProgram(make("number"), world)).result.error).toMatchObject({ code: "JOURNAL_MISMATCH" });
  });
});
