import { stripTypeScriptTypes } from "node:module";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { bodyProgram } from "../testing/compile-source.ts";
import { createFakePorts, FakeWorld } from "../testing/fake-ports.ts";
import { interpret } from "./index.ts";

async function evaluate(body: string): Promise<unknown> {
  const ports = createFakePorts(new FakeWorld({}));
  const result = await interpret(bodyProgram(body), ports.frame, ports);
  if (result.error !== null) throw new Error(`${result.error.code}: ${result.error.message}`);
  return result.output;
}

/** Runs the same text as JavaScript. */
function natively(body: string): unknown {
  const text = runInNewContext(`"use strict"; JSON.stringify(${stripTypeScriptTypes(`(() => { ${body} })()`)})`) as string | undefined;
  return text === undefined ? null : JSON.parse(text);
}

/** Snippets of the subset, by theme. */
const SNIPPETS: { readonly [theme: string]: readonly string[] } = {
  statements: [
    `const xs = [1, 2, 3]; return xs.map((x) => x * 2).filter((x) => x > 2).reduce((a, b) => a + b, 0);`,
    `let n = 0; for (const x of [1, 2, 3, 4]) { if (x === 2) continue; if (x === 4) break; n += x; } return n;`,
    `const out: number[] = []; for (const x of [1, 2, 3]) { let y = x * 2; const f = () => y; y = y + 1; out.push(f()); } return out;`,
    `const out: string[] = []; for (const { i, x } of ["a", "b"].map((v, k) => ({ i: k, x: v }))) { out.push(String(i) + x); } return out;`,
    `for (const x of [1, 2]) { for (const y of [1, 2]) { if (y === 2) break; if (x === 2) return [x, y]; } } return null;`,
    `let text = ""; for (const ch of "aé😀b") { text += "[" + ch + "]"; } return text;`,
    `const m = new Map<string, number>(); m.set("b", 1); m.set("a", 2); const out: string[] = []; for (const [k, v] of m) out.push(k + String(v)); return out;`,
    `const xs = [1]; for (const x of xs) { if (x < 5) xs.push(x + 1); } return xs;`,
    `const s = new Set<number>(); s.add(3); s.add(1); s.add(3); return [s.size, s.has(1), s.has(2), [...s]];`,
    `let a = 1; let b = a; a = 5; b += a; a -= 1; b *= 2; a %= 3; return [a, b];`,
    `let a: string | null = null; a ??= "x"; let b: string = ""; b ||= "y"; let d: string = "z"; d &&= "w"; return [a, b, d];`,
    `const f = (x = 5, ...rest: number[]) => [x, rest.length]; return [f(), f(undefined), f(1, 2, 3)];`,
    `const f = ({ a, b: { c = 7 } = {}, ...rest }: { a: number; b?: { c?: number }; d?: number; e?: number }) => ({ a, c, rest }); return [f({ a: 1 }), f({ a: 1, b: { c: 2 }, d: 3, e: 4 })];`,
    `const [a, , b = 9, ...rest] = [1, 2, undefined, 4, 5]; return [a, b, rest];`,
    `const f = (x: number) => x + 1; const g = (x: number) => f(x) * 10; return [4, 5].map((x) => g(x));`,
    `const x = { z: 1, ...{ b: 2, a: 3 }, c: 4 }; return [x, Object.keys({ b: 1, 2: 1, a: 1, 1: 1 })];`,
    `const x: { a?: { b: { c: string } | null }; z?: { a: { b: { c: string } } }; q?: { w: number } } = { a: { b: null } }; return [x.a?.b?.c ?? 1, x.z?.a.b.c ?? 2, x.a?.b ?? "none", (x.q ?? { w: 1 }).w];`,
    `const nan = Number("x"); const zero = 0; const t: string = "10"; return [1 < 2, "a" < "b", t < "9", 2 >= 2, t === "10", nan === nan, zero === -0, nan < 1];`,
    `return [7 % 3, -7 % 3, 7 / 2, 1 / 0, 0.1 + 0.2, -(3), +(4)].map((n) => String(n));`,
    `const e: string = ""; const a: string = "a"; const n: string | null = e === "" ? null : "q"; return [e && "x", e || "y", n ?? "z", !e, !a, !n, a && e];`,
    `const t = (x: string | null | boolean | { a: number } | undefined) => (x ? "yes" : "no"); return [t(true), t(""), t("0"), t(null), t({ a: 0 }), t(undefined)];`,
    "const n = 3; return `a${n}b${true}c${\"x\"}${`${n}`}`;",
    `const x = ["a", "b", "c"]; return [x[0], x[5], x[-1], x[1.5], "abc"[1], x.at(-1), x.length];`,
  ],
  strings: [
    `return ["a,b,,c".split(","), "abc".split(""), "😀".split(""), "a1b22c".split(/\\d+/), "abc".split("x"), "".split(","), "a,b,c".split(",", 2)];`,
    `return ["ab12cd".split(/(\\d)/), "abc".split(/(?:)/), "test".split(/(t)/), "aXbX".split(/x/i), "A<B>bold</B>".split(/<(\\/)?([^<>]+)>/)];`,
    `return ["abc".slice(1), "abc".slice(-2, -1), "abc".includes("bc"), "abc".indexOf("c", 5), "abc".startsWith("b", 1), "abc".endsWith("b", 2)];`,
    `return ["  x\\u00a0".trim(), " a ".trimStart(), " a ".trimEnd(), "aß".toUpperCase(), "İ".toLowerCase().length, "x".padStart(4, "ab"), "x".padEnd(3), "ab".repeat(3)];`,
    `return ["a.b.c".replace(".", "-"), "a.b.c".replaceAll(".", "$&$&"), "abc".replace(/b/, "[$&|$\`|$']"), "john smith".replace(/(\\w+) (\\w+)/, "$2, $1"), "x".replace("x", "$$")];`,
    `return ["aaa".replace(/a/g, "b"), "2020-01".replace(/(?<y>\\d+)-(?<m>\\d+)/, "$<m>/$<y>"), "abc".replaceAll("", "-"), "a1b2".replaceAll(/\\d/g, "<$&>")];`,
    `return ["2020-01-02".match(/(\\d+)-(\\d+)/), "aaa".match(/a/g), "abc".match(/x/), "abc".match(/(x)?b/)];`,
    `const m = "key: PROD-12".match(/(?<project>[A-Z]+)-(?<n>\\d+)/); return [m?.groups?.project, m?.groups?.n, m?.index, m?.length];`,
    `return [...'a1b22c333'.matchAll(/([a-z])(\\d+)/g)].map((m) => [m[0], m[1], m[2], m.index]);`,
    `return ["x10".replace(/(x)(1)(0)/, "$3$2$1$10$4$0"), "ab".replace(/(a)/, "$11"), "ab".replace(/a/, "$1$<n>")];`,
    `return ["xy".replace("x", "$<$$>"), "xy".replace(/x/, "$<$&<a>"), "xy".replace(/(?<a>x)/, "$<a>$<b>$<$1>$<a"), "xy".replaceAll(/y/g, "$<$\`>")];`,
    `return [/^x/m.test("y\\nx"), /a.c/s.test("a\\nc"), /a.c/.test("a\\nc")];`,
    `return ["a\\r\\nb\\u2028c".match(/^.$/gm), "é".match(/É/i), "K".match(/k/i), "\\u00a0x".match(/\\s/) !== null, "😀".match(/^.$/), "😀".match(/^..$/) !== null];`,
    `return [String(0.000001), String(1e-7), String(-0), String(true), Number("12"), Number(""), Number("0x10"), Number(" 1 "), String(Number("x"))];`,
    `return [encodeURIComponent("a b&c/é😀"), "abc".length, "😀".length, "a-b_c".split(/[-_]/)];`,
  ],
  lists: [
    `return [[3, 1, 2].toSorted((a, b) => a - b), ["b", "a"].toSorted((a, b) => (a < b ? -1 : 1)), [1, 2].toReversed(), [1, [2, [3, [4]]]].flat(), [1, [2, [3]]].flat(2)];`,
    `return [[1, 2, 3].find((x) => x > 1), [1, 2, 3].findLast((x) => x < 3), [1, 2].findIndex((x) => x === 9), [1, 2].some((x) => x > 1), [true].every((x) => x), [1, 2].indexOf(2), [Number("x")].includes(Number("y")), [Number("x")].indexOf(Number("x"))];`,
    `return [[1, 2].flatMap((x) => [x, x * 10]), [1, 2, 3].slice(-2), [1].concat([2, 3], 4), [1, null, undefined, "a", true].join("-"), [[1, 2]].flat().join(), [5, 6].map((x, i, all) => x + i + all.length)];`,
    `return [[1, 2, 3, 4].reduce((a, b) => a * b), ["a", "b"].reduce((a, b, i) => a + b + String(i), ">"), [1, 2, 3].includes(3, 3), [1, 2, 1].indexOf(1, 1), [1, 2, 3].includes(1, -1)];`,
    `const xs = [{ k: "a", v: 1 }, { k: "b", v: 2 }, { k: "a", v: 3 }]; return [...Map.groupBy(xs, (x) => x.k)].map(([k, list]) => [k, list.map((x) => x.v)]);`,
    `return [Array.from([1, 2]), Array.from({ length: 3 }).length, Array.from("a😀"), Array.from(new Map([["a", 1]])), Array.isArray([]), Array.isArray("x")];`,
    `const m = new Map([["a", 1], ["b", 2]]); m.delete("a"); return [m.size, m.get("b"), m.get("z"), [...m.keys()], [...m.values()], [...m.entries()], m.has("a")];`,
    `const o = { a: 1, b: [2] }; return [Object.keys(o), Object.values(o), Object.entries(o), Object.fromEntries([["x", 1], ["y", 2]]), Object.fromEntries(new Map([["q", 1]]))];`,
    `return [Math.min(), Math.max(1, 5, 3), Math.min(...[4, 2]), Math.floor(-1.5), Math.ceil(1.2), Math.round(2.5), Math.round(-2.5), Math.abs(-3)].map((n) => String(n));`,
    `return [JSON.parse('{"a":[1,2,{"b":null}],"__proto__":{"x":1}}').a, JSON.stringify({ a: [undefined, 1], b: undefined, c: "é\\u2028" }), JSON.stringify([1, { a: 2 }], null, 2), JSON.stringify("x"), JSON.stringify({ a: 1 }, null, "--")];`,
    `let n = 1; const r = (n = n * 2) + (n = n + 5) * 10; const o = { x: (n = n + 1), y: n, ...{ z: (n += 100) }, w: n }; const xs = [n, (n -= 1), n]; return [r, o, xs];`,
    `const words = ["b", "a", "c"]; const [first, ...others] = words; return { first, others, copy: [...words, ..."xy", ...new Set([1, 1])] };`,
  ],
};

describe.each(Object.entries(SNIPPETS))("%s mean what JavaScript means", (_, snippets) => {
  it.each(snippets)("%s", async (body) => {
    expect(await evaluate(body)).toEqual(natively(body));
  });
});
