import type { SubsetCases } from "./case.ts";

/** Expressions, conditions, operators and awaiting. */
export const EXPRESSIONS: SubsetCases = {
  "3.3": {
    "expression.literals": `return [1, -1, 0.1, 1e-7, 1_000, 0xff, 0b11, "a", 'b', \`c\`, true, false, null, "\\u{1F600}\\n\\x41"];`,
    "expression.undefined": `const list = [undefined, 1]; return [list, { a: undefined, b: 1 }, list[0] === undefined];`,
    "expression.object": `const a = 1; const rest = { b: 2, a: 3 }; const none: any = null; return [{ a, "quoted-key": 2, 3: "three", ...none, b: 0 }, { x: 0, ...rest }, { ...rest, a }];`,
    "expression.object-order": `return Object.keys({ b: 1, a: 2, 10: 3, 9: 4, b2: 5 });`,
    "expression.array": `return [1, ...[2, 3], ..."😀b", ...new Set([4]), ...new Map([["k", 1]]), ...[].map((x) => x)];`,
    "expression.arrow": `return [1, 2].map((n, index) => ({ n, index }));`,
    "expression.conditional": `const n: number = 3; return n > 2 ? (n > 5 ? "big" : "middle") : "small";`,
    "expression.grouping": `return [(1 + 2) * 3, 1 + 2 * 3, -(2 - 5), !(true && false)];`,
    "operator.equality": `const nan = 0 / 0; const o = { a: 1 }; const other: any = { a: 1 }; const text: any = "1"; const none: any = null; return [1 === 1, 1 === text, nan === nan, 0 === -0, o === o, o === other, none === undefined, o !== other, none === null];`,
  },
  "3.5": {
    "condition.boolean": `const yes: boolean = true; if (yes) return [!yes, !!yes]; return [];`,
    "condition.null": `const pick = (x: string | null | undefined) => (x ? "there" : "not"); const of = (x: { a: 1 } | null) => (x ? x.a : 0); const list = (x: readonly number[] | undefined) => (x ? x.length : -1); return [pick("a"), pick(""), pick(null), pick(undefined), of({ a: 1 }), of(null), list([]), list(undefined)];`,
    "operator.not": `const [yes, empty, text, list, none]: [boolean, string, string, number[] | null, string | undefined] = [true, "", "a", [], undefined]; return [!yes, !empty, !text, !list, !none];`,
  },
  "3.6": {
    "operator.plus": `return [1 + 2, 0.1 + 0.2, "a" + "b", "" + "", 9007199254740991 + 2];`,
    "operator.comparison": `return [1 < 2, 2 <= 2, 3 > 4, 4 >= 4, "a" < "b", "B" < "a", "10" < "9", "😀" < "\\uffff", "" < "a"];`,
    "operator.time": `const a = time("2026-11-22T21:23:00Z"); const b = time("2026-11-23"); return [b - a, a < b, iso(b - duration("1h"))];`,
  },
  "3.7": {
    "expression.template": `const n = 1.5; const t = "x"; const b = true; const big = 1e15 * 1e6; return \`\${n}|\${t}|\${b}|\${-0}|\${big}|\${1e-7}|\\\${}\`;`,
  },
  "3.8": {
    "expression.member": `const o = { a: { "b c": 1 }, length: 7 } as any; return [o.a["b c"], o["length"], "abc".length, [1, 2].length, new Map([["a", 1]]).size, new Set([1]).size];`,
    "expression.index": `const list = [1, 2]; const at = 1; return [list[at], list[5], list[-1], list[0.5], "a😀"[1] === "a😀".at(1), "ab"[7]].map((x) => x ?? "none");`,
    "expression.own-data": `const o: any = JSON.parse('{"a":1,"toString2":2}'); return [o.a, o.b ?? "none", Object.keys(o)];`,
    "expression.hostile-names": `const o: any = JSON.parse('{"__proto__":{"a":1},"constructor":2,"hasOwnProperty":3}'); const copy = { ...o, b: 4 }; return [Object.keys(copy), Object.entries(copy).length, Object.values(o).length, JSON.stringify(copy)];`,
  },
  "3.9": {
    "expression.optional-chain": `const a = { b: { c: [1] }, f: null } as any; return [a?.b?.c?.[0], a.f?.g.h.i ?? "cut", a.x?.y, a.b?.c.at(0), a.f?.trim().length ?? "none", (a.f?.g)?.h ?? "cut twice"];`,
    "expression.nullish": `const zero: number | null = 0; const empty: string | null = ""; const no: boolean | undefined = false; const none: any = null; return [zero ?? 1, empty ?? "x", no ?? true, none ?? none?.x ?? "last"];`,
    "expression.nullish-fail": `const found: string | undefined = ["a"].find((x) => x === "b"); try { return found ?? fail("not found"); } catch (error) { return (error as any).message; }`,
    "expression.and-or": `const t: string = "t"; const e: string = ""; return [t && "yes", e && "yes", t || "no", e || "no", true && false, (t && e) || "mixed"];`,
    "operator.short-circuit": `let n = 0; const count = (x: boolean) => x; const no: boolean = false; const none: number | null = null as number | null; const r = [no && count(true), !no || count(false), none ?? 1]; n += r.length; return [r, n];`,
  },
  "3.11": {
    "async.await": `const list = (await world.list({})) as number[]; return [list.length, (await world.list({})).length === list.length];`,
    "async.nested": `return [await world.get({ of: (await world.list({})).length }), await other.list({ a: await world.get({}) })];`,
    "async.in-conditions": `return (await world.list({})).length > 1 ? await world.get({ a: 1 }) : await world.get({ a: 2 });`,
    "async.arrow-returns-call": { top: `const direct = (n: number) => world.get({ n });`, body: `return [await direct(1), await once.perRun(() => world.create({ a: 1 }))];` },
    "async.return-await-in-try": `try { return await other.get({ missing: true }); } catch { return "caught"; }`,
    "async.order": `const seen: string[] = []; for (const n of [1, 2]) { await world.get({ n }); seen.push("after " + String(n)); } return seen;`,
    "async.for-of": { top: `const tag = async (n: number) => { const r: any = await world.get({ n }); return r.n as number; };`, body: `let sum = 0; for (const n of (await world.list({})) as number[]) { if (n === 2) continue; sum += await tag(n); } return sum;` },
  },
  "4.9": {
    "operator.arithmetic": `const [a, b]: number[] = [7, -3]; return [a! - b!, a! * b!, a! / b!, a! % b!, b! % a!, -a!, +b!, String(1 / 0), String(0 / 0), String(-5 % 5), 5 % 0 === 5];`,
  },
  "7.2 7.4": {
    "async.pages": { body: `return world.list.pages({}, { max: 3, until: (n: number) => n === 2 });`, gives: [1, 2] },
  },
  "7.13": {
    "async.resource": { body: `return [await world.read("file:///a"), await world.prompt("hello", { name: "x" })];`, gives: [{ contents: [{ uri: "file:///a", text: "A" }] }, { messages: [] }] },
  },
  "8.3 8.7": {
    "async.once": { body: `const make = () => once("one", async () => { const made: any = await world.create({ id: 1 }); return { id: made.id, extra: [undefined, new Map([["k", 1]])] }; }); const [a, b] = [await make(), await make()]; return [a.id, b.id, b.extra.length, (b.extra[1] as any).get("k")];`, gives: [1, 1, 2, 1] },
  },
  "9.1": {
    "async.each-nested": { body: `return each(["a", "b"], { key: (x) => x }, async (x) => each([1, 2], { key: (n) => String(n) }, async (n) => (await once(x + String(n), () => world.create({ x, n }))).n));`, gives: [[1, 2], [1, 2]] },
  },
  "9.1 9.2": {
    "async.each": { body: `return each((await world.list({})) as number[], { key: (n) => String(n), parallel: 2 }, async (n) => (await world.get({ n })).n * 2);`, gives: [2, 4, 6] },
  },
  "9.3": {
    "async.each-continue": { body: `return each([1, 2, 3], { key: (n) => String(n), onError: "continue" }, async (n) => { if (n === 2) throw fail("two"); return n; });`, gives: [1, null, 3] },
  },
  "9.5": {
    "async.parallel": { body: `return parallel({ a: async () => (await world.list({})).length, b: () => world.get({ n: 2 }) });`, gives: { a: 3, b: { n: 2 } } },
  },
  "10.2 10.12": {
    "async.record": { top: `const thing = record("thing", { identity: (n: number) => String(n), find: () => world.search({}), create: (n) => world.create({ n }), keep: (made: any, n) => ({ n: made.n, of: n }) });`, body: `const kept = await thing.ensure(1); return [kept, await thing.lookup("1"), await thing.lookup("2"), await thing.all()];`, gives: [{ n: 1, of: 1 }, { n: 1, of: 1 }, null, [{ identity: "1", kept: { n: 1, of: 1 }, released: false }]] },
  },
  "11.1": {
    "async.state": { top: `const cursor = state("cursor", { at: 0 });`, body: `const before = await cursor.get(); await cursor.set({ at: before.at + 1 }); await cursor.of("b").set({ at: 9 }); return [before, await cursor.get(), await cursor.of("b").get(), await cursor.of("c").get()];`, gives: [{ at: 0 }, { at: 1 }, { at: 9 }, { at: 0 }] },
  },
  "14.1": {
    "async.ask": { body: `const answer = await ask({ prompt: \`Is it \${inputs.any}?\`, schema: { type: "object", properties: { yes: { type: "boolean" } }, required: ["yes"] }, maxTokens: 20 }); return answer.yes;`, gives: true },
  },
  "15.1": {
    "async.time": { top: `const stamp = () => now();`, body: `const out = []; for (const n of range(2)) out.push([n, now() === stamp(), now() - ago("1h")]); return [out, now() >= run.startedAt];`, gives: [[[0, true, 3_600_000], [1, true, 3_600_000]], true] },
  },
  "15.5": {
    "async.log": { body: `log("a", 1, { b: [true, null] }, undefined); return "logged";`, gives: "logged" },
  },
};
