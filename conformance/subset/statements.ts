import type { SubsetCases } from "./case.ts";

/** Modules, statements and what is done with names. */
export const STATEMENTS: SubsetCases = {
  "1.2": {
    "module.constant": { top: `const LIMIT = 2; const NAMES = ["a", ...["b"]]; const { x, ...more } = { x: 1, y: 2 };`, body: `return [LIMIT, NAMES, x, more];` },
    "module.helper": { top: `const twice = (n: number) => n * 2; const quad = (n: number) => twice(twice(n));`, body: `return quad(3);` },
    "module.async-helper": { top: `const look = async (n: number) => ((await world.list({ n })) as number[]).length;`, body: `return [await look(1), await look(2)];` },
  },
  "3.1": {
    "statement.const-let": `const a = 1; let b; let c = 2; c += a; b = c; return [a, b, c];`,
    "statement.if": `const out: string[] = []; for (const n of [1, 2, 3]) { if (n === 1) out.push("one"); else if (n === 2) { out.push("two"); } else out.push("many"); } return out;`,
    "statement.break-continue": `const out = []; for (const n of range(9)) { if (n === 1) continue; if (n === 5) break; for (const m of [n, 7]) { if (m === 7) break; out.push(m); } } return out;`,
    "statement.return": { top: `const first = (list: readonly number[]) => { for (const n of list) if (n > 1) return n; return null; }; const nothing = () => { return; };`, body: `return [first([1, 2, 3]), first([]), nothing() === undefined];` },
    "statement.throw-fail": `try { throw fail("no"); } catch (error) { return [(error as any).code, (error as any).message]; }`,
    "statement.try-catch": `const out: string[] = []; try { out.push("try"); throw fail("x"); } catch { out.push("catch"); } out.push("after"); try { out.push("well"); } catch { out.push("never"); } return out;`,
    "statement.catch-in-loop": `const out = []; for (const n of [1, 2, 3]) { try { if (n === 2) throw fail(String(n)); out.push(n); } catch { continue; } } return out;`,
    "statement.block": `const a = 1; { const a = 2; log(a); } return a;`,
    "statement.empty": `; return 1;`,
  },
  "3.2": {
    "statement.for-of-array": `let sum = 0; for (const n of [1, 2, 3]) sum += n; return sum;`,
    "statement.for-of-string": `const out = []; for (const c of "a😀b") out.push(c); return out;`,
    "statement.for-of-map": `const out = []; for (const [key, value] of new Map([["a", 1], ["b", 2]])) out.push(key, value); return out;`,
    "statement.for-of-set": `const out = []; for (const item of new Set([3, 1, 3])) out.push(item); return out;`,
    "statement.for-of-growing": `const list = [1, 2]; for (const n of list) { if (list.length < 5) list.push(n * 10); } return list;`,
    "statement.for-of-let": `const out = []; for (let n of [1, 2]) { n += 1; out.push(n); } return out;`,
    "statement.for-of-own-locals": `let last = 0; for (const n of [1, 2, 3]) { let m = n * 2; const read = () => m; m += 1; last += read(); } return last;`,
  },
  "3.3": {
    "function.parameters": { top: `const f = ({ a, b: [c = 5] = [] }: { a: number; b?: number[] }, d = a + 1, ...rest: number[]) => [a, c, d, rest];`, body: `return [f({ a: 1 }), f({ a: 1, b: [2] }, 3, 4, 5), f({ a: 1, b: [undefined as any] }, undefined)];` },
    "mutation.let": `let n = 1; n = n + 1; n -= 5; n *= -2; n /= 3; n %= 2; let t = "a"; t += "b"; let u: string | null = null; u ??= "set"; let e = ""; e ||= "filled"; let f = "x"; f &&= "y"; return [n, t, u, e, f];`,
    "mutation.value-of-assignment": `let a = 0; const b = (a = 4); return [a, b];`,
  },
  "3.4": {
    "module.types": { top: `type Pair = readonly [string, number]; interface Box { readonly held: string } const box = (held: string): Box => ({ held }); const wrap = <T>(held: T) => ({ held });`, body: `const pair = ["a", 1] as const satisfies Pair; const maybe: string | undefined = box("x").held; const all: ReadonlyArray<Pair> = [pair]; return [pair, maybe!.length, wrap<Pair>(pair).held, all.length, pair as Pair];` },
  },
  "3.10": {
    "destructuring.object": `const { a, b = 2, c: { d = 4, ...inner } = { e: 5 }, ...rest } = { a: 1, f: 6, g: 7 } as any; return { a, b, d, inner, rest };`,
    "destructuring.array": `const [a, , b = 3, ...rest] = [1, 2, undefined, 4, 5]; const [x, y] = "😀z"; const [[k, v]] = [...new Map([["k", "v"]])] as any; return [a, b, rest, x, y, k, v];`,
    "destructuring.null": `const { a = "unset", b = "unset" } = { a: null, b: undefined } as any; return [a, b];`,
  },
  "3.12": {
    "function.closure": `let n = 1; const read = () => n; n = 2; const add = (by: number) => read() + by; return [read(), add(3)];`,
  },
  "3.13": {
    "mutation.push": `const list: number[] = []; const length = list.push(1, 2, ...[3]); return [list, length];`,
    "mutation.map-set": `const map = new Map<string, number>(); map.set("a", 1); map.set("b", 2); map.set("a", 3); const had = map.delete("b"); const set = new Set<number>(); set.add(1); set.add(1); set.add(2); return [[...map], had, map.delete("zzz"), [...set], set.delete(1), set.size];`,
  },
  "4.7": {
    "function.spread-arguments": { top: `const sum = (...all: number[]) => all.reduce((a, b) => a + b, 0);`, body: `return [sum(...[1, 2], 3, ...new Set([4])), Math.max(...[1, 5], 2)];` },
  },
  "16.1": {
    "statement.catch-binding": { body: `try { throw fail("x"); } catch ({ message, ...rest }: any) { return [message, rest]; }`, gives: ["x", { code: "FAILED" }] },
    "statement.catch-rethrow": { body: `try { try { throw fail("in"); } catch (error) { throw error; } } catch (error) { return { ...(error as any) }; }`, gives: { code: "FAILED", message: "in" } },
    "statement.catch-read": { body: `try { await other.get({ missing: true }); return "read"; } catch (error) { return (error as any).code; }`, gives: "READ_FAILED" },
    "statement.catch-own-errors": { body: `const nothing: any = null; try { return nothing.field; } catch (error) { return (error as any).code; }`, gives: "TYPE_ERROR" },
  },
};
