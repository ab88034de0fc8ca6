import { describe, expect, it } from "vitest";
import { UnsafeInteger } from "../base/index.ts";
import { bodyProgram } from "../testing/compile-source.ts";
import { FakeWorld } from "../testing/fake-ports.ts";
import type { FakeTool } from "../testing/fake-tool.ts";
import { type FakeRun, runBody, runProgram } from "../testing/fake-run.ts";

const DAY = 86_400_000;
const TOOLS: { readonly [name: string]: FakeTool } = { get: { effect: "read", answer: () => ({ n: 1 }) }, send: { effect: "write", answer: () => ({ ok: true }) } };
const ASK = `const answer = await approve({ message: "Merge?", show: { pr: 7 }, within: "1d" }); return answer;`;

async function runIn(world: FakeWorld, body: string): Promise<FakeRun["result"]> {
  return (await runProgram(bodyProgram(body), world)).result;
}

describe("approve", () => {
  it("parks the run until a person answers, and gives the answer", async () => {
    const world = new FakeWorld(TOOLS);
    expect(await runIn(world, ASK)).toMatchObject({ end: "parked", waits: [{ kind: "approval", step: "approve#1", label: "Merge?", until: 1_000_000 + DAY }] });
    world.waits.answers.set("approve#1", { verdict: "denied", by: "ada", at: 1_000_001 });
    expect((await runIn(world, ASK)).output).toEqual({ outcome: "denied", by: "ada", at: "1970-01-01T00:16:40.001Z" });
  });

  it.each([["", { outcome: "timeout" }], [`, onTimeout: "approve"`, { outcome: "approved" }], [`, onTimeout: "deny"`, { outcome: "denied" }]])("that nobody answers in time%s tells that nobody did", async (onTimeout, expected) => {
    const world = new FakeWorld(TOOLS);
    const body = `return await approve({ message: "Merge?", within: "1d"${onTimeout} });`;
    expect((await runIn(world, body)).end).toBe("parked");
    world.now += DAY;
    expect((await runIn(world, body)).output).toEqual({ ...expected, by: null, at: new Date(1_000_000 + DAY).toISOString() });
  });

  it("that nobody answers in time can be an error, which can be caught, and stays one", async () => {
    const world = new FakeWorld(TOOLS);
    const body = `try { await approve({ message: "Merge?", within: "1d", onTimeout: "fail" }); } catch (e) { await sleep("1h"); return (e as any).code; }`;
    await runIn(world, body);
    world.now += DAY;
    expect((await runIn(world, body)).waits).toMatchObject([{ kind: "sleep" }]);
    world.now += DAY;
    expect((await runIn(world, body)).output).toBe("APPROVAL_TIMEOUT");
  });

  it("shows what cannot be used, exactly", async () => {
    const { result } = await runBody(`const x: any = inputs; await approve({ message: "Merge?", show: x.any });`, TOOLS, { inputs: { any: new UnsafeInteger("9007199254740993") } });
    expect(result.end).toBe("parked");
  });

  it.each([[`await approve({ message: x });`, /message of approve is a number/], [`await approve({ message: "m", by: x });`, /list of names/], [`await approve({ message: "m", by: y });`, /list of names/], [`await approve({ message: "m", within: x });`, /duration/]])("refuses %s", async (statement, message) => {
    const { result } = await runBody(`const x: any = 1; const y: any = []; ${statement}`, TOOLS);
    expect(result).toMatchObject({ end: "failed", error: { code: "TYPE_ERROR", message: expect.stringMatching(message) as string } });
  });

  it("is not known in a plan: what hangs on it may be written, and nobody is asked", async () => {
    const { result, ports, world } = await runBody(`
      const { outcome } = await approve({ message: "Merge?" });
      const after = await world.get({});
      if (outcome === "approved") await once("k", () => world.send({}));
      return [outcome, after];`, TOOLS, { phase: "plan" });
    expect(result).toMatchObject({ end: "completed", output: [null, null] });
    expect(ports.requests.map(({ certainty }) => certainty)).toEqual(["may"]);
    expect([world.called(), world.waits.rows.size]).toEqual([[], 0]);
  });

  it("is not asked after a held write", async () => {
    const { result, world } = await runBody(`await once("a", () => world.send({})); const { outcome } = await approve({ message: "Merge?" }); return outcome;`, TOOLS, { holds: () => true });
    expect(result).toMatchObject({ end: "completed", output: null, held: [{ label: "once a" }] });
    expect(world.waits.rows.size).toBe(0);
  });

  it("asks of the items of an each side by side", async () => {
    const world = new FakeWorld(TOOLS);
    const body = `return await each(["a", "b", "c"], { key: (x) => x, parallel: 2 }, async (x) => (await approve({ message: "Merge " + x + "?" })).outcome);`;
    expect((await runIn(world, body)).waits.map(({ label }) => label)).toEqual(["Merge a?", "Merge b?"]);
    world.waits.answers.set("each#1[b]/approve#1", { verdict: "approved", by: "ada", at: 1 });
    expect((await runIn(world, body)).waits.map(({ label }) => label)).toEqual(["Merge a?", "Merge c?"]);
    for (const x of ["a", "c"]) world.waits.answers.set(`each#1[${x}]/approve#1`, { verdict: "denied", by: "ada", at: 1 });
    expect((await runIn(world, body)).output).toEqual(["denied", "approved", "denied"]);
  });
});
