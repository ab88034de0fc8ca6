import { encodeValue } from "offstage/base";
import fc from "fast-check";
import { compileRegex, RegexFault } from "../../packages/runtime/src/regexp/index.ts";
import { bodyProgram } from "../../packages/runtime/src/testing/compile-source.ts";
import { FakeWorld } from "../../packages/runtime/src/testing/fake-ports.ts";
import { runProgram } from "../../packages/runtime/src/testing/fake-run.ts";
import { createDraw } from "../fuzz/draw.ts";
import { growFlags, growRegex, growReplacement, growText } from "../fuzz/regexes.ts";
import { textOf } from "../fuzz/tree.ts";
import type { Vector, VectorOptions } from "./vector.ts";

/** Texts with what other languages get wrong: UTF-16, white space, case, `$`, line ends. */
const texts = fc.oneof(
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.string({ unit: fc.constantFrom("a", "B", "é", "ß", "İ", "ﬁ", "😀", "\ud83d", "\ude00", " ", "\u00a0", "\ufeff", "\u2028", "\u0085", "\x1c", "$", "$1", "$&", "$<", "\r", "\n", ",", "-", "0", "١", "ǆ", "Σ"), maxLength: 8 }),
);
const integers = fc.oneof(fc.integer({ min: -6, max: 10 }), fc.constantFrom(0, -0, 1.5, -1.5, NaN, Infinity, -Infinity));
const numbers = fc.oneof(fc.integer(), fc.double(), fc.maxSafeInteger(), fc.constantFrom(0, -0, 0.5, -0.5, 1.5, 2.5, -2.5, 0.49999999999999994, 2 ** 52, 2 ** 53, -(2 ** 53), NaN, Infinity, -Infinity, 5e-324));
const scalars = fc.oneof(texts, numbers, fc.boolean(), fc.constant(null), fc.constant(undefined));
const lists = fc.array(fc.oneof(fc.constantFrom(1, 2, "1", true, null, undefined, NaN, 0, -0, "a"), texts, fc.integer({ max: 5, min: -5 })), { maxLength: 7 });
const nested = fc.letrec<{ readonly value: unknown }>((tie) => ({ value: fc.oneof({ depthSize: "small" }, scalars, fc.array(tie("value"), { maxLength: 4 }), fc.dictionary(fc.oneof(texts, fc.constantFrom("1", "01", "10", "2", "b", "__proto__")), tie("value"), { maxKeys: 4 })) })).value;
const optional = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> => fc.oneof(fc.constant([]), fc.tuple(one));

/** Patterns of the subset, each with its flags. */
const PATTERNS: readonly (readonly [string, string])[] = [
  ["a+", ""], ["a", "g"], ["", "g"], ["(a)|(b)", "g"], ["^.", "gm"], ["$", "gm"], [".", "gs"], ["\\s+", "g"], ["\\w", "gi"], ["[^a-z]", "i"], ["(?<first>.)(?<second>.)?", ""], ["(?<x>a)|b", "g"],
  ["\\d{1,2}", "g"], ["ß|ſ|k", "gi"], ["[\\ud83d]", "g"], ["\\bB", ""], ["(?:x|,)*", "g"], ["\\u00e9", "i"], ["a*?", "g"], ["\\$", "g"], ["^", "m"], ["\\r?\\n", "g"],
];

