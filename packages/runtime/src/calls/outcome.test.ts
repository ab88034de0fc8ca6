import { expect, test } from "vitest";
import { createRedactor, type Data, UnsafeInteger } from "../base/index.ts";
import { judge } from "./outcome.ts";
import type { CallOutcome, ContentBlock, RawReply, Rule, RuleReply } from "./ports.ts";

const redactor = createRedactor();
redactor.register("swordfish-1234", "TOKEN");
redactor.register("987654321", "PIN");

const read: Rule = { effect: "read", sensitive: [], rate: {} };
const write: Rule = { ...read, effect: "write" };
const under = (rule: Rule, reply: RawReply): CallOutcome => judge(reply, { what: "jira.search", rule, redactor });
const text = (...texts: readonly string[]): RawReply => ({ kind: "result", isError: false, structured: undefined, content: texts.map((one) => ({ type: "text", text: one })) });
const structured = (data: Data, ...content: readonly ContentBlock[]): RawReply => ({ kind: "result", isError: false, structured: data, content });
const failed = (message: string): RawReply => ({ kind: "result", isError: true, structured: undefined, content: [{ type: "text", text: message }] });
const value = (expected: Data): CallOutcome => ({ kind: "value", value: expected, gone: false });

test("structured content is the result, whatever the text says", () => {
  expect(under(read, structured({ n: 1 }, { type: "text", text: '{"n":2}' }))).toEqual(value({ n: 1 }));
  expect(under(read, structured(null))).toEqual(value(null));
  expect(under(read, structured(null, { type: "text", text: '{"n":2}' }))).toEqual(value({ n: 2 }));
});

test.each<[string, Data]>([
  ['{"id":9007199254740993}', { id: new UnsafeInteger("9007199254740993") }],
  [" [1]\n", [1]],
  ["42", 42],
  ['"text"', "text"],
  ["null", null],
])("a single block of JSON %s is that JSON", (json, expected) => {
  expect(under(read, text(json))).toEqual(value(expected));
});

test.each([[["# Markdown"]], [["1", "2"]], [[""]], [["{ not json"]], [[]], [["nothing"]]])("%j is a text, and nothing is guessed", (texts) => {
  const content = texts.map((one) => ({ type: "text", text: one }));
  expect(under(read, text(...texts))).toEqual(value({ text: texts.join("\n"), content }));
});

test("pictures and kinds that are not known stay whole", () => {
  const content = [{ type: "image", data: "AAAA", mimeType: "image/png" }, { type: "hologram", beams: 3 }];
  expect(under(read, { kind: "result", isError: false, structured: undefined, content })).toEqual(value({ text: "", content }));
});

test("secrets are replaced in texts, names, JSON that escapes them, bare numbers, and errors", () => {
  expect(under(read, structured({ "swordfish-1234": ["Bearer swordfish-1234"] }))).toEqual(value({ "[redacted TOKEN]": ["Bearer [redacted TOKEN]"] }));
  expect(under(read, text("it is swordfish-1234"))).toMatchObject({ value: { text: "it is [redacted TOKEN]", content: [{ text: "it is [redacted TOKEN]" }] } });
  expect(under(read, text(String.raw`{"a":"\u0073wordfish-1234","b":1}`))).toEqual(value({ a: "[redacted TOKEN]", b: 1 }));
  expect(JSON.stringify(under(read, text('{"pin":987654321}')))).not.toContain("987654321");
  for (const reply of [failed("bad token swordfish-1234"), { kind: "error", sent: true, text: "swordfish-1234?", error: { code: "SERVER_PROTOCOL", message: "swordfish-1234" } }] satisfies RawReply[]) {
    expect(JSON.stringify(under(write, reply))).not.toContain("swordfish");
  }
  expect(under(read, { kind: "error", sent: false, error: { code: "SERVER_START", message: "swordfish-1234", hint: "swordfish-1234" } })).toMatchObject({ error: { message: "[redacted TOKEN]", hint: "[redacted TOKEN]" } });
});

