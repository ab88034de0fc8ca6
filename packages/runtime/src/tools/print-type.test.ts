import { expect, test } from "vitest";
import { docComment, printType, propertyName } from "./print-type.ts";
import { intersectionOf, type TypeNode, unionOf, UNKNOWN } from "./type-node.ts";

const text = { kind: "keyword", name: "string" } as const;
const nothing = { kind: "keyword", name: "null" } as const;
const lines = { members: "readonly", layout: "lines" } as const;

test.each<[string, TypeNode]>([
  ["readonly (string | null)[]", { kind: "array", items: unionOf([text, nothing]) }],
  ["readonly (readonly string[])[]", { kind: "array", items: { kind: "array", items: text } }],
  ["readonly [string, (null)?, ...string[]]", { kind: "tuple", items: [text, nothing], required: 1, rest: text }],
  ["{ readonly [key: string]: never }", { kind: "object", members: [] }],
  ['{ readonly "a-b"?: -1; readonly [key: string]: unknown }', { kind: "object", members: [{ name: "a-b", optional: true, type: { kind: "literal", value: -1 } }], index: text }],
  ["(string | null) & { readonly [key: string]: unknown }", intersectionOf([unionOf([text, nothing]), { kind: "object", members: [], index: UNKNOWN }])],
])("prints %s", (printed, node) => {
  expect(printType(node, { members: "readonly", layout: "inline" })).toBe(printed);
});

test("unions and intersections say nothing twice", () => {
  expect(unionOf([text, unionOf([text, nothing])])).toEqual({ kind: "union", parts: [text, nothing] });
  expect(unionOf([text, UNKNOWN])).toBe(UNKNOWN);
  expect(intersectionOf([text, UNKNOWN, text])).toBe(text);
  expect(intersectionOf([])).toBe(UNKNOWN);
});

test("a described member has its words above it", () => {
  const node: TypeNode = { kind: "object", members: [{ name: "a", optional: false, type: text, doc: "Words." }] };
  expect(printType(node, lines, "  ").split("\n")).toEqual(["{", "    /** Words. */", "    readonly a: string;", "  }"]);
});

test.each([
  ["ends */ here", "/** ends *\\/ here */\n"],
  ["@deprecated\n  @ts-ignore", "/**\n * \\@deprecated\n *   \\@ts-ignore\n */\n"],
  ["a\u202eb", "/** a\\u202eb */\n"],
  ["\n\n", ""],
])("a comment cannot be left, begin a tag or hide: %j", (words, printed) => {
  expect(docComment(words, "")).toBe(printed);
});

test("names that are no identifiers are quoted", () => {
  expect(["ok", "$x", "a-b", "1", "", 'a"b', "日"].map(propertyName)).toEqual(["ok", "$x", '"a-b"', '"1"', '""', '"a\\"b"', '"日"']);
});