/** What V8 says: `self.method(...args)`. */
const METHODS: readonly (readonly [of: string, method: string, self: fc.Arbitrary<unknown>, args: fc.Arbitrary<readonly unknown[]>])[] = [
  ...["at"].map((name) => ["string", name, texts, fc.tuple(integers)] as const),
  ["string", "slice", texts, fc.oneof(optional(integers), fc.tuple(integers, integers))],
  ...["includes", "startsWith", "endsWith", "indexOf"].map((name) => ["string", name, texts, fc.oneof(fc.tuple(texts), fc.tuple(texts, integers))] as const),
  ...["trim", "trimStart", "trimEnd", "toUpperCase", "toLowerCase"].map((name) => ["string", name, texts, fc.constant([])] as const),
  ["string", "split", texts, fc.oneof(fc.tuple(texts), fc.tuple(texts, integers))],
  ...["replace", "replaceAll"].map((name) => ["string", name, texts, fc.tuple(texts, texts)] as const),
  ...["padStart", "padEnd"].map((name) => ["string", name, texts, fc.oneof(fc.tuple(fc.integer({ min: -3, max: 20 })), fc.tuple(fc.integer({ min: -3, max: 20 }), texts))] as const),
  ["string", "repeat", texts, fc.tuple(fc.constantFrom(0, 1, 2, 3.7))],
  ["array", "at", lists, fc.tuple(integers)],
  ["array", "slice", lists, fc.oneof(optional(integers), fc.tuple(integers, integers))],
  ...["includes", "indexOf"].map((name) => ["array", name, lists, fc.oneof(fc.tuple(fc.constantFrom<unknown>(1, "1", true, null, undefined, NaN, 0, -0, "a")), fc.tuple(fc.constantFrom<unknown>(1, "a", NaN), integers))] as const),
  ["array", "join", fc.array(fc.oneof(texts, numbers, fc.boolean(), fc.constant(null), fc.constant(undefined)), { maxLength: 5 }), optional(texts)],
  ["array", "flat", fc.array(fc.oneof(fc.integer(), fc.array(fc.oneof(fc.integer(), fc.array(fc.integer(), { maxLength: 3 })), { maxLength: 3 })), { maxLength: 4 }), optional(fc.constantFrom(0, 1, 2, Infinity))],
  ["array", "concat", lists, fc.array(fc.oneof(lists, fc.integer()), { maxLength: 3 })],
  ["array", "toReversed", lists, fc.constant([])],
];

/** Functions of ECMAScript on what the language lets them take. */
const FUNCTIONS: readonly (readonly [name: string, call: (...args: never[]) => unknown, args: fc.Arbitrary<readonly unknown[]>])[] = [
  ["Math.min", Math.min, fc.array(numbers, { maxLength: 4 })], ["Math.max", Math.max, fc.array(numbers, { maxLength: 4 })],
  ...(["floor", "ceil", "round", "abs"] as const).map((name) => [`Math.${name}`, Math[name], fc.tuple(numbers)] as const),
  ["String", String, fc.tuple(scalars)], ["Number", Number, fc.tuple(fc.oneof(scalars, fc.constantFrom("0x1f", "0b101", "0o17", "-0x1", "1e3", ".5", "5.", ".", "+1", "1_000", "Infinity", "-Infinity", "infinity", " 12 ", "\u20281\ufeff", "1n", "١")))],
  ["Object.keys", Object.keys, fc.tuple(fc.dictionary(fc.constantFrom("1", "01", "10", "2", "b", "a", "-1", "4294967295", "4294967294"), fc.integer()))],
  ["Object.entries", Object.entries, fc.tuple(fc.dictionary(fc.constantFrom("1", "10", "2", "b", "a"), fc.integer()))],
  ["Object.fromEntries", Object.fromEntries, fc.tuple(fc.array(fc.tuple(fc.oneof(texts, fc.integer()), fc.integer()), { maxLength: 4 }))],
  ["JSON.stringify", JSON.stringify, fc.oneof(fc.tuple(nested), fc.tuple(nested, fc.constant(null), fc.constantFrom(0, 2, 12, "\t", "ab")))],
  ["encodeURIComponent", encodeURIComponent, fc.tuple(texts.filter((text) => text.isWellFormed()))],
  ["+", (a: number, b: number) => a + b, fc.tuple(numbers, numbers)], ["-", (a: number, b: number) => a - b, fc.tuple(numbers, numbers)], ["*", (a: number, b: number) => a * b, fc.tuple(numbers, numbers)],
  ["/", (a: number, b: number) => a / b, fc.tuple(numbers, numbers)], ["%", (a: number, b: number) => a % b, fc.tuple(numbers, numbers)],
  ["<", (a: string, b: string) => a < b, fc.oneof(fc.tuple(texts, texts), fc.tuple(numbers, numbers))], [">=", (a: string, b: string) => a >= b, fc.oneof(fc.tuple(texts, texts), fc.tuple(numbers, numbers))],
  ["===", (a: unknown, b: unknown) => a === b, fc.tuple(scalars, scalars)],
];