test("rules see redacted text only, and what they join is redacted again", () => {
  const seen: RuleReply[] = [];
  const rule: Rule = { ...read, result: (reply) => (seen.push(reply), `${"sword"}fish-1234`) };
  expect(under(rule, text("token swordfish-1234"))).toEqual(value("[redacted TOKEN]"));
  expect(seen).toEqual([{ text: "token [redacted TOKEN]", data: null, isError: false }]);
});

test("sensitive paths reach neither the value nor the rules", () => {
  const rule: Rule = { ...read, sensitive: ["user.mail"], result: (reply) => ({ text: reply.text, data: reply.data }) };
  const json = '{"user":{"mail":"a@example.com","id":1}}';
  const kept = { user: { id: 1 } };
  expect(under(rule, text(json))).toEqual(value({ text: JSON.stringify(kept), data: kept }));
  expect(under(rule, structured(JSON.parse(json) as Data, { type: "text", text: json }))).toEqual(value({ text: JSON.stringify(kept), data: kept }));
  expect(under({ ...rule, sensitive: ["text"] }, text("a@example.com"))).toEqual(value({ text: "", data: null }));
});

test("a value is frozen, a text that a rule makes of it too", () => {
  const outcome = under(read, structured({ list: [{ a: 1 }] }));
  expect(outcome.kind === "value" && Object.isFrozen((outcome.value as { list: Data[] }).list[0])).toBe(true);
});

test("result() decides what the value is", () => {
  expect(under({ ...write, result: (reply) => ({ key: reply.text.slice(-6) }) }, text("created PROD-1"))).toEqual(value({ key: "PROD-1" }));
});

test.each<[string, Partial<Rule>]>([
  ["throws", { result: () => { throw new Error("no key in it"); } }],
  ["finds nothing", { result: () => undefined as unknown as Data }],
  ["is too large", { result: () => "x".repeat(11 * 1024 * 1024) }],
  ["cannot be judged", { failed: () => { throw new Error("no text"); } }],
])("a result that %s is an error after a read, and unreadable after a write", (_name, rule) => {
  expect(under({ ...read, ...rule }, text("done"))).toMatchObject({ kind: "error", refused: false, gone: false });
  expect(under({ ...write, ...rule }, text("done"))).toMatchObject({ kind: "unreadable", error: { code: "RESULT_UNREADABLE", message: expect.stringContaining("jira.search did what") as string } });
});

test("a read whose result() fails says READ_FAILED, one that is too large LIMIT_SIZE, one that nests too deeply LIMIT_DEPTH", () => {
  expect(under({ ...read, result: () => { throw new Error("no key in it"); } }, text("done"))).toMatchObject({ error: { code: "READ_FAILED", message: expect.stringContaining("no key in it") as string } });
  expect(under(read, text("x".repeat(11 * 1024 * 1024)))).toMatchObject({ kind: "error", error: { code: "LIMIT_SIZE" } });
  expect(under(read, text(`${"[".repeat(300)}${"]".repeat(300)}`))).toMatchObject({ kind: "error", error: { code: "LIMIT_DEPTH" } });
  expect(under(read, { ...text("x".repeat(11 * 1024 * 1024)), isError: true } as RawReply)).toMatchObject({ kind: "error", refused: false, error: { code: "LIMIT_SIZE" } });
});

test("a success that the profile calls a failure proves that nothing happened", () => {
  const rule = { failed: (reply: RuleReply) => reply.text.startsWith("Sorry") };
  expect(under({ ...write, ...rule }, text("Sorry, no."))).toEqual({ kind: "error", error: { code: "TOOL_FAILED", message: "jira.search failed: Sorry, no." }, refused: true, gone: false });
  expect(under({ ...read, ...rule }, text("Sorry, no."))).toMatchObject({ kind: "error", error: { code: "READ_FAILED" } });
  expect(under({ ...write, ...rule }, text("Fine."))).toMatchObject({ kind: "value" });
});

