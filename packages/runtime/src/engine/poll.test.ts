import { describe, expect, it } from "vitest";
import { bodyProgram } from "../testing/compile-source.ts";
import { FakeWorld } from "../testing/fake-ports.ts";
import type { FakeTool } from "../testing/fake-tool.ts";
import { type FakeRun, runBody, runProgram } from "../testing/fake-run.ts";

const TOOLS: { readonly [name: string]: FakeTool } = { get: { effect: "read", answer: (_, world) => ({ done: world.called().length >= 3, n: world.called().length }) }, send: { effect: "write", answer: () => ({ ok: true }) } };
const POLL = (max: number): string => `const found = await poll({ every: "1m", max: ${max} }, async () => { const x = await world.get({}); return x.done ? x.n : undefined; }); return found;`;

async function turnsOf(world: FakeWorld, body: string, times: number): Promise<readonly FakeRun["result"][]> {
  const program = bodyProgram(body);
  const results: FakeRun["result"][] = [];
  for (let time = 0; time < times; time++) {
    results.push((await runProgram(program, world)).result);
    world.now += 60_000;
  }
  return results;
}

describe("poll", () => {
  it("looks again until a turn gives a value, each turn once, however often the run goes on", async () => {
    const world = new FakeWorld(TOOLS);
    const results = await turnsOf(world, `${POLL(9).replace("return found;", "")} await sleep("1m"); return found;`, 4);
    expect(results.map(({ end, output }) => [end, output])).toEqual([["parked", null], ["parked", null], ["parked", null], ["completed", 3]]);
    expect(results[1]?.waits).toMatchObject([{ kind: "poll", step: "poll#1/2/wait", label: "look again every 1m, 2 of 9 turns taken", until: 1_000_000 + 120_000 }]);
    expect(world.called()).toEqual(["get", "get", "get"]);
  });

  it("gives null when no turn gave a value, and does not wait after the last", async () => {
    const world = new FakeWorld(TOOLS);
    expect((await turnsOf(world, POLL(2), 2)).map(({ end, output }) => [end, output])).toEqual([["parked", null], ["completed", null]]);
    expect(world.called()).toEqual(["get", "get"]);
  });

  it("in a plan tries once: what it finds is known, that it found nothing is not", async () => {
    expect((await runBody(POLL(9), { ...TOOLS, get: { effect: "read", answer: () => ({ done: true, n: 7 }) } }, { phase: "plan" })).result).toMatchObject({ end: "completed", output: 7 });
    const { result, world } = await runBody(`${POLL(9).replace("return found;", "")} return [found, (await world.get({})).n];`, TOOLS, { phase: "plan" });
    expect([result.output, world.called()]).toEqual([[null, null], ["get"]]);
  });

  it.each(["0", "1.5", `("x" as any)`])("refuses max: %s", async (max) => {
    const { result } = await runBody(`const m: any = ${max}; await poll({ every: "1m", max: m }, async () => 1);`, TOOLS);
    expect(result).toMatchObject({ end: "failed", error: { code: "TYPE_ERROR", message: expect.stringContaining("max of poll") as string } });
  });

  it("killed anywhere it takes each turn's writes once", async () => {
    const program = bodyProgram(`return await poll({ every: "1m", max: 9 }, async () => { await once("k", () => world.send({})); const x = await world.get({}); return x.n > 3 ? "done" : undefined; });`);
    for (let at = 1; at <= 16; at++) {
      const world = new FakeWorld(TOOLS);
      let result: FakeRun["result"] | null = null;
      for (let turn = 0; turn < 9 && result?.end !== "completed"; turn++) {
        result = await runProgram(program, world, turn === 1 ? { diesAt: at } : {}).then((run) => run.result, () => null);
        for (const [id, entry] of world.ledger.entries) if (entry.status === "intended") world.ledger.entries.delete(id);
        world.now += 60_000;
      }
      expect({ at, output: result?.output, sent: world.called().filter((tool) => tool === "send").length }).toEqual({ at, output: "done", sent: 1 });
    }
  });
});