const anything = fc.oneof(scalars, lists, fc.dictionary(fc.constantFrom("a", "length", "1"), scalars, { maxKeys: 2 }));
/** Methods on receivers and with arguments of any kind: how many arguments each takes. Only what is thrown is told, a result may be nothing that JSON has. */
const ON_ANYTHING: readonly (readonly [count: 0 | 1 | 2, names: readonly string[]])[] = [
  [0, ["trim", "trimStart", "trimEnd", "toUpperCase", "toLowerCase", "toReversed"]],
  [1, ["at", "repeat", "join", "flat", "concat"]],
  [2, ["slice", "includes", "indexOf", "startsWith", "endsWith", "split", "replace", "replaceAll", "padStart", "padEnd"]],
];

/** Functions of `offstage`, which only the interpreter knows: each with what its case `c` gives it. */
const OWN: readonly (readonly [name: string, call: string, args: fc.Arbitrary<readonly unknown[]>])[] = [
  ["iso", "iso(c.args[0])", fc.tuple(fc.oneof(fc.integer(), fc.maxSafeInteger(), fc.constantFrom(0, -1, 8.64e15, -8.64e15, 8.64e15 + 1, 253402300800000, -62198755200000, 1.9, -1.9)))],
  ["time", "time(c.args[0])", fc.tuple(fc.oneof(texts, fc.date({ noInvalidDate: true, min: new Date("0000-01-01"), max: new Date("9999-12-31") }).map((date) => date.toISOString()), fc.constantFrom("2026-02-29", "2024-02-29", "2026-01-01T24:00:00Z", "2026-01-01T24:00:01Z", "2026-01-01T23:59:60Z", "2026-01-01T10:00+02:00", "2026-01-01T10:00-0230", "2026-01-01T10:00:00,5Z", "2026-01-01T10:00:00.123456789Z", "2026-01-01T10:00", " 2026-01-01 ", "0000-02-29", "2026-01-01T10:00+24:00", "2026-01-01T10:00+10:60", "2026-1-1")))],
  ["duration", "duration(c.args[0])", fc.tuple(fc.oneof(texts, fc.constantFrom("90m", "1h", "7d", "0s", "1h30m")))],
  ["lines", "lines(c.args[0])", fc.tuple(texts)],
  ["parseCsv", "parseCsv(c.args[0])", fc.tuple(fc.oneof(texts, fc.string({ unit: fc.constantFrom("a", "b", ",", '"', "\n", "\r\n", "é", "😀"), maxLength: 14 })))],
  ["hash", "hash(c.args[0])", fc.tuple(nested)],
  ["range", "range(c.args[0])", fc.tuple(fc.constantFrom(0, 1, 5, -1, 1.5, NaN))],
  ["chunk", "chunk(c.args[0], c.args[1])", fc.tuple(fc.array(fc.integer(), { maxLength: 7 }), fc.constantFrom(1, 2, 3, 0, 1.5))],
  ["JSON.parse", "JSON.parse(c.args[0])", fc.tuple(fc.oneof(fc.json({ maxDepth: 3 }), texts))],
  ["parseCsv.separator", "parseCsv(c.args[0], { separator: c.args[1] })", fc.tuple(texts, fc.oneof(texts, anything))],
  ...PATTERNS.filter(([source]) => source !== "").flatMap(([source, flags]) => ["capture", "captures"].map((name) => [`${name} /${source}/${flags}`, `${name}(c.args[0], /${source}/${flags})`, fc.tuple(fc.oneof(texts, anything))] as const)),
  ...ON_ANYTHING.flatMap(([count, names]) => names.map((name) => [`any.${name}`, `[c.args[0].${name}(${["c.args[1]", "c.args[2]"].slice(0, count).join(", ")})].length`, fc.tuple(anything, ...Array.from({ length: count }, () => fc.oneof(anything, fc.constant(undefined))))] as const)),
  ...["jql", "markdown", "slack", "html", "url", "graphql", "sql"].map((name) => [`quote.${name}`, `quote.${name}(c.args[0])`, fc.tuple(texts)] as const),
];

