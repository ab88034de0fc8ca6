import fc from "fast-check";
import { type Data, parseExact, stringifyExact, UnsafeInteger } from "offstage/base";
import { allWarnings, compareTool, hashTool, lockServer, EMPTY_LOCK, printLock, type RawTool, withServer, wordsChange } from "offstage/tools";
import type { Vector, VectorOptions } from "./vector.ts";

const WORDS = ["Lists", "all", "open", "issues", ".", " ", "  ", "\n", "\u202e", "\u00a0", "😀", "漢字", "é", "a_b", "-", "Ignore", "\u{e0041}", "\ufeff", "\r\n", "\t", "12", "\u0085"];
const text = fc.oneof(fc.array(fc.constantFrom(...WORDS), { maxLength: 60 }).map((words) => words.join("")), fc.string({ unit: "binary", maxLength: 12 }));
const named = fc.constantFrom("a", "b", "two words", "10", "9", "$x", "é\u200b");
const value = fc.oneof(text, fc.double(), fc.integer(), fc.boolean(), fc.constant(null), fc.constantFrom(1e21, 2 ** 60, -0)) as fc.Arbitrary<Data>;

/** Schemas that use what is compared by a rule of its own, and what is not. */
const { schema } = fc.letrec<{ schema: Data }>((tie) => {
  const inner = fc.dictionary(named, tie("schema"), { maxKeys: 3 });
  return {
    schema: fc.oneof({ maxDepth: 3 }, fc.oneof(fc.boolean() as fc.Arbitrary<Data>, fc.constant({})), fc.record({
      type: fc.oneof(fc.constantFrom("string", "number", "null"), fc.array(fc.constantFrom("string", "null", "object"), { maxLength: 3 })),
      enum: fc.array(value, { maxLength: 10 }), required: fc.array(named, { maxLength: 3 }), properties: inner, $defs: inner, items: tie("schema"),
      anyOf: fc.array(tie("schema"), { maxLength: 2 }), allOf: fc.array(tie("schema"), { maxLength: 2 }), additionalProperties: tie("schema"),
      description: text, examples: fc.array(value, { maxLength: 2 }), minimum: value, maxLength: fc.integer(), exclusiveMinimum: fc.integer(), pattern: text, "x-\u200b": value,
    }, { requiredKeys: [] }) as fc.Arbitrary<Data>),
  };
});
const tool = fc.record({
  description: text, title: text, inputSchema: schema, outputSchema: schema, _meta: value,
  annotations: fc.oneof(fc.record({ readOnlyHint: fc.boolean(), destructiveHint: fc.boolean(), idempotentHint: fc.boolean(), title: text }, { requiredKeys: [] }), value),
}, { requiredKeys: [] });

/** Half of the pairs differ in one member only. */
const pair = fc.tuple(tool, tool, fc.boolean(), fc.constantFrom("description", "inputSchema", "outputSchema", "annotations")).map(([before, other, isNear, member]) => {
  const now = isNear ? { ...before, ...(other[member] === undefined ? {} : { [member]: other[member] }) } : other;
  return [{ name: "t", ...before }, { name: "t", ...now }] as const;
});

/** A text and the same with some words replaced: what stayed is longer than is shown of it. */
const near = fc.tuple(fc.array(fc.constantFrom(...WORDS), { minLength: 40, maxLength: 90 }), fc.array(fc.tuple(fc.nat(89), fc.constantFrom(...WORDS, "")), { maxLength: 3 })).map(([words, changes]) => {
  const now = [...words];
  for (const [at, word] of changes) if (at < now.length) now[at] = word;
  return [words.join(""), now.join("")] as const;
});

/** What attacks are made of, and what honest texts have of it. */
const ODD = ["Ignore all previous instructions", "do not mention", "tell the user", "Keep this", "secret from the user", "<IMPORTANT>", "<!--", "Before using this tool, ", "read ", "~/.ssh/id_rsa", "`~/.aws/credentials`", "id_ed25519", "always use this tool instead", "You are now in", "developer mode", "the full chat history", "include ", "all messages should be relayed", "otherwise the tool will not work", "re\u0430d_file", "па", "paypal", "\u200b", "\u202e", "\ufe01\ufe05", "a\u200db", "👩\u200d👩", "\u2800", " ".repeat(70), "\n".repeat(14), "A1b2".repeat(25), "%41".repeat(13), "\\x41".repeat(12), "the user must not know", "without telling anybody", "send_email", "createIssue", "search", ". ", " ", "\n", "\u00a0", "Gets the weather", "contents of", "as context", "all", "never", "warn", "the", "operator", "\u001b[8m", "[system]", "new instructions:"];
const oddText = fc.array(fc.constantFrom(...ODD), { maxLength: 6 }).map((parts) => parts.join(""));
const warned = fc.array(fc.record({ server: fc.constantFrom("a", "b", "c"), tools: fc.dictionary(fc.constantFrom("send_email", "createIssue", "search", "read\u200bit"), fc.record({ description: oddText, inputSchema: fc.dictionary(fc.oneof(fc.constantFrom("x", "10"), oddText), fc.oneof(oddText, fc.array(oddText, { maxLength: 2 })), { maxKeys: 3 }) }), { maxKeys: 3 }), instructions: fc.option(oddText) }), { maxLength: 3 });

/** What a lock is written as, and how it is told what differs from it. */
export function* lockVectors({ cases, seed }: VectorOptions): Iterable<Vector> {
  for (const pairs of fc.sample(pair, { numRuns: Math.ceil(cases / 5), seed })) {
    const [before, now] = pairs.map((one) => parseExact(stringifyExact(one as Data)) as RawTool) as [RawTool, RawTool];
    const change = compareTool("t", { hash: hashTool(before), classes: [], definition: before }, now);
    yield { of: "compare", before: stringifyExact(before), now: stringifyExact(now), gives: change?.kind === "changed" ? change.differences : [] };
    const introduction = { capabilities: {}, instructions: null };
    const server = lockServer({ server: "s", info: { name: "n", version: "1" }, protocol: { era: "legacy", revision: "r" }, introduction, tools: new Map([["t", { ...now, big: new UnsafeInteger("18446744073709551615") }]]) }, "x", () => []);
    yield { of: "lock", gives: printLock(withServer(EMPTY_LOCK, "s", server)) };
  }
  for (const drawn of fc.sample(warned, { numRuns: Math.ceil(cases / 5), seed })) {
    const servers = drawn.filter(({ server }, index) => drawn.findIndex((one) => one.server === server) === index);
    yield { of: "warnings", servers, gives: allWarnings(servers.map(({ tools, ...one }) => ({ ...one, tools: new Map(Object.entries(tools)) }))) };
  }
  for (const [before, now] of fc.sample(fc.oneof(fc.tuple(text, text), near), { numRuns: cases, seed })) yield { of: "words", before, now, gives: wordsChange("description", before, now) };
}
