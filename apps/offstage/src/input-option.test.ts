import { expect, test } from "vitest";
import { parseInputs } from "./input-option.ts";

const SPEC = {
  name: "w", inputs: { owner: "acme", count: 1, flag: true, tags: ["a"], labels: [], title: null },
  inputSchemas: { labels: { type: "array" }, title: { type: ["string", "null"] }, key: { type: "string" } },
};

test.each([
  ["owner=1", { owner: "1" }],
  ["owner=a=b", { owner: "a=b" }],
  ["count=2", { count: 2 }],
  ["count=many", { count: "many" }],
  ["flag=false", { flag: false }],
  ['tags=["x","y"]', { tags: ["x", "y"] }],
  ['labels=["a"]', { labels: ["a"] }],
  ["labels=a", { labels: "a" }],
  ["key=007", { key: "007" }],
  ['key="a"', { key: '"a"' }],
  ["title=null", { title: null }],
  ["title=A title", { title: "A title" }],
  ["tags=", { tags: "" }],
] as const)("--input %s", (pair, inputs) => {
  expect(parseInputs([pair], SPEC)).toEqual(inputs);
});

test.each([
  ["colour=red", /no input called colour/],
  ["owner", /has no "="/],
  ["=x", /has no "="/],
  ["count=9007199254740993", /beyond 2\^53-1/],
  ["tags=[[9007199254740993]]", /beyond 2\^53-1/],
])("--input %s is no use", (pair, message) => {
  expect(() => parseInputs([pair], SPEC)).toThrow(expect.objectContaining({ code: "USAGE", message: expect.stringMatching(message) as string }) as Error);
});
