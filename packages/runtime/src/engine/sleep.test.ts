import { describe, expect, it } from "vitest";
import { bodyProgram } from "../testing/compile-source.ts";
import { FakeWorld } from "../testing/fake-ports.ts";
import type { FakeTool } from "../testing/fake-tool.ts";
import { type FakeRun, runBody, runProgram } from "../testing/fake-run.ts";
import { endOf } from "./index.ts";

const DAY = 86_400_000;
const TOOLS: { readonly [name: string]: FakeTool } = {
  get: { effect: "read", answer: (_, world) => ({ n: world.called().length }) },
  send: { effect: "write", answer: () => ({ ok: true }), fault: ({ n }: { readonly n?: string }) => (n === "failed" ? "failed" : null) },
};

/** A world in which a program is run again whenever a test says so. */
function worldOf(body: string): { readonly world: FakeWorld; run(): Promise<FakeRun["result"]>; after(ms: number): Promise<FakeRun["result"]> } {
  const world = new FakeWorld(TOOLS);
  const program = bodyProgram(body);
  const run = async (): Promise<FakeRun["result"]> => (await runProgram(program, world)).result;
  return { world, run, after: (ms) => { world.now += ms; return run(); } };
}

describe("sleep and until", () => {
  it("park the run, and let it go on where it was once the time has come", async () => {
    const { world, run, after } = worldOf(`const a = await world.get({}); await sleep("90d"); const b = await world.get({}); return [a.n, b.n];`);
    const parked = await run();
    expect(parked).toMatchObject({ end: "parked", output: null, error: null, waits: [{ kind: "sleep", step: "sleep#1", label: "sleep 90d", since: 1_000_000, until: 1_000_000 + 90 * DAY }] });
    expect(endOf(parked)).toBe("parked");
    expect((await after(90 * DAY - 1)).waits).toEqual(parked.waits);
    expect(await after(1)).toMatchObject({ end: "completed", output: [1, 2], waits: [] });
    expect(world.called()).toEqual(["get", "get"]);
  });

  it("of an instant that has passed, and of no time, are over at once", async () => {
    const { run, world } = worldOf(`await sleep("0s"); await until(time("1970-01-01")); return 1;`);
    expect(await run()).toMatchObject({ end: "completed", output: 1 });
    expect(world.now).toBe(1_000_000);
  });

  it("wait until an instant that the program computed, which stays the same however often it goes on", async () => {
    const { run, after } = worldOf(`const t = now(); await until(t + duration("1h")); return now() - t;`);
    expect((await run()).waits).toMatchObject([{ label: "until 1970-01-01T01:16:40.000Z", until: 1_000_000 + 3_600_000 }]);
    expect((await after(1_800_000)).end).toBe("parked");
    expect(await after(5_400_000)).toMatchObject({ end: "completed", output: 7_200_000 });
  });

  it("in a loop wait once a turn, one turn after the other", async () => {
    const { world, run, after } = worldOf(`for (const n of [1, 2]) { await world.get({ n }); await sleep("1h"); } return "done";`);
    expect((await run()).waits.map(({ step }) => step)).toEqual([expect.stringMatching(/1.*\/sleep#1$/)]);
    expect((await after(3_600_000)).end).toBe("parked");
    expect(world.called()).toEqual(["get", "get"]);
    expect((await after(3_600_000)).output).toBe("done");
  });

  it("in a helper have a step for each of its calls", async () => {
    const { run, after } = worldOf(`const nap = async (d: "1h" | "2h") => { await sleep(d); return d; }; const a = await nap("1h"); return a + (await nap("2h"));`);
    expect((await run()).waits).toMatchObject([{ step: "nap#1/sleep#1" }]);
    expect((await after(3_600_000)).waits).toMatchObject([{ step: "nap#2/sleep#1", until: 1_000_000 + 3 * 3_600_000 }]);
    expect((await after(7_200_000)).output).toBe("1h2h");
  });

  it("cannot be caught", async () => {
    const { world, run } = worldOf(`try { await sleep("1h"); } catch { await once("k", () => world.send({})); } return 1;`);
    expect((await run()).end).toBe("parked");
    expect(world.called()).toEqual([]);
  });

  it.each([[`const x: any = "nonsense"; await sleep(x);`, /duration/], [`const x: any = Number("x"); await until(x);`, /nobody can wait/], [`const x: any = "99999999d"; await sleep(x);`, /nobody can wait/], [`const x: any = "soon"; await until(x);`, /is a string/]])("refuse what is no time: %s", async (statement, message) => {
    for (const phase of ["run", "plan"] as const) expect((await runBody(statement, TOOLS, { phase })).result).toMatchObject({ end: "failed", error: { code: "TYPE_ERROR", message: expect.stringMatching(message) as string } });
  });

  it("are refused where a write must be one, and where only reads belong", async () => {
    const nap = `const nap: any = { go: 1 }; await once("k", async () => { if (nap.go === 1) await sleep("1h"); return world.send({}); });`;
    await expect(runBody(nap, TOOLS, { effects: "reads-only" })).rejects.toThrow("A wait cannot stand inside once");
  });
});

describe("each, around a wait", () => {
  const ITEMS = `const done = await each(["a", "b", "c", "d"], { key: (x) => x, parallel: 3, onError: "continue" }, async (x) => {
    if (x === "b") await sleep("1d");
    if (x === "c") await once("failed", () => world.send({ n: "failed" }));
    await once(x, () => world.send({ x }));
    return x;
  });`;

  it("lets the others go on, and ends when the last is done; each is written once", async () => {
    const { world, run, after } = worldOf(`${ITEMS} return done;`);
    expect(await run()).toMatchObject({ end: "parked", waits: [{ step: "each#1[b]/sleep#1" }] });
    expect(world.calls.map(({ args }) => args)).toEqual([{ x: "a" }, { x: "d" }]);
    expect(await after(DAY)).toMatchObject({ end: "completed", output: ["a", "b", null, "d"], failures: [{ step: "each#1[c]", error: { code: "TOOL_FAILED" } }] });
    expect(world.calls.map(({ args }) => args)).toEqual([{ x: "a" }, { x: "d" }, { x: "b" }]);
  });

  it("one at a time waits one at a time: what follows a wait follows it", async () => {
    const { world, run, after } = worldOf(`await each([1, 2, 3], { key: (n) => String(n) }, async (n) => { await once(String(n), () => world.send({ n: String(n) })); await sleep("1m"); }); return 1;`);
    for (const sent of [1, 2, 3]) {
      expect(await (sent === 1 ? run() : after(60_000))).toMatchObject({ end: "parked" });
      expect(world.called()).toHaveLength(sent);
    }
    expect((await after(60_000)).end).toBe("completed");
    expect(world.called()).toHaveLength(3);
  });

  it("waits for a waiting item before it throws another's error", async () => {
    const { run, after } = worldOf(`try { await each([1, 2], { key: (n) => String(n), parallel: 2 }, async (n) => { if (n === 1) await sleep("1d"); throw fail("n" + String(n)); }); } catch (e) { return (e as any).message; }`);
    expect((await run()).end).toBe("parked");
    expect((await after(DAY)).output).toBe("n1");
  });

  it("so do the branches of parallel", async () => {
    const { world, run, after } = worldOf(`const r = await parallel({ a: async () => { await sleep("1d"); return (await world.get({ a: 1 })).n; }, b: async () => (await world.get({ b: 1 })).n }); return [r.a, r.b];`);
    expect(await run()).toMatchObject({ end: "parked", waits: [{ step: "parallel#1[a]/sleep#1" }] });
    expect(world.calls.map(({ args }) => args)).toEqual([{ b: 1 }]);
    expect((await after(DAY)).output).toEqual([2, 1]);
  });

  it("an error that ends the run does not wait", async () => {
    const { result } = await runBody(`await each([1, 2], { key: (n) => String(n), parallel: 2 }, async (n) => { if (n === 1) await sleep("1d"); await once("k", () => world.send({})); });`, TOOLS, { refuses: () => true });
    expect(result).toMatchObject({ end: "failed", error: { code: "EFFECT_REFUSED" }, waits: [] });
  });
});

describe("where time does not pass", () => {
  it("a plan passes it; what is read after it is not known, what is written is planned", async () => {
    const { result, world, ports } = await runBody(`
      const a = await world.get({}); const t = now(); await sleep("1d"); const later = now();
      const b = await world.get({}); await once("k", () => world.send({ a: a.n }));
      return { a: a.n, b, same: t === later };`, TOOLS, { phase: "plan" });
    expect(result).toMatchObject({ end: "completed", output: { a: 1, b: null, same: null } });
    expect(world.called()).toEqual(["get"]);
    expect(ports.requests).toMatchObject([{ certainty: "sure", args: { value: { a: 1 }, unknown: [] } }]);
    expect(world.waits.rows.size).toBe(0);
  });

  it("a wait in an item is one of the loop's: what is read after the loop is not known", async () => {
    const { result, world } = await runBody(`await each([1], { key: (n) => String(n) }, async () => { await sleep("1d"); }); return (await world.get({})).n;`, TOOLS, { phase: "plan" });
    expect([result.output, world.called()]).toEqual([null, []]);
  });

  it("after a held write nothing is waited for, because what follows it has not begun", async () => {
    const { result, world } = await runBody(`await once("a", () => world.send({})); await sleep("1d"); await once("b", () => world.send({})); return 1;`, TOOLS, { holds: () => true });
    expect(result).toMatchObject({ end: "completed", held: [{ label: "once a" }, { label: "once b" }] });
    expect([endOf(result), world.waits.rows.size]).toEqual(["pending", 0]);
  });
});

it("killed anywhere and run again, a run with waits does all of it once", async () => {
  const program = bodyProgram(`
    const seen = await world.get({});
    await each(["a", "b"], { key: (x) => x, parallel: 2 }, async (x) => { await once("1" + x, () => world.send({ x })); await sleep("1h"); await once("2" + x, () => world.send({ x })); });
    await sleep("1h"); return seen.n;`);
  const visits = 40;
  for (let at = 1; at <= visits; at++) {
    const world = new FakeWorld(TOOLS);
    let result: FakeRun["result"] | null = null;
    for (let turn = 0; turn < 9 && result?.end !== "completed"; turn++) {
      result = await runProgram(program, world, turn === 1 ? { diesAt: at } : {}).then((run) => run.result, () => null);
      for (const [id, entry] of world.ledger.entries) if (entry.status === "intended") world.ledger.entries.delete(id);
      world.now += 1_800_000;
    }
    expect({ at, output: result?.output, sent: world.called().filter((tool) => tool === "send").length }).toEqual({ at, output: 1, sent: 4 });
  }
});