/** Names of comparators that Python has too; the middle ones are inconsistent, as people write them. */
const COMPARATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  difference: (a, b) => a - b, down: (a, b) => b - a, greater: (a, b) => (a > b ? 1 : -1), less: (a, b) => (a < b ? -1 : 1), halves: (a, b) => Math.floor(a / 2) - Math.floor(b / 2), none: () => 0, nan: () => NaN,
};
const keys = fc.constantFrom<unknown>(0, -0, 1, "1", true, false, null, undefined, NaN, 1.5, "a", "");
const operations = fc.array(fc.tuple(fc.constantFrom("set", "set", "set", "delete", "get", "visit"), keys, keys), { maxLength: 30 });

/** What methods, operators and functions give, with V8's answer, or the interpreter's where the language is ours. */
export async function* valuesVectors({ cases, seed }: VectorOptions): AsyncIterable<Vector> {
  yield* caseVectors();
  yield* grownPatterns(cases, seed);
  const runs = { numRuns: Math.ceil(cases / 10), seed };
  for (const [of, name, self, args] of METHODS) {
    for (const [receiver, given] of fc.sample(fc.tuple(self, args), runs)) {
      const method = (receiver as Readonly<Record<string, (...given: readonly unknown[]) => unknown>>)[name];
      yield { of: `${of}.${name}`, args: encodeValue([receiver, ...given]), gives: encodeValue(method?.apply(receiver, [...given])) };
    }
  }
  for (const [name, call, args] of FUNCTIONS) for (const given of fc.sample(args, runs)) yield { of: name, args: encodeValue(given), gives: encodeValue(call(...(given as never[]))) };
  for (const text of fc.sample(texts, { numRuns: Math.ceil(cases / 40), seed })) for (const [source, flags] of PATTERNS) yield* patternVectors(text, source, flags);
  for (const [name, by] of Object.entries(COMPARATORS)) {
    const sorted = fc.sample(fc.array(fc.oneof(fc.integer({ min: -9, max: 9 }), fc.integer()), { maxLength: 60 }), runs);
    for (const list of sorted) yield { of: "array.toSorted", args: encodeValue([list, name]), gives: encodeValue(list.toSorted(by)) };
  }
  for (const given of fc.sample(operations, runs)) yield { of: "map", args: encodeValue([given]), gives: encodeValue(keyed(given)) };
  yield* ownVectors(runs);
}

/** Every character of the first two planes in both cases: the tables of a Python are of another Unicode. */
function* caseVectors(): Iterable<Vector> {
  for (let first = 0; first < 0x20000; first += 4096) {
    const text = Array.from({ length: 4096 }, (_, index) => String.fromCodePoint(first + index)).join(" ");
    yield { of: "string.toUpperCase", args: encodeValue([text]), gives: encodeValue(text.toUpperCase()) };
    yield { of: "string.toLowerCase", args: encodeValue([text]), gives: encodeValue(text.toLowerCase()) };
  }
  const cased = Array.from({ length: 0x10000 }, (_, unit) => String.fromCharCode(unit)).filter((unit) => unit !== unit.toUpperCase() || unit !== unit.toLowerCase());
  const every = cased.join("");
  for (const [index, unit] of cased.entries()) if (index % 8 === 0) yield* patternVectors(every, unit, "gi", "", ["replace"]);
}

/** Patterns that the fuzzer grows; those that the language refuses have to be refused. */
function* grownPatterns(cases: number, seed: number): Iterable<Vector> {
  const draw = createDraw(seed);
  for (let count = 0; count < cases / 4; count++) {
    const [source, flags] = [textOf(growRegex(draw, draw.pick(["none", "first"]))), growFlags(draw)];
    if (isRefused(source, flags)) yield { of: "regexp.refused", source, flags, args: encodeValue([""]), gives: encodeValue(true) };
    else for (let text = 0; text < 2; text++) yield* patternVectors(growText(draw), source, flags, growReplacement(draw));
  }
}

