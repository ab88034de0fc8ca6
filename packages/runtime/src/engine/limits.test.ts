import { describe, expect, it } from "vitest";
import { UnsafeInteger } from "../base/index.ts";
import type { Expression, FunctionNode, Program } from "../program/index.ts";
import { bodyProgram } from "../testing/compile-source.ts";
import { FakeWorld } from "../testing/fake-ports.ts";
import { runBody, runProgram } from "../testing/fake-run.ts";

async function codeOf(body: string): Promise<string | undefined> {
  return (await runBody(body)).result.error?.code;
}

describe("limits end the run, past every try, and are never a RangeError", () => {
  it.each([
    ["fuel in callbacks", "LIMIT_FUEL", `const xs = range(3000); try { return xs.map((a) => xs.filter((b) => xs.some((c) => a + b + c < 0)).length); } catch { return 1; }`],
    ["fuel in loops", "LIMIT_FUEL", `let n = 0; for (const a of range(4000)) { for (const b of range(4000)) { n += a * b; } } return n;`],
    ["fuel in a list that grows while it is gone through", "LIMIT_", `const xs = [1]; for (const x of xs) { xs.push(x); } return xs.length;`],
    ["size by doubling", "LIMIT_SIZE", `let s = "x"; try { for (const i of range(40)) { s = s + s; } } catch { return 1; } return s.length;`],
    ["size by a template", "LIMIT_SIZE", "let s = \"x\"; for (const i of range(40)) { s = `${s}${s}`; } return s.length;"],
    ["size by repeat", "LIMIT_SIZE", `return "x".repeat(100000000000);`],
    ["size by padding", "LIMIT_SIZE", `return "x".padEnd(1000000000).length;`],
    ["size by join", "LIMIT_SIZE", `const part = "x".repeat(1000000); return range(20).map((i) => part).join("").length;`],
    ["size by replaceAll", "LIMIT_SIZE", `const part = "x".repeat(10000); return part.replaceAll("x", part).length;`],
    ["size by substitution", "LIMIT_SIZE", `const part = "xy".repeat(10000); return part.replaceAll("x", "$'").length;`],
    ["size of lists", "LIMIT_SIZE", `let xs = [1]; for (const i of range(40)) { xs = [...xs, ...xs]; } return xs.length;`],
    ["size by concat", "LIMIT_SIZE", `let xs = [1]; for (const i of range(40)) { xs = xs.concat(xs); } return xs.length;`],
    ["size of range", "LIMIT_SIZE", `return range(10000000).length;`],
    ["size of a shared value written out", "LIMIT_SIZE", `let x: any = ["0123456789"]; for (const i of range(40)) { x = [x, x]; } return JSON.stringify(x).length;`],
    ["size of a shared value given back", "LIMIT_", `let x: any = ["0123456789"]; for (const i of range(40)) { x = [x, x]; } return x;`],
    ["depth of a value", "LIMIT_DEPTH", `let x: any = 1; for (const i of range(1000)) { x = [x]; } return JSON.stringify(x);`],
    ["depth of a flattened value", "LIMIT_DEPTH", `let x: any = [1]; for (const i of range(1000)) { x = [x]; } return x.flat(1000);`],
    ["depth of JSON", "LIMIT_DEPTH", `return JSON.parse("[".repeat(1000) + "]".repeat(1000));`],
  ])("%s", async (_, code, body) => {
    expect(await codeOf(body)).toMatch(new RegExp(`^${code}`));
  });

  it("fills the tank again at each call", async () => {
    const { result } = await runBody(`let n = 0; for (const i of range(3)) { n += range(300000).filter((x) => x % 2 === 0).length; await world.get({ i }); } return n;`, { get: { effect: "read" } });
    expect(result.output).toBe(450_000);
  });

  it("of calls that nest without end", async () => {
    const program = bodyProgram(`const f = (x: number): number => x; return f(1);`);
    const looping = withFunction(program, (f) => ({ ...f, body: [{ kind: "return", value: { kind: "call", callee: { kind: "local", up: 1, slot: 3 }, args: [] } }] }));
    const { result } = await runProgram(looping, new FakeWorld({}));
    expect(result.error?.code).toBe("LIMIT_DEPTH");
  });

  it("of code nested more deeply than the stack", async () => {
    let value: Expression = { kind: "const", value: 1 };
    for (let level = 0; level < 20_000; level++) value = { kind: "unary", operator: "-", value };
    const program: Program = { ...bodyProgram(`return 1;`), body: { parameters: [], slots: 0, steps: true, body: [{ kind: "return", value }] } };
    expect((await runProgram(program, new FakeWorld({}))).result.error?.code).toBe("LIMIT_DEPTH");
  });
});

/** The program with its first inner arrow changed: what the checker would refuse. */
function withFunction(program: Program, change: (node: FunctionNode) => FunctionNode): Program {
  return JSON.parse(JSON.stringify(program), (_, value: unknown) => (isFunction(value) ? { ...value, fn: change(value.fn) } : value)) as Program;
}

function isFunction(value: unknown): value is { readonly kind: "function"; readonly fn: FunctionNode } {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "function";
}

