import { describe, expect, it } from "vitest";
import type { FakeTool } from "../testing/fake-tool.ts";
import { runBody, writesOf } from "../testing/fake-run.ts";

const WORLD: { readonly [name: string]: FakeTool } = {
  create: { effect: "write", answer: () => ({ key: "K-1", open: true, n: 3, items: [1, 2] }) },
  update: { effect: "write", answer: () => ({}) },
  send: { effect: "write", answer: () => ({}) },
  remove: { effect: "write", answer: () => ({}) },
  get: { effect: "read", answer: () => ({ title: "t" }) },
};

async function planned(body: string): Promise<{ readonly writes: readonly string[]; readonly output: unknown; readonly calls: readonly string[] }> {
  const run = await runBody(`const t = await world.create({});\n${body}`, WORLD, { phase: "plan", effects: "reads-only" });
  if (run.result.error !== null) throw new Error(`${run.result.error.code}: ${run.result.error.message}`);
  return { writes: writesOf(run).slice(1), output: run.result.output, calls: run.world.called() };
}

describe("a held write yields unknown", () => {
  it("spreads through operators, methods, templates, members and calls", async () => {
    const { output } = await planned(`
      const f = (x: any) => [x.a];
      const { key, ...rest } = t; const [first = 5] = [t.n];
      return [t.key, t.n + 1, t.n < 2, \`x\${t.key}\`, t.key.toUpperCase(), t.items.map((i: any) => i), [1, t.n].length, f(t)[0], key, rest, first, Math.max(1, t.n), JSON.stringify({ a: t.n }), "x".padStart(t.n), [3, 1].includes(t.n), !t.open, t?.key, t.items[0]];`);
    const known = (output as readonly unknown[]).map((value) => value !== null);
    expect(known).toEqual([false, false, false, false, false, false, true, false, false, false, false, false, false, false, false, false, false, false]);
  });

  it("keeps what is known of a container with unknown parts", async () => {
    expect((await planned(`const o = { a: 1, b: t.key, c: [2, t.n] }; return [o, Object.keys(o), o.c.length, o.a, [t.n, 5].at(1)];`)).output).toEqual([
      { a: 1, b: null, c: [2, null] }, ["a", "b", "c"], 2, 1, 5,
    ]);
  });

  it("answers what does not depend on it", async () => {
    const { output } = await planned(`
      const xs = [t.n, 1, 2];
      return [xs.some((x) => x === 1), xs.every((x) => x === 7), xs.filter((x) => x > 1), xs.find((x) => x > 1), xs.includes(2), xs.map((x) => x === 1)];`);
    expect(output).toEqual([true, false, null, null, true, [null, true, false]]);
  });

  it("is an argument of later writes, which wait for it", async () => {
    const run = await runBody(`const t = await world.create({}); await world.update({ id: t.key, x: 1 });`, WORLD, { phase: "plan" });
    const [first, second] = run.ports.requests;
    expect(second?.args).toEqual({ value: { id: null, x: 1 }, unknown: [{ path: ["id"], from: [run.result.held[0]?.effect] }] });
    expect([first?.after, second?.after]).toEqual([null, run.result.held[0]?.effect]);
    expect(run.world.called()).toEqual([]);
  });
});