function isRefused(source: string, flags: string): boolean {
  try {
    compileRegex(source, flags);
    return false;
  } catch (fault) {
    if (fault instanceof RegexFault) return true;
    throw fault;
  }
}

/** A map and a set that go through the same; `visit` changes them while it goes through the map. */
function keyed(given: readonly (readonly [string, unknown, unknown])[]): unknown {
  const map = new Map<unknown, unknown>();
  const set = new Set<unknown>();
  const told: unknown[] = [];
  for (const [act, key, value] of given) {
    if (act === "set") {
      map.set(key, value);
      set.add(key);
    } else if (act === "delete") told.push([map.delete(key), set.delete(key)]);
    else if (act === "visit") told.push(visited(map, key, value));
    else told.push([map.get(key), map.has(key), set.has(key)]);
  }
  return [told, [...map], [...set], map.size, [...map.keys()], [...set.values()]];
}

function visited(map: Map<unknown, unknown>, key: unknown, value: unknown): unknown {
  const seen: unknown[] = [];
  for (const [one] of map) {
    seen.push(one);
    if (seen.length <= 2) {
      map.delete(key);
      map.set(seen.length === 1 ? key : value, seen.length);
    }
    if (seen.length > 20) break;
  }
  return seen;
}

type PatternUse = "test" | "match" | "split" | "replace";

function* patternVectors(text: string, source: string, flags: string, replacement = "[$1$&$$$<first>$`]", uses: readonly PatternUse[] = ["test", "match", "split", "replace"]): Iterable<Vector> {
  const pattern = (): RegExp => new RegExp(source, flags);
  const says: Readonly<Record<PatternUse, () => unknown>> = {
    test: () => pattern().test(text),
    match: () => {
      const found = text.match(pattern());
      return found === null ? null : { all: [...found], index: found.index, groups: found.groups === undefined ? undefined : { ...found.groups } };
    },
    split: () => text.split(pattern()),
    replace: () => text.replace(pattern(), replacement),
  };
  for (const use of uses) yield { of: `regexp.${use}`, source, flags, with: replacement, args: encodeValue([text]), gives: encodeValue(says[use]()) };
}

async function* ownVectors(runs: { readonly numRuns: number; readonly seed: number }): AsyncIterable<Vector> {
  const body = `const all: any = await world.list({}); return all.map((c: any) => { try { ${OWN.map(([name, call]) => `if (c.name === ${JSON.stringify(name)}) return { gives: ${call} };`).join(" ")} return { throws: "nothing" }; } catch (error) { return { throws: (error as any).code, message: (error as any).message }; } });`;
  const program = bodyProgram(body);
  for (const [name, , args] of OWN) {
    for (const [given, answer] of await ownAnswers(program, name, fc.sample(args, runs))) {
      yield { of: name, args: encodeValue(given), ...(answer.throws === undefined ? { gives: encodeValue(answer.gives) } : { throws: answer.throws, ...(name === "JSON.parse" ? {} : { message: answer.message }) }) };
    }
  }
}

interface OwnAnswer {
  readonly gives?: unknown;
  readonly throws?: string;
  readonly message?: string;
}

/** What the interpreter answers. What would be larger than a value may be ends a run, and is asked of nobody: `"".padStart(1e9)`. */
async function ownAnswers(program: Parameters<typeof runProgram>[0], name: string, given: readonly unknown[]): Promise<readonly (readonly [given: unknown, answer: OwnAnswer])[]> {
  const { result } = await runProgram(program, new FakeWorld({ list: { effect: "read", answer: () => given.map((one) => ({ name, args: one })) as never } }));
  const answers = result.output as unknown as readonly OwnAnswer[] | null;
  if (answers !== null) return answers.map((answer, index) => [given[index], answer]);
  if (result.error?.code !== "LIMIT_SIZE") throw new Error(`${name}: ${JSON.stringify(result)}`);
  const half = Math.floor(given.length / 2);
  return given.length === 1 ? [] : [...(await ownAnswers(program, name, given.slice(0, half))), ...(await ownAnswers(program, name, given.slice(half)))];
}
