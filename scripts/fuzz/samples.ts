import { deepFreeze, UnsafeInteger } from "../../packages/runtime/src/base/index.ts";
import type { Draw } from "./draw.ts";
import { PARAMETERS, type TypeName } from "./typed-names.ts";

const NUMBERS = [0, -0, 1, -1, 2, 3, 0.5, -0.5, 1.5, 2.5, -2.5, 10, 1e21, -1e21, 1e-7, 5e-324, 1.7976931348623157e308, Infinity, -Infinity, Number.NaN, 2 ** 31, 2 ** 32, 2 ** 53 - 1, -(2 ** 53) + 1, 0.1, 0.30000000000000004];
const TEXTS = [
  "", "a", "b", "ab", "aa", "aba", "A", "a,b", ",", " x ", "1", "-0", "1e3", "0x10", " 12\n", "Infinity", "😀", "\ud83d", "\ude00", "\ude00\ud83d", "a\ud800", "é", "e\u0301", "ß", "İ", "ſ", "K", "\u2028", "\r\n", "\u00a0", "\ufeff", "\u0085",
  "__proto__", "constructor", "toString", "hasOwnProperty", "length", "$", "$&", "$1", "null", "[1,2]", '{"a":1}', '{"__proto__":{"x":1}}', '{"$":["undefined"]}', "{", "\\", '"', "\0", "Σ", "ς", "\u{10ffff}", "\u{100000}", "a\nb\rc",
];

/** Values that implementations stumble over, one of each type, frozen as what a tool returned. */
export function drawSamples(draw: Draw): Readonly<Record<string, unknown>> {
  return deepFreeze(Object.fromEntries(Object.entries(PARAMETERS).map(([name, type]) => [name, sample(draw, type)])));
}

/** The same, some of them or of their parts of another kind than their type says: whatever a server may answer. */
export function drawUnlikeSamples(draw: Draw): Readonly<Record<string, unknown>> {
  return deepFreeze(Object.fromEntries(Object.entries(PARAMETERS).map(([name, type]) => [name, unlike(draw, sample(draw, type), 0.25)])));
}

function unlike(draw: Draw, value: unknown, chance: number): unknown {
  if (draw.chance(chance)) return draw.chance(0.15) ? undefined : draw.pick([() => json(draw, 2), () => draw.pick([null, true, false, 0, 1, 1e-7, "a", new UnsafeInteger("9007199254740993"), { length: 2 }, [["a", 1]]])])();
  const parts = (values: readonly unknown[]): unknown[] => values.map((one) => unlike(draw, one, 0.2));
  if (Array.isArray(value)) return parts(value);
  if (typeof value !== "object" || value === null || value instanceof Map || value instanceof Set) return value;
  return Object.fromEntries(Object.entries(value).flatMap(([key, one]) => (draw.chance(0.1) ? [] : [[key, unlike(draw, one, 0.2)]])));
}

function sample(draw: Draw, type: TypeName): unknown {
  const text = (): string => draw.pick(TEXTS);
  const number = (): number => draw.pick(NUMBERS);
  const list = <T>(make: () => T): T[] => Array.from({ length: draw.below(4) }, make);
  switch (type) {
    case "num": case "tiny": return number();
    case "str": case "date": case "span": case "csv": return text();
    case "bool": case "cond": return draw.chance(0.5);
    case "optStr": return draw.chance(0.4) ? undefined : text();
    case "optNum": return draw.chance(0.4) ? undefined : number();
    case "nulStr": return draw.chance(0.4) ? null : text();
    case "nums": return list(number);
    case "strs": return list(text);
    case "nested": return list(() => list(number));
    case "pair": return [text(), number()];
    case "pairs": return list(() => [text(), number()]);
    case "item": case "optItem": return item(draw);
    case "items": return list(() => item(draw));
    case "odd": return odd(draw);
    case "rec": return Object.fromEntries(list(() => [text(), number()]));
    case "map": return new Map(list(() => [text(), number()]));
    case "set": return new Set(list(text));
    case "nmap": return new Map(list(() => [number(), text()]));
    case "nset": return new Set(list(number));
    case "json": case "rest": return json(draw, 3);
  }
}

function item(draw: Draw): object {
  const more = draw.pick([{}, { more: undefined }, { more: { note: null } }, { more: { note: draw.pick(TEXTS), rank: draw.pick(NUMBERS) } }, { more: { note: draw.pick(TEXTS), rank: undefined } }]);
  return { id: draw.pick(NUMBERS), name: draw.pick(TEXTS), tags: Array.from({ length: draw.below(3) }, () => draw.pick(TEXTS)), ...more };
}

function odd(draw: Draw): object {
  return { toString: draw.pick(TEXTS), valueOf: draw.pick(NUMBERS), hasOwnProperty: [draw.pick(TEXTS)], $: ["undefined"], length: 7, "a b": "x", "2": 2, "10": draw.pick(NUMBERS) };
}

/** Data as servers send it: no integers beyond 2^53-1, which are poisoned by decision. */
function json(draw: Draw, depth: number): unknown {
  if (depth === 0 || draw.chance(0.4)) return draw.pick([null, true, false, 0, 1.5, -1, draw.pick(TEXTS), [], {}]);
  if (draw.chance(0.4)) return Array.from({ length: draw.below(4) }, () => json(draw, depth - 1));
  return Object.fromEntries(Array.from({ length: draw.below(4) }, () => [draw.pick([...TEXTS, "a", "$", "kind", "from", "digits"]), json(draw, depth - 1)]));
}