describe("a choice by an unknown", () => {
  it.each([
    ["if", `if (t.open) { await world.update({}); } else { await world.send({}); }`, ["update:may", "send:may"]],
    ["?:", `const r = t.open ? await world.update({}) : await world.send({});`, ["update:may", "send:may"]],
    ["&&", `t.open && await world.update({});`, ["update:may"]],
    ["||", `t.open || await world.update({});`, ["update:may"]],
    ["??", `t.open ?? await world.update({});`, ["update:may"]],
    ["what follows is sure", `if (t.open) { await world.update({}); } await world.send({});`, ["update:may", "send:sure"]],
    ["return", `if (t.open) { return 1; } await world.send({});`, ["send:may"]],
    ["throw", `if (t.open) { throw fail("x"); } await world.send({});`, ["send:may"]],
    ["?? fail()", `const x = t.key ?? fail("x"); await world.send({});`, ["send:may"]],
    ["both ways return", `if (t.open) { return 1; } else { return 2; }`, []],
    ["both ways throw", `try { if (t.open) { throw fail("a"); } else { throw fail("b"); } } catch { await world.send({}); }`, ["send:sure"]],
    ["break", `for (const x of [1, 2]) { if (t.open) break; await world.update({ x }); } await world.send({});`, ["update:may", "update:may", "send:sure"]],
    ["continue", `for (const x of [1, 2]) { if (t.open) continue; await world.update({ x }); } await world.send({});`, ["update:may", "update:may", "send:sure"]],
    ["return in a loop", `for (const x of [1, 2]) { if (t.open) return; await world.update({ x }); } await world.send({});`, ["update:may", "update:may", "send:may"]],
    ["return in a helper", `const f = async (x: any) => { if (x) { return 1; } await world.update({}); return 2; }; await f(t.open); await world.send({});`, ["update:may", "send:sure"]],
    ["throw in a helper", `const f = async (x: any) => { if (x) { throw fail("no"); } await world.update({}); }; await f(t.open); await world.send({});`, ["update:may", "send:may"]],
    ["return, then throw, in a helper under try", `const f = async (x: any) => { if (x) { return 1; } throw fail("no"); }; try { await f(t.open); await world.update({}); } catch { await world.remove({}); } await world.send({});`, ["update:may", "remove:may", "send:sure"]],
    ["throw under try", `try { if (t.open) { throw fail("no"); } await world.update({}); } catch { await world.remove({}); } await world.send({});`, ["update:may", "remove:may", "send:sure"]],
    ["a held write under try", `try { await world.update({}); } catch { await world.remove({}); } await world.send({});`, ["update:sure", "remove:may", "send:sure"]],
    ["an unknown used under try", `try { const x = t.a.b; } catch { await world.remove({}); }`, ["remove:may"]],
    ["a handler that returns", `try { await world.update({}); } catch { return 1; } await world.send({});`, ["update:sure", "send:may"]],
    ["nothing unknown under try", `try { const x = 1; } catch { await world.remove({}); }`, []],
    ["a loop over an unknown list", `for (const x of t.items) { await world.update({ x }); } await world.send({});`, ["update:may-many", "send:sure"]],
    ["return in a loop over an unknown list", `for (const x of t.items) { if (x === 1) return; } await world.send({});`, ["send:may"]],
    ["an each over an unknown list", `await each(t.items, { key: (x: any) => String(x) }, async (x: any) => { await world.update({ x }); }); await world.send({});`, ["update:may-many", "send:sure"]],
    ["an item that may fail", `await each(["a"], { key: (x) => x }, async () => { const k = t.key ?? fail("x"); await world.update({}); }); await world.send({});`, ["update:may", "send:may"]],
    ["an item that may fail in a loop that goes on", `await each(["a"], { key: (x) => x, onError: "continue" }, async () => { const k = t.key ?? fail("x"); await world.update({}); }); await world.send({});`, ["update:may", "send:sure"]],
    ["an item under try", `try { await each(["a"], { key: (x) => x }, async () => { await world.update({}); }); } catch { await world.remove({}); }`, ["update:sure", "remove:may"]],
    ["an each over an unknown list whose items fail", `await each(t.items, { key: (x: any) => String(x) }, async () => { throw fail("x"); }); await world.send({});`, ["send:may"]],
    ["callbacks that may throw", `const ys = [1].map((x) => t.key ?? fail("x")); await world.send({});`, ["send:may"]],
  ])("%s", async (_, body, writes) => {
    expect((await planned(body)).writes).toEqual(writes);
  });

  it("makes no read on either way, nor one with unknown arguments", async () => {
    const { calls } = await planned(`if (t.open) { await world.get({}); } await world.get({ id: t.key }); await world.get({ id: 1 });`);
    expect(calls).toEqual(["get"]);
  });

  it.each([
    ["assigned on one way", `let x = 1; if (t.open) { x = 2; } return x;`, null],
    ["assigned the same on both", `let x = 1; if (t.open) { x = 2; } else { x = 2; } return x;`, 2],
    ["assigned on the way that leaves", `let x = 1; if (t.open) { x = 2; return null; } return [x];`, null],
    ["after a loop with break", `let x = 0; for (const y of [1, 2, 3]) { if (t.open) break; x += y; } return [x];`, [null]],
    ["after a loop with continue", `let x = 0; for (const y of [1, 2, 3]) { if (t.open) continue; x += y; } return [x];`, [null]],
    ["in an unknown loop", `let seen = 0; let twice: boolean | null = false; for (const y of t.items) { twice = seen > 0; seen += 1; } return [seen, twice];`, [null, null]],
    ["by ??=", `let x: any = t.key; x ??= "d"; return [x];`, [null]],
    ["in an expression", `let x = 1; const y = t.open ? (x = 2) : 3; return [x, y];`, [null, null]],
    ["pushed on one way", `const xs: number[] = []; if (t.open) { xs.push(1); } return [xs.length, xs.map((x) => x), [...xs]];`, [null, null, null]],
    ["pushed to a list made on that way", `let n = 0; if (t.open) { const xs: number[] = []; xs.push(1); n = xs.length; } else { n = 1; } return n;`, 1],
    ["added to a map", `const m = new Map<string, number>([["a", 1]]); if (t.open) { m.set("b", 2); } return [m.size, m.get("a")];`, [null, null]],
    ["set under an unknown key", `const m = new Map<string, number>([["a", 1]]); m.set(t.key, 2); return [m.get("a")];`, [null]],
    ["what follows a possible return is the value of the helper or not", `const f = (x: any) => { if (x) { return 1; } return 2; }; return [f(t.open), f(true), f(false)];`, [null, 1, 2]],
    ["the same value from both ways", `const f = (x: any) => { if (x) { return 2; } return 2; }; return [f(t.open)];`, [2]],
  ])("joins locals: %s", async (_, body, output) => {
    expect((await planned(body)).output).toEqual(output);
  });
});

describe("reads after a held write", () => {
  it("are unknown where the write makes them stale, in the same item only", async () => {
    const tools: { readonly [name: string]: FakeTool } = { ...WORLD, create: { effect: "write", affects: ["get"] }, list: { effect: "read", answer: () => [1] } };
    const body = `
      const rs = await each(["a", "b"], { key: (x) => x }, async (x) => { if (x === "a") { await world.create({}); } const r = await world.get({}); return r.title; });
      const l = await world.list({}); const g = await world.get({});
      return [rs, l, g];`;
    const run = await runBody(body, tools, { phase: "plan" });
    expect(run.result.output).toEqual([[null, "t"], [1], null]);
  });
});
