import { describe, expect, test } from "vitest";
import type { Data } from "../base/index.ts";
import type { Fixture, RecordedCall } from "./fixture.ts";
import { maskFixture, type MaskRule } from "./mask.ts";

function call(tool: string, args: Data, value: Data): RecordedCall {
  return { server: "jira", tool, class: "read", args, outcome: { kind: "value", value, gone: false } };
}

function masked(rules: readonly MaskRule[], ...calls: readonly RecordedCall[]): readonly { readonly args: Data; readonly value: Data }[] {
  const fixture: Fixture = { version: 1, workflow: "w", phase: "plan", now: 0, inputs: {}, event: { kind: "call" }, targets: {}, calls, effects: [] };
  return maskFixture(fixture, rules).calls.map(({ args, outcome }) => ({ args, value: outcome.kind === "value" ? outcome.value : null }));
}

describe("masking a fixture", () => {
  test("an id that a list gave stays one id wherever it occurs, in arguments and inside texts", () => {
    const calls = [call("list", {}, { issues: [{ id: "abc-991823", n: 1 }, { id: "abc-771200", n: 2 }] }), call("get", { id: "abc-771200" }, { text: "Issue abc-771200 of abc-991823" })];
    expect(masked([{ path: "issues[].id" }], ...calls)).toEqual([
      { args: {}, value: { issues: [{ id: "id-1", n: 1 }, { id: "id-2", n: 2 }] } },
      { args: { id: "id-2" }, value: { text: "Issue id-2 of id-1" } },
    ]);
  });

  test("instants become instants, in the order of the originals", () => {
    const [one] = masked([{ path: "**.created_at" }], call("list", {}, [{ created_at: "2026-11-03T10:00:00Z" }, { deep: { created_at: "2026-11-01T10:00:00+01:00" } }]));
    expect(one?.value).toEqual([{ created_at: "2000-01-01T00:02:00.000Z" }, { deep: { created_at: "2000-01-01T00:01:00.000Z" } }]);
  });

  test("numbers count from 1; short ones are replaced only where the rule points, long ones in texts too", () => {
    const [one, other] = masked([{ path: "[].id" }], call("list", {}, [{ id: 7, n: 7 }, { id: 88812345, n: 3 }]), call("get", { label: "gh-88812345", short: "7" }, null));
    expect(one?.value).toEqual([{ id: 1, n: 7 }, { id: 2, n: 3 }]);
    expect(other?.args).toEqual({ label: "gh-2", short: "7" });
  });

  test("anything else becomes null, what is null stays null, and `with` says what else", () => {
    const [one] = masked([{ path: "a" }, { path: "b" }, { path: "c", with: "someone@example.com" }], call("get", {}, { a: { secret: 1 }, b: null, c: "ana@acme.example" }));
    expect(one?.value).toEqual({ a: null, b: null, c: "someone@example.com" });
  });

  test("a rule holds for the servers and tools that it names", () => {
    const calls = [call("get_issue", {}, { x: "abcdef" }), call("search", {}, { x: "uvwxyz" })];
    expect(masked([{ path: "x", server: "jira", tool: "get_*" }], ...calls).map(({ value }) => value)).toEqual([{ x: "x-1" }, { x: "uvwxyz" }]);
    expect(masked([{ path: "x", server: "other" }], ...calls).map(({ value }) => value)).toEqual([{ x: "abcdef" }, { x: "uvwxyz" }]);
  });

  test("a text rule is a regular expression over every text of the fixture", () => {
    const fixture: Fixture = {
      version: 1, workflow: "w", phase: "plan", now: 0, inputs: { host: "http://127.0.0.1:4001" }, event: { kind: "call" }, targets: { jira: "URL=http://127.0.0.1:4001" },
      calls: [{ ...call("get", {}, null), outcome: { kind: "error", error: { code: "READ_FAILED", message: "no http://127.0.0.1:4001/x" }, refused: false, gone: false } }],
      effects: [{ label: "l", action: "call", server: "jira", tool: "t", identity: "i", certainty: "sure", args: { url: "http://127.0.0.1:4001/$1" } }],
    };
    const text = JSON.stringify(maskFixture(fixture, [{ text: String.raw`http://127\.0\.0\.1:\d+`, with: "https://$&.example" }]));
    expect(text).not.toContain("127.0.0.1");
    expect(text.match(/https:\/\/\$&\.example/g)).toHaveLength(4);
  });

  test("what is masked is so as the name of a member too, and none is lost for it", () => {
    const calls = [call("list", {}, [{ mail: "ana@acme.example" }]), call("count", { "ana@acme.example": true }, { "ana@acme.example": 3, "bob@acme.example": { "cem@acme.example": 4 }, "eve@acme.example": 5, mailbox: 1 })];
    expect(masked([{ path: "[].mail" }, { text: "[a-z]+@acme\\.example", with: "someone" }], ...calls)).toEqual([
      { args: {}, value: [{ mail: "mail-1" }] },
      { args: { "mail-1": true }, value: { "mail-1": 3, someone: { someone: 4 }, "someone (2)": 5, mailbox: 1 } },
    ]);
  });

  test("paths that lead nowhere change nothing", () => {
    const value = { a: [1, { b: "text-long" }], c: "x" };
    expect(masked([{ path: "a.b" }, { path: "c[].d" }, { path: "z" }], call("get", {}, value))[0]?.value).toEqual(value);
  });
});
