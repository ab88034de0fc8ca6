import { expect, test } from "vitest";
import { type ShownWrite, writeWords } from "./write-words.ts";

const SAY: ShownWrite = { id: "e1", identity: { kind: "once", scope: "greet", key: "1", window: null }, identityKnown: true, sign: "+", label: "greet:1", server: "desk", tool: "say", target: "url=http://127.0.0.1:1", certainty: "sure", undo: "none", why: {}, args: { value: { text: "Hello", list: [1] }, unknown: [] } };

test("a write is told with all that the plan's text says of it", () => {
  expect(writeWords(SAY)).toEqual({ kind: "create", sign: "create", where: "desk.say on http://127.0.0.1:1, cannot be undone", identity: "identity greet/once/1", rows: [{ name: "text", value: ['"Hello"'] }, { name: "list", value: ["[\n  1\n]"] }] });
  expect(writeWords({ ...SAY, identityKnown: false }).identity).toBe("identity known after apply: this plan cannot permit it");
  expect(writeWords({ ...SAY, identity: { kind: "record", scope: "leaks", record: "ticket", key: "r", generation: 1, action: "update", revision: 2 } }).identity).toBe("identity leaks/ticket/r, generation 1, update, revision 2");
  expect(writeWords({ ...SAY, identity: { kind: "step", rootRun: "r", step: "desk.say#1" } }).identity).toBe("identity: this run only, desk.say#1");
  expect(writeWords({ ...SAY, why: { detail: "the policy asks a person (offstage.yaml:3)" } }).identity).toBe("identity greet/once/1; the policy asks a person (offstage.yaml:3)");
  expect(writeWords({ ...SAY, why: { effect: "e0" } }, "ticket r1").identity).toBe("identity greet/once/1; after: ticket r1");
  expect(writeWords({ ...SAY, certainty: "may-many" }).sign).toBe("maybe create, any number of times");
  expect(writeWords({ ...SAY, sign: "~", certainty: "may" }).sign).toBe("maybe update");
  expect(writeWords({ ...SAY, args: { value: { text: null, list: [] }, unknown: [{ path: ["text"] }] } }).rows).toEqual([{ name: "text", value: [null] }, { name: "list", value: ["[]"] }]);
  expect(writeWords({ ...SAY, args: { value: null, unknown: [{ path: [] }] } }).rows).toEqual([{ name: "arguments", value: [null] }]);
  expect(writeWords({ ...SAY, server: "offstage", tool: "start.greet", undo: null, target: "store" }).where).toBe("offstage.start.greet on store; a run of its own: what it writes is not in this plan");
});

test("what is known of a value is told, whatever else of it is not, and no text looks like what is not known", () => {
  const { rows } = writeWords({ ...SAY, args: { value: { to: "known after apply", card: { title: "Wire 10,000", parent: null, rows: [null, { a: 1 }] } }, unknown: [{ path: ["card", "parent"] }, { path: ["card", "rows", 0] }] } });
  expect(rows[0]).toEqual({ name: "to", value: ['"known after apply"'] });
  expect(rows[1]?.value.map((piece) => piece ?? "<later>").join("")).toBe('{\n  "title": "Wire 10,000",\n  "parent": <later>,\n  "rows": [\n    <later>,\n    {\n      "a": 1\n    }\n  ]\n}');
});
