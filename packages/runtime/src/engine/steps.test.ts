import { describe, expect, it } from "vitest";
import { UnsafeInteger } from "../base/index.ts";
import { commitStaged, FakeWorld } from "../testing/fake-ports.ts";
import type { FakeTool } from "../testing/fake-tool.ts";
import { bodyProgram, renameTools } from "../testing/compile-source.ts";
import { runBody, runProgram } from "../testing/fake-run.ts";
import { endOf } from "./index.ts";

const TOOLS: { readonly [name: string]: FakeTool } = {
  get: { effect: "read", answer: ({ id }: { readonly id: string }) => { if (id === "bad") throw new Error("no such thing"); return { id, labels: ["a"] }; } },
  create: { effect: "write", answer: ({ n }: { readonly n: string | number }) => ({ n }), fault: ({ n }: { readonly n: string | number }) => (n === "failed" || n === "ambiguous" || n === "unreadable" ? n : null) },
  comment: { effect: "write", answer: () => ({ ok: true }) },
};

describe("calls", () => {
  it("read and write in order, each under its step key", async () => {
    const { result, world } = await runBody(`
      const helper = async (id: string) => (await world.get({ id })).id;
      const a = await helper("x"); const b = await helper("y");
      const w = await world.create({ n: 1, gone: undefined });
      return [a, b, w.n];`, TOOLS, { top: "" });
    expect(result).toMatchObject({ end: "completed", output: ["x", "y", 1], error: null });
    expect(world.calls.map(({ step, tool }) => [step, tool])).toEqual([
      [expect.stringMatching(/^helper#1\/world\.get#1$/), "get"], [expect.stringMatching(/^helper#2\/world\.get#1$/), "get"], ["world.create#1", "create"],
    ]);
    expect(world.calls[2]?.args).toEqual({ n: 1 });
  });

  it("give a workflow the errors it may catch", async () => {
    const { result } = await runBody(`
      const out: any[] = [];
      try { await world.get({ id: "bad" }); } catch (e) { out.push(e); }
      try { await world.create({ n: "failed" }); } catch (e) { out.push(e); }
      try { throw fail("mine"); } catch (e) { out.push(e); }
      try { const x: any = null; out.push(x.y); } catch (e) { out.push(e); }
      try { capture("some text", /\\d+/); } catch (e) { out.push(e); }
      return out;`, TOOLS);
    expect(result.output).toEqual([
      { code: "READ_FAILED", message: "no such thing" }, { code: "TOOL_FAILED", message: "create was refused" }, { code: "FAILED", message: "mine" },
      { code: "TYPE_ERROR", message: "Cannot read y of null." }, { code: "CAPTURE_NOT_FOUND", message: 'capture: /\\d+/ finds nothing in "some text".' },
    ]);
  });

  it.each([
    ["ambiguous", `await world.create({ n: "ambiguous" });`, { end: "stopped", error: null }, "needs-attention"],
    ["unreadable", `await world.create({ n: "unreadable" });`, { end: "failed", error: { code: "RESULT_UNREADABLE" } }, "failed"],
    ["poisoned", `const x: any = inputs; await world.create({ n: x.any });`, { end: "failed", error: { code: "UNSAFE_INTEGER" } }, "failed"],
    ["truncated", `await world.list.pages({ n: 1 });`, { end: "failed", error: { code: "PAGES_TRUNCATED" } }, "failed"],
  ])("keep from a workflow what it must not catch: %s", async (_, statement, expected, end) => {
    const tools: { readonly [name: string]: FakeTool } = { ...TOOLS, list: { effect: "read", answer: () => [1], paging: { max: 2, first: (a) => a, next: (a) => a, items: (r) => r as readonly number[], more: () => false } } };
    const { result } = await runBody(`try { ${statement} } catch (e) { await world.comment({}); } return 1;`, tools, { inputs: { any: new UnsafeInteger("9007199254740993") } });
    expect(result).toMatchObject(expected);
    expect(endOf(result)).toBe(end);
  });

  it("end the run where the policy denies a write, and where it is cancelled", async () => {
    const body = `try { await world.create({ n: 1 }); } catch { } await world.comment({});`;
    const refused = await runBody(body, TOOLS, { refuses: () => true });
    expect(refused.result).toMatchObject({ end: "failed", error: { code: "EFFECT_REFUSED" } });
    const cancelled = await runBody(body, TOOLS, { cancelsAt: 2 });
    expect([endOf(cancelled.result), cancelled.world.called()]).toEqual(["cancelled", ["create"]]);
  });
});

describe("pages", () => {
  const pages = [[1, 2], [3, 4], [5]];
  const list: FakeTool = {
    effect: "read",
    answer: ({ page }: { readonly page: number }) => pages[page - 1] ?? [],
    paging: { max: 5, first: () => ({ page: 1 }), next: (args) => ((args as { page: number }).page < pages.length ? { page: (args as { page: number }).page + 1 } : null), items: (r) => r as readonly number[], more: () => false },
  };
  it.each([
    ["all of them", `{}`, [1, 2, 3, 4, 5], 3],
    ["until an item, which is part of the result", `{ until: (x: any) => x === 3 }`, [1, 2, 3], 2],
    ["as many as are enough", `{ max: 2, truncate: "allow" }`, [1, 2, 3, 4], 2],
  ])("%s", async (_, options, output, calls) => {
    const run = await runBody(`return await world.list.pages({}, ${options});`, { list });
    expect([run.result.output, run.world.calls.length]).toEqual([output, calls]);
    expect(run.world.calls[0]?.step).toBe("world.list.pages#1/page-1");
  });
});

describe("once", () => {
  const body = `return await once("k", async () => { const r = await world.create({ n: 1 }); return { got: r.n, at: now() }; });`;

  it("writes once for ever, and gives the recorded value again", async () => {
    const program = bodyProgram(body);
    const world = new FakeWorld(TOOLS);
    const first = await runProgram(program, world);
    world.now += 5_000;
    world.journal.clear();
    const second = await runProgram(program, world, { runId: "run-2" });
    expect(second.result.output).toEqual(first.result.output);
    expect([second.result.replayed, world.called()]).toEqual([1, ["create"]]);
  });

  it("runs its function again, with the write answered, when its value was lost", async () => {
    const program = bodyProgram(body);
    const world = new FakeWorld(TOOLS);
    await runProgram(program, world);
    for (const [id, entry] of world.ledger.entries) world.ledger.entries.set(id, { ...entry, completion: null });
    world.journal.clear();
    const { result } = await runProgram(program, world);
    expect([result.output, world.called()]).toEqual([{ got: 1, at: world.now }, ["create"]]);
  });

  it("writes again in the next window of `for`", async () => {
    const program = bodyProgram(`await once("k", () => world.create({ n: 1 }), { for: "1h" });`);
    const world = new FakeWorld(TOOLS);
    for (const step of [0, 1_000, 3_600_000]) {
      world.now += step;
      world.journal.clear();
      await runProgram(program, world);
    }
    expect(world.called()).toEqual(["create", "create"]);
  });

  it.each([
    ["found: its value is the result", "found", { end: "completed", output: { n: 7 } }, ["create", "search"]],
    ["not found, which proves it: written again", "absent", { end: "completed", output: { n: 1 } }, ["create", "search", "create"]],
    ["not found, which proves nothing: stopped", "unproven", { end: "stopped" }, ["create", "search"]],
  ])("asks confirm about a lost write: %s", async (_, answer, expected, calls) => {
    let lost = true;
    const world = new FakeWorld({
      create: { effect: "write", answer: ({ n }: { readonly n: string | number }) => ({ n }), fault: () => (lost ? "lost" : null) },
      search: { effect: "read", consistent: answer !== "unproven", answer: () => (answer === "found" ? { n: 7 } : null) },
    });
    const program = bodyProgram(`return await once("k", () => world.create({ n: 1 }), { confirm: () => world.search({}) });`);
    expect((await runProgram(program, world)).result.end).toBe("stopped");
    lost = false;
    world.now += 1_000;
    world.journal.clear();
    const { result } = await runProgram(program, world);
    expect(result).toMatchObject(expected);
    expect(world.called()).toEqual(calls);
  });

  it("refuses a second write, past every try", async () => {
    const program = bodyProgram(`try { await once("k", async () => { await world.lookup({ n: 1 }); return world.comment({}); }); } catch { }`);
    const { result } = await runProgram(renameTools(program, { lookup: "create" }), new FakeWorld(TOOLS));
    expect(result.error?.code).toBe("ONE_WRITE");
  });

  it("shows an unknown key as what may be", async () => {
    const run = await runBody(`const t = await world.create({ n: 1 }); await once(\`c:\${t.n}\`, () => world.comment({}));`, TOOLS, { phase: "plan" });
    expect(run.ports.requests[1]).toMatchObject({ identityKnown: false, certainty: "may", label: "once (known after apply)" });
  });

  it("perRun writes once in a run", async () => {
    const run = await runBody(`await once.perRun(() => world.comment({}));`, TOOLS);
    expect(run.ports.requests[0]?.identity).toMatchObject({ kind: "step", rootRun: "run-1" });
  });
});

describe("each", () => {
  it("gives results in input order, whatever ends first, at most so many at a time", async () => {
    let running = 0;
    let most = 0;
    const get: FakeTool = { effect: "read", async answer({ id }: { readonly id: number }) { running += 1; most = Math.max(most, running); for (let turn = 0; turn < 10 - id; turn++) await Promise.resolve(); running -= 1; return { id }; } };
    const { result } = await runBody(`return await each([1, 2, 3, 4, 5, 6, 7], { key: (n) => String(n), parallel: 3 }, async (n) => (await world.get({ id: n })).id);`, { get });
    expect([result.output, most]).toEqual([[1, 2, 3, 4, 5, 6, 7], 3]);
  });

  it("lets those in flight settle, starts no more, and throws the first error in input order", async () => {
    const { result, world } = await runBody(`
      try { await each([1, 2, 3, 4], { key: (n) => String(n), parallel: 2 }, async (n) => { if (n === 2) { throw fail("two"); } await world.get({ id: String(n) }); await world.get({ id: String(n) }); if (n === 1) { throw fail("one"); } }); } catch (e) { return e; }`, TOOLS);
    expect(result.output).toEqual({ code: "FAILED", message: "one" });
    expect(world.calls.map(({ args }) => args)).toEqual([{ id: "1" }, { id: "1" }]);
  });

  it("goes on after failures when told to, and lists them", async () => {
    const { result } = await runBody(`return await each([1, 2, 3], { key: (n) => String(n), onError: "continue" }, async (n) => { if (n === 2) { throw fail("two"); } return n; });`, TOOLS);
    expect(result).toMatchObject({ output: [1, null, 3], failures: [{ step: expect.stringMatching(/\[2\]$/), error: { code: "FAILED", message: "two" } }] });
    expect(endOf(result)).toBe("partial");
  });

  it("counts equal items with one key once, and refuses different ones", async () => {
    const run = (items: string) => runBody(`return await each(${items}, { key: (x) => x.k }, async (x) => { await world.comment({ v: x.v }); return x.v; });`, TOOLS);
    const same = await run(`[{ k: "a", v: 1 }, { k: "b", v: 2 }, { k: "a", v: 1 }]`);
    expect([same.result.output, same.world.calls.length]).toEqual([[1, 2, 1], 2]);
    expect((await run(`[{ k: "a", v: 1 }, { k: "a", v: 2 }]`)).result.error?.code).toBe("DUPLICATE_KEY");
  });

  it("keeps keys apart that look like paths", async () => {
    const { world } = await runBody(`await each(["a/b", "a", "a%2Fb", "[x]"], { key: (x) => x }, async (x) => { await world.comment({ x }); });`, TOOLS);
    expect(new Set(world.calls.map(({ step }) => step)).size).toBe(4);
    expect(world.calls[0]?.step).toMatch(/\[a%2Fb\]\/world\.comment#1$/);
  });

  it("ends an item whose write is ambiguous; others go on, later writes of the parent wait", async () => {
    const body = `
      const rs = await each(["1", "ambiguous", "3"], { key: (n) => n }, async (n) => (await world.create({ n })).n);
      await world.comment({ done: rs });`;
    const run = await runBody(body, TOOLS);
    expect(endOf(run.result)).toBe("needs-attention");
    expect(run.result.ambiguous).toMatchObject([{ label: "world.create", why: "create: nobody knows" }]);
    expect(run.ports.requests.at(-1)?.after).toBe(run.result.ambiguous[0]?.effect);
    expect(run.world.called()).toEqual(["create", "create"]);
  });

  it("holds only what follows a held write in the same item, and after the loop", async () => {
    const body = `await each(["a", "b"], { key: (n) => n }, async (n) => { await world.create({ n }); await world.comment({ n }); }); await world.comment({ n: "end" });`;
    const run = await runBody(body, TOOLS, { holds: ({ args }) => (args.value as { n: string }).n === "a" });
    expect(run.world.calls.map(({ args }) => args)).toEqual([{ n: "b" }, { n: "b" }]);
    expect(run.result.held.map(({ why }) => why.slice(0, 6))).toEqual(["awaits", "after:", "after:"]);
    expect(endOf(run.result)).toBe("pending");
  });
});

describe("state", () => {
  const top = `const cursor = state("cursor", { at: 0 });`;
  it("is staged, seen by get, and committed with its version", async () => {
    const program = bodyProgram(`const before = await cursor.get(); await cursor.set({ at: before.at + 1 }); const after = await cursor.get(); const k = await cursor.of("x").get(); return [before, after, k];`, top);
    const world = new FakeWorld({});
    for (const at of [0, 1]) {
      world.journal.clear();
      const { result } = await runProgram(program, world);
      expect(result.output).toEqual([{ at }, { at: at + 1 }, { at: 0 }]);
      expect(result.staged).toEqual([{ name: "cursor", key: "", value: { at: at + 1 }, version: at }]);
      commitStaged(world, result.staged);
    }
  });

  it("is not set in parallel bodies", async () => {
    const serial = bodyProgram(`await each([1, 2], { key: (n) => String(n), parallel: 1 }, async (n) => { await cursor.set({ at: n }); });`, top);
    const parallel = JSON.parse(JSON.stringify(serial).replace(/"parallel":\{[^}]*\}/, '"parallel":{"kind":"const","value":2}')) as typeof serial;
    const { result } = await runProgram(parallel, new FakeWorld({}));
    expect(result.error?.message).toMatch(/parallel/);
  });

  it("is not known after a set that may not happen, nor with an unknown value", async () => {
    const { result } = await runBody(`const t = await world.create({}); const a = await cursor.get(); if (t.open) { await cursor.set({ at: 5 }); } const b = await cursor.get(); await cursor.set({ at: t.n }); return [a, b, await cursor.get()];`, TOOLS, { top, phase: "plan" });
    expect(result).toMatchObject({ output: [{ at: 0 }, null, null], staged: [] });
  });
});

describe("now and log", () => {
  it("are journaled, and told", async () => {
    const { result, world } = await runBody(`const a = now(); log("at", a - ago("1h"), { x: [1] }, null); const xs = [1, 2].map(() => now()); return xs[0] === a;`);
    expect([result.output, world.logs]).toEqual([true, ['at 3600000 {"x":[1]} null']]);
  });
});
