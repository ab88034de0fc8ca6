import { describe, expect, it } from "vitest";
import { bodyProgram } from "../testing/compile-source.ts";
import { FakeWorld } from "../testing/fake-ports.ts";
import { runBody, runProgram, writesOf } from "../testing/fake-run.ts";
import type { FakeTool } from "../testing/fake-tool.ts";

const TOOLS: { readonly [name: string]: FakeTool } = {
  get: { effect: "read", answer: ({ id }: { readonly id: string }) => { if (id.startsWith("bad")) throw new Error(`no ${id}`); return { id }; } },
  create: { effect: "write", answer: ({ n }: { readonly n: string }) => ({ n }), fault: ({ n }: { readonly n: string }) => (n === "ambiguous" ? n : null) },
  send: { effect: "write", answer: () => ({}), affects: ["get"] },
};

describe("parallel", () => {
  it("gives results by name, each branch's steps below its name", async () => {
    const { result, world } = await runBody(`
      const helper = () => world.get({ id: "b" });
      return await parallel({ a: async () => (await world.get({ id: "a" })).id, b: helper, "a/c": async () => { log("c"); } });`, TOOLS);
    expect(result).toMatchObject({ end: "completed", output: { a: "a", b: { id: "b" } } });
    expect(world.calls.map(({ step }) => step)).toEqual(["parallel#1[a]/world.get#2", "parallel#1[b]/helper#1/world.get#1"]);
    expect(world.logs).toEqual(["c"]);
  });

  it("lets all branches settle, and throws the first error in written order", async () => {
    const { result, world } = await runBody(`
      try {
        await parallel({
          slow: async () => { await world.get({ id: "x" }); await world.get({ id: "bad slow" }); },
          quick: () => world.get({ id: "bad quick" }),
          last: () => world.create({ n: "1" }),
        });
      } catch (e) { return (e as any).message; }
      return null;`, TOOLS);
    expect(result.output).toBe("no bad slow");
    expect(world.called()).toContain("create");
  });

  it("ends with the run where a branch ends the run, whatever comes first", async () => {
    const { result } = await runBody(`await parallel({ a: () => world.get({ id: "bad" }), b: () => world.create({ n: "1" }) });`, TOOLS, { refuses: () => true });
    expect(result).toMatchObject({ end: "failed", error: { code: "EFFECT_REFUSED" } });
  });

  it("goes on beside a branch of which it is not known whether it wrote, and says so at the end", async () => {
    const { result, world } = await runBody(`
      const r = await parallel({ a: () => world.create({ n: "ambiguous" }), b: () => world.create({ n: "2" }) });
      return [r.b.n, r.a.n === "x"];`, TOOLS);
    expect(result).toMatchObject({ end: "completed", output: ["2", null], ambiguous: [{ step: "parallel#1[a]/world.create#1" }] });
    expect(world.called()).toEqual(["create"]);
  });

  it("holds what follows a held write in its branch and after the branches; others go on", async () => {
    const run = await runBody(`
      const r = await parallel({
        a: async () => { await once("a", () => world.create({ n: "a" })); await once("a2", () => world.create({ n: "a2" })); return (await world.get({ id: "a" })).id; },
        b: async () => { await once("b", () => world.send({})); return (await world.get({ id: "b" })).id; },
        c: () => world.get({ id: "c" }),
      });
      await once("after", () => world.create({ n: "after" }));
      await world.get({ id: "stale" });
      return r;`, TOOLS, { phase: "plan" });
    expect(writesOf(run)).toHaveLength(4);
    expect(Object.fromEntries(run.ports.requests.map(({ label, after }) => [label, after !== null]))).toEqual({ "once a": false, "once a2": true, "once b": false, "once after": true });
    expect(run.result.output).toEqual({ a: "a", b: null, c: { id: "c" } });
    expect(run.world.calls.map(({ args }) => args)).toEqual(expect.not.arrayContaining([{ id: "b" }, { id: "stale" }]));
  });

  it("shows the branches as `may` under a condition that is not known", async () => {
    const run = await runBody(`
      const t = await once("t", () => world.create({ n: "t" }));
      if (t.n === "t") await parallel({ a: () => once("a", () => world.create({ n: "a" })), b: async () => { if (t.n === "u") throw fail("u"); await once("b", () => world.create({ n: "b" })); } });
      return 1;`, TOOLS, { phase: "plan" });
    expect(writesOf(run)).toEqual(["create:sure", "create:may", "create:may"]);
  });

  it("goes on wherever it was killed: same result, every write once", async () => {
    const program = bodyProgram(`
      return await parallel({
        a: async () => { const { id } = await world.get({ id: "a" }); return (await once(id, () => world.create({ n: id }))).n; },
        b: async () => { const { id } = await world.get({ id: "b" }); await world.get({ id: "more" }); return (await once(id, () => world.create({ n: id }))).n; },
      });`);
    const whole = await runProgram(program, new FakeWorld(TOOLS));
    const points = whole.ports.visits();
    expect(points).toBeGreaterThan(6);
    for (let diesAt = 1; diesAt <= points; diesAt++) {
      const world = new FakeWorld(TOOLS);
      await expect(runProgram(program, world, { diesAt })).rejects.toMatchObject({ code: "LEASE_LOST" });
      const { result } = await runProgram(program, world);
      // Killed between a call and its outcome, only that nobody knows can be said.
      expect(result.ambiguous.length > 0 || JSON.stringify(result.output) === JSON.stringify(whole.result.output)).toBe(true);
      const written = world.calls.filter(({ tool }) => tool === "create").map(({ args }) => (args as { readonly n: string }).n);
      expect(new Set(written).size).toBe(written.length);
    }
  });
});

describe("a loop where only reads are allowed", () => {
  it("looks anew at each attempt, and writes nothing", async () => {
    const program = bodyProgram(`
      return await ticket.ensure({ id: "1" });`, `
      const ticket = record("ticket", {
        identity: (item: { id: string }) => item.id,
        find: async (item) => { await each(["x"], { key: (k) => k }, async (k) => { await world.get({ id: item.id + k }); }); return []; },
        create: (item) => world.create({ n: item.id }),
        keep: (made) => ({ n: made.n }),
      });`);
    const world = new FakeWorld(TOOLS);
    await runProgram(program, world);
    expect(world.called()).toEqual(["get", "create"]);
    expect([...world.journal.keys()].filter((key) => key.includes("find"))).toEqual([]);
  });
});
