import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Data, UnsafeInteger } from "../base/index.ts";
import type { CallOutcome } from "../calls/index.ts";
import type { Fixture } from "./fixture.ts";
import { parseFixture, printFixture } from "./fixture-text.ts";

const FILE = "fixtures/w/c.json";
const FIXTURE: Fixture = {
  version: 1, workflow: "w", phase: "run", now: Date.UTC(2026, 10, 2, 9), inputs: { owner: "acme" }, event: { kind: "call" }, targets: { b: "2", a: "1" },
  calls: [{ server: "a", tool: "get", class: "read", args: { n: 1 }, outcome: { kind: "value", value: { id: 1 }, gone: false } }],
  effects: [{ label: "ticket 1", action: "create", server: "a", tool: null, identity: "w/ticket/1", certainty: "may", args: {} }],
};

const outcome: fc.Arbitrary<CallOutcome> = fc.oneof(
  fc.record({ kind: fc.constant("value" as const), value: fc.jsonValue() as fc.Arbitrary<Data>, gone: fc.boolean() }),
  fc.record({ kind: fc.constant("error" as const), error: fc.record({ code: fc.constant("READ_FAILED" as const), message: fc.string({ unit: "binary" }) }), refused: fc.boolean(), gone: fc.boolean() }),
  fc.record({ kind: fc.constant("unreadable" as const), error: fc.record({ code: fc.constant("RESULT_UNREADABLE" as const), message: fc.string(), hint: fc.string() }) }),
);

describe("a fixture's text", () => {
  test("is read back as what was written, whatever servers answer (500 fixtures)", () => {
    fc.assert(
      fc.property(fc.array(fc.record({ server: fc.string(), tool: fc.string(), class: fc.constantFrom("read" as const, "prepare" as const, "write" as const), args: fc.jsonValue() as fc.Arbitrary<Data>, outcome })), (calls) => {
        const fixture = { ...FIXTURE, targets: {}, calls };
        expect(parseFixture(printFixture(fixture), FILE)).toEqual(fixture);
      }),
      { numRuns: 500 },
    );
    expect(parseFixture(printFixture(FIXTURE), FILE)).toEqual({ ...FIXTURE, targets: { a: "1", b: "2" } });
  });

  test("keeps what JSON cannot: an integer beyond 2^53-1, half of a surrogate pair, a member called $", () => {
    const value = { big: new UnsafeInteger("9007199254740993"), half: "\uD800", $: ["undefined"] };
    const [call] = parseFixture(printFixture({ ...FIXTURE, calls: [{ server: "a", tool: "t", class: "read", args: {}, outcome: { kind: "value", value, gone: false } }] }), FILE).calls;
    expect(call?.outcome).toEqual({ kind: "value", value, gone: false });
  });

  test("is plain JSON, one member a line", () => {
    expect(printFixture(FIXTURE)).toContain('      "args": {\n        "n": 1\n      },\n      "value": {\n        "id": 1\n      }\n');
  });
});

describe("a fixture that cannot be used", () => {
  const without = (change: (document: { [name: string]: unknown }) => void): string => {
    const document = JSON.parse(printFixture(FIXTURE)) as { [name: string]: unknown };
    change(document);
    return JSON.stringify(document);
  };
  test.each([
    ["broken JSON", () => "{ nope", "fixtures/w/c.json is not JSON: Expected property name or '}' at position 2 (line 1 column 3)."],
    ["broken JSON with a secret in it", () => '{ "a": hunter2secret }', "fixtures/w/c.json is not JSON: Unexpected token 'h'."],
    ["no object", () => "[]", "the document has to be an object"],
    ["no version", () => without((document) => delete document["version"]), "version is not 1"],
    ["no calls", () => without((document) => delete document["calls"]), "calls has to be a list"],
    ["an odd class", () => without((document) => ((document["calls"] as { class: string }[])[0]!.class = "maybe")), "calls[0].class has to be read or prepare or write"],
    ["no outcome", () => without((document) => delete (document["calls"] as { value?: unknown }[])[0]!.value), "calls[0] has to have one of value, error and unreadable; it has none"],
    ["no instant", () => without((document) => (document["now"] = "yesterday")), "now has to be an instant"],
    ["an unknown tag", () => without((document) => ((document["calls"] as { value: unknown }[])[0]!.value = { $: ["what"] })), "calls[0].value A stored value"],
  ])("%s says where and what to do", (_what, text, message) => {
    expect(() => parseFixture(text(), FILE)).toThrow(expect.objectContaining({ code: "FIXTURE_INVALID", message: expect.stringContaining(message) as string, hint: expect.stringContaining("offstage record") as string }));
  });

  test("one of a newer version says so", () => {
    expect(() => parseFixture(without((document) => (document["version"] = 2)), FILE)).toThrow(expect.objectContaining({ code: "FIXTURE_NEWER", message: "fixtures/w/c.json has version 2; this version of Offstage reads 1." }));
  });
});
