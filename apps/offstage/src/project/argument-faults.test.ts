import { type Data, parseExact } from "offstage/base";
import { expect, test } from "vitest";
import { argumentFaults } from "./argument-faults.ts";

const SCHEMA: Data = {
  type: "object",
  properties: { owner: { type: "string" }, state: { enum: ["open", "closed"] }, labels: { type: "array", items: { type: "object", properties: { "a/b": { type: "string" } } } }, id: { type: "integer" } },
  required: ["owner"],
  additionalProperties: false,
};

test.each<[string, readonly string[]]>([
  ['{"owner":"acme","state":"open","id":9007199254740993}', []],
  ["{}", ["owner is missing"]],
  ['{"owner":1,"state":"opened","ownr":"x"}', ["there is no argument ownr: did you mean owner?", "owner must be string", 'state is none of "open", "closed"']],
  ['{"owner":"a","labels":[{"a/b":1}]}', ["labels[0].a/b must be string"]],
])("%s", async (args, faults) => {
  expect((await argumentFaults(SCHEMA, parseExact(args))).toSorted()).toEqual(faults.toSorted());
});

const ARGUMENTS: Data = { text: `${"a".repeat(40)}!` };

test.each<[string, Data | undefined]>([
  ["none", undefined],
  ["one that is no schema", { type: "nonsense", properties: 7 }],
  ["one with a reference to nowhere", { $ref: "https://example.com/schema.json" }],
  ["one of another dialect", { $schema: "https://json-schema.org/draft/2030-01/schema", type: "object" }],
  ["one whose pattern would take for ever", { type: "object", properties: { text: { type: "string", pattern: "^(a+)+$" } } }],
])("with %s the server decides", async (_what, schema) => {
  expect(await argumentFaults(schema, ARGUMENTS)).toEqual([]);
});

test("lists by place are read as draft-07 writes them, where the schema says that it is one", async () => {
  const schema: Data = { $schema: "http://json-schema.org/draft-07/schema#", type: "object", properties: { pair: { type: "array", items: [{ type: "string" }, { type: "number" }] } } };
  expect(await argumentFaults(schema, { pair: ["a", "b"] })).toEqual(["pair[1] must be number"]);
});
