import { describe, expect, test } from "vitest";
import { bodyProgram } from "../testing/compile-source.ts";
import { FakeWorld } from "../testing/fake-ports.ts";
import { runProgram } from "../testing/fake-run.ts";
import type { FakeTool } from "../testing/fake-tool.ts";

const TOOLS: { readonly [name: string]: FakeTool } = {
  slug: { effect: "read", answer: (args) => { const [text] = args as unknown as [string]; if (text === "fail") throw new Error("no slug"); return text.toLowerCase(); } },
  create: { effect: "write", answer: () => ({ key: "K" }) },
};
const TOP = `import { slug } from "./own/text.ts";`;
const MODULES = { "own/text": `import { createHash } from "node:crypto";\nexport async function slug(text: string): Promise<string> { return createHash("sha256").update(text).digest("hex"); }` };
const programOf = (body: string) => bodyProgram(body, TOP, "checked", MODULES);

describe("a function of the owner's own code", () => {
  test("is given undefined where something was left out, and nothing behind the last that was not", async () => {
    const world = new FakeWorld({ ...TOOLS, tell: { effect: "read", answer: (args) => (args as unknown as unknown[]).map(String).join() } });
    const modules = { "own/text": `export async function tell(a?: string, b?: string | null, c?: string, d?: string): Promise<string> { return [a, b, c, d].join(); }` };
    const program = bodyProgram(`const left: { a?: string } = {}; return [await tell(left.a, null, "c", left.a), await tell(left.a), await tell()];`, `import { tell } from "./own/text.ts";`, "checked", modules);
    expect((await runProgram(program, world)).result.output).toEqual(["undefined,null,c", "", ""]);
  });

  test("is asked once for its step: a run that goes on has the answer", async () => {
    const world = new FakeWorld(TOOLS);
    const program = programOf(`const name = await slug("Bug"); await once(name, () => world.create({})); return name;`);
    const first = await runProgram(program, world);
    const again = await runProgram(program, world);
    expect([first.result.output, again.result.output, world.called()]).toEqual(["bug", "bug", ["slug", "create"]]);
    expect(world.calls[0]).toMatchObject({ step: "slug#1", args: ["Bug"] });
  });

  test("is asked again where a run goes on before its answer was kept, and the write behind it is made once", async () => {
    const program = programOf(`const name = await slug("Bug"); await once(name, () => world.create({})); return name;`);
    const asked = new Set<number>();
    for (let diesAt = 1; diesAt < 40; diesAt++) {
      const world = new FakeWorld(TOOLS);
      await runProgram(program, world, { diesAt }).catch(() => undefined);
      // What was intended and not sent belongs to a process that is gone.
      for (const [id, entry] of world.ledger.entries) if (entry.status === "intended") world.ledger.entries.delete(id);
      expect((await runProgram(program, world)).result.output).toBe("bug");
      asked.add(world.called().filter((name) => name === "slug").length);
      expect(world.called().filter((name) => name === "create")).toEqual(["create"]);
    }
    expect(asked).toEqual(new Set([1, 2]));
  });

  test("is not called by a plan, which goes on without knowing what it gives; the apply calls it", async () => {
    const world = new FakeWorld(TOOLS);
    const program = programOf(`await once("first", () => world.create({})); const name = await slug("Bug"); await once("second", () => world.create({ name })); return name;`);
    const plan = await runProgram(program, world, { phase: "plan" });
    expect([plan.result.output, plan.ports.requests.map(({ label }) => label), world.called()]).toEqual([null, ["once first", "once second"], []]);
    const { result } = await runProgram(program, world, { phase: "apply" });
    expect([result.output, world.called()]).toEqual(["bug", ["create", "slug", "create"]]);
  });

  test("may have failed in a plan: what its handler tells there is marked as what only may come", async () => {
    const world = new FakeWorld(TOOLS);
    const body = `try { const name = await slug("Bug"); log("made", name); } catch (e) { log("no slug"); } log("on");`;
    await runProgram(programOf(body), world, { phase: "plan" });
    expect(world.logs).toEqual(["made (known after apply)", "? no slug", "on"]);
    world.logs.length = 0;
    await runProgram(programOf(body), world);
    expect(world.logs).toEqual(["made bug", "on"]);
  });

  test("gives what it throws as an error that a workflow may catch", async () => {
    const { result } = await runProgram(programOf(`try { return await slug("fail"); } catch (e) { return e; }`), new FakeWorld(TOOLS));
    expect(result.output).toEqual({ code: "READ_FAILED", message: "no slug" });
  });

  test("is given nothing that is not known", async () => {
    const world = new FakeWorld(TOOLS);
    const { result } = await runProgram(programOf(`const made = await once("k", () => world.create({})); return await slug(\`\${made.key}\`);`), world, { holds: () => true });
    expect([result.output, world.called()]).toEqual([null, []]);
  });
});