describe("names that reach what is no data elsewhere", () => {
  const answer = JSON.parse('{"__proto__":{"x":1},"constructor":"c","toString":"t","hasOwnProperty":"h","then":"n","list":[{"__proto__":7}]}') as never;
  const tools = { get: { effect: "read", answer: () => answer } } as const;

  it("are plain fields of an answer", async () => {
    const { result } = await runBody(`const { list, ...rest } = await world.get({}); return [rest, Object.keys(rest), list, { ...rest, a: 1 }, JSON.stringify(list), Object.fromEntries(Object.entries(rest)), rest.then];`, tools);
    const [rest, keys, list, copy, text, again, then] = result.output as readonly [object, string[], readonly [object], object, string, object, string];
    expect(Object.keys(rest)).toEqual(keys);
    expect(keys).toEqual(["__proto__", "constructor", "toString", "hasOwnProperty", "then"]);
    expect([Object.hasOwn(list[0], "__proto__"), text, Object.hasOwn(copy, "__proto__"), Object.keys(again), then]).toEqual([true, '[{"__proto__":7}]', true, keys, "n"]);
  });

  it("are absent where there is no such field", async () => {
    const { result } = await runBody(`const x: any = await world.get({}); const y: any = { a: 1 }; const s: any = "text"; return [x.toString, y.toString ?? null, y.hasOwnProperty ?? null, y.valueOf ?? null, s.big ?? null, [1].length, (x.list[0] as any).z ?? null];`, tools);
    expect(result.output).toEqual(["t", null, null, null, null, 1, null]);
  });

  it("keep answers that look like the engine's own values plain", async () => {
    const fields = { from: ["x"], kind: "unknown", digits: "1", code: { steps: true }, steps: true };
    const { result } = await runBody(`const x: any = await world.get({}); return [x, x.from, x.digits + "0"];`, { get: { effect: "read", answer: () => fields } });
    expect(result.output).toEqual([fields, ["x"], "10"]);
  });
});

describe("what a tool returned", () => {
  it("is frozen: a list of it does not grow", async () => {
    const grows = bodyProgram(`const xs: number[] = [7]; try { xs.push(1); } catch (e) { return e; } return xs;`);
    const frozen = JSON.parse(JSON.stringify(grows), (_, value: unknown) => (isList(value) ? { kind: "tool", site: "world.get#1", server: "world", tool: "get", args: { kind: "undefined" } } : value)) as Program;
    const { result } = await runProgram(frozen, new FakeWorld({ get: { effect: "read", answer: () => [7] } }));
    expect(result.output).toMatchObject({ code: "TYPE_ERROR", message: expect.stringMatching(/push/) });
  });
});

function isList(value: unknown): boolean {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "array" && "items" in value && Array.isArray(value.items) && value.items.length === 1;
}

describe("a poisoned integer", () => {
  const tools = { get: { effect: "read", answer: () => ({ id: new UnsafeInteger("9007199254740993"), ok: 1 }) } } as const;
  it.each([
    ["an argument", `await world.get({ id: x.id });`], ["part of an argument", `await world.get({ all: [x] });`], ["a key", `await each([x], { key: (y: any) => y.id }, async () => {});`],
    ["a once key", `await once(x.id, () => world.send({}));`], ["part of a template", "return `${x.id}`;"], ["a comparison", `return x.id === 5;`], ["an order", `return x.id < 5;`], ["a sum", `return x.id + 1;`],
    ["hashed", `return hash(x);`], ["a map key", `const m = new Map(); m.set(x.id, 1); return m.size;`], ["looked for", `return [1].includes(x.id);`], ["a state", `await cursor.set(x.id);`], ["text", `return JSON.stringify(x);`], ["a condition", `if (x.id) { return 1; }`],
  ])("cannot be %s", async (_, body) => {
    const { result } = await runBody(`const x: any = await world.get({}); try { ${body} } catch { return "caught"; }`, tools, { top: `const cursor = state("cursor", 0);` });
    expect(result.error?.code).toBe("UNSAFE_INTEGER");
  });

  it("can be carried, compared with what is no number, and given back", async () => {
    const { result } = await runBody(`const x: any = await world.get({}); const copy = { ...x, list: [x.id] }; return [copy.ok, copy.id === null, copy.list[0] === undefined, copy];`, tools);
    expect(result.output).toEqual([1, false, false, { id: new UnsafeInteger("9007199254740993"), ok: 1, list: [new UnsafeInteger("9007199254740993")] }]);
  });
});

describe("what the types do not allow is a TYPE_ERROR", () => {
  it.each([
    `return x.n + x.s;`, `return x.n < x.s;`, `return x.s - 1;`, `return -x.s;`, "return `${x.o}`;", "return `${x.z}`;", "return `${x.nothing}`;", `if (x.n) { return 1; }`, `return x.n ? 1 : 2;`, `return !x.n;`, `return x.n && 1;`, `return [1].filter(() => x.n);`,
    `return x.nothing.a;`, `return x.z.length;`, `return x.z.map((y: any) => y);`, `return x.n.slice(1);`, `return x.s.map((y: any) => y);`, `for (const y of x.n) { return y; }`, `return [...x.n];`, `return { ...x.s };`, `return Object.keys(x.n);`, `return JSON.parse("{");`,
    `return x.s.slice(x.s);`, `return x.s.includes(x.n);`, `return [3, 1].toSorted(() => x.s);`, `return x.s.repeat(-1);`, `return encodeURIComponent(x.half);`, `return time("2020-01-01T10:00:00");`, `return iso(x.s);`, `return chunk([1], 0);`, `return range(-1);`, `const [a] = x.n; return a;`,
    `const { a } = x.z; return a;`, `return [x.o].join();`, `return String(x.o);`, `return Number(x.o);`, `return new Map(x.l).size;`, `return quote.sql(x.nul);`,
  ])("%s", async (body) => {
    const { result } = await runBody(`const x: any = await world.get({}); try { ${body} } catch (e) { return e; }`, { get: { effect: "read", answer: () => ({ n: 1, s: "s", o: {}, z: null, l: [1], half: "\ud83d", nul: "\0" }) } });
    expect(result.output).toMatchObject({ code: "TYPE_ERROR", message: expect.stringMatching(/^[A-Z=!+<`"-]|^\w/) });
  });
});