test("where a rule says `refused` too, a success that is a failure proves nothing but what that one says", () => {
  const rule = { failed: (reply: RuleReply) => reply.text.startsWith("Error"), refused: (reply: RuleReply) => reply.text === "Error 404" };
  expect(under({ ...write, ...rule }, text("Error 404"))).toMatchObject({ kind: "error", refused: true, error: { code: "TOOL_FAILED" } });
  expect(under({ ...write, ...rule }, text("Error 502"))).toEqual({ kind: "error", error: { code: "TOOL_ERROR", message: "jira.search failed: Error 502" }, refused: false, gone: false });
  expect(under({ ...read, ...rule }, text("Error 502"))).toMatchObject({ kind: "error", error: { code: "READ_FAILED" } });
  expect(under({ ...write, ...rule }, text("Fine: Error 404"))).toMatchObject({ kind: "value" });
});

test("an error proves nothing unless the profile says so; failed() is not asked", () => {
  const failedToo: Partial<Rule> = { failed: () => { throw new Error("must not be asked"); } };
  expect(under({ ...write, ...failedToo }, failed("502"))).toEqual({ kind: "error", error: { code: "TOOL_ERROR", message: "jira.search answered with an error: 502" }, refused: false, gone: false });
  expect(under({ ...write, refused: (reply) => reply.isError && reply.text === "422" }, failed("422"))).toMatchObject({ refused: true, error: { code: "TOOL_FAILED" } });
  expect(under({ ...write, refused: () => { throw new Error("broken rule"); } }, failed("422"))).toMatchObject({ refused: false });
  expect(under(read, failed("502"))).toMatchObject({ refused: false, error: { code: "READ_FAILED" } });
});

test("the message of a protocol error is what rules see", () => {
  const reply: RawReply = { kind: "error", sent: true, text: "Not Found", error: { code: "SERVER_PROTOCOL", message: "wrapped" } };
  expect(under({ ...write, refused: (seen) => seen.isError && seen.text === "Not Found" }, reply)).toMatchObject({ refused: true });
  expect(under({ ...read, gone: (seen) => seen.text === "Not Found" }, reply)).toMatchObject({ kind: "error", gone: true, error: { code: "READ_FAILED" } });
});

test("our own errors are never judged by rules: only what was not sent is refused", () => {
  const eager: Partial<Rule> = { refused: () => true, gone: () => true };
  const lost = { kind: "error", error: { code: "SERVER_EXITED", message: "it ended" } } as const;
  expect(under({ ...write, ...eager }, { ...lost, sent: true })).toMatchObject({ refused: false, gone: false, error: { code: "SERVER_EXITED" } });
  expect(under({ ...write, ...eager }, { ...lost, sent: false })).toMatchObject({ refused: true, gone: false });
});

test("gone needs no readable result", () => {
  const rule: Rule = { ...read, gone: (reply) => reply.text.includes("does not exist"), result: () => { throw new Error("nothing to read"); } };
  expect(under(rule, text("it does not exist"))).toMatchObject({ kind: "value", gone: true, value: { text: "it does not exist" } });
  expect(under(rule, failed("it does not exist"))).toMatchObject({ kind: "error", gone: true });
  expect(under({ ...read, gone: () => { throw new Error("broken rule"); } }, text("there"))).toMatchObject({ kind: "value", gone: false });
});

test("a long error is shortened, an empty one says so", () => {
  const outcome = under(read, failed("e".repeat(5_000)));
  expect(outcome.kind === "error" && outcome.error.message.length).toBeLessThan(600);
  expect(under(read, failed(" "))).toMatchObject({ error: { message: "jira.search answered with an error: (it said nothing)" } });
});

test("a write whose question to a person was declined is not known to have happened, whatever it says, until a rule does", () => {
  const declined = { ...text("Nothing deleted: you said no."), declined: true } as RawReply;
  expect(under(write, declined)).toMatchObject({ kind: "error", refused: false, error: { code: "TOOL_ERROR", message: "jira.search asked a question that was declined, and then answered: Nothing deleted: you said no." } });
  expect(under({ ...write, refused: (r) => r.text.startsWith("Nothing deleted") }, declined)).toMatchObject({ kind: "error", refused: true, error: { code: "TOOL_FAILED" } });
  expect(under({ ...write, failed: (r) => r.text.startsWith("Nothing deleted") }, declined)).toMatchObject({ kind: "error", refused: true, error: { code: "TOOL_FAILED" } });
  expect(under(read, declined)).toMatchObject({ kind: "value" });
});
