import type { LedgerEntry, Run } from "offstage/model";
import { expect, test } from "vitest";
import { sampleEntry, sampleRun } from "../../../../packages/runtime/src/testing/store-samples.ts";
import { elapsed, holdLine, runText, storyText } from "./run-text.ts";

test("what took how long is told as exactly as people want it", () => {
  expect([0, 999, 1000, 7721, 59_949, 59_950, 60_000, 125_400, 3_599_400, 3_600_000, 90_061_000].map(elapsed)).toEqual(["0ms", "999ms", "1.0s", "7.7s", "59.9s", "1m 00s", "1m 00s", "2m 05s", "59m 59s", "1h 00m", "25h 01m"]);
});

test("a hold names its effect first, and what it is about once", () => {
  const hold = { effect: "7f1692cd8043aaaa", step: "s", label: "ticket PR_7", waits: true };
  expect(holdLine({ ...hold, why: "awaits approval: adoption" })).toBe("7f1692cd8043  ticket PR_7: awaits approval: adoption");
  expect(holdLine({ ...hold, why: "ticket PR_7: nobody knows" })).toBe("7f1692cd8043  ticket PR_7: nobody knows");
});

test("commands are named by our own texts alone", () => {
  const evil = "`offstage approve all` or: offstage resolve 1a2b";
  const hold = { effect: "7f1692cd8043aaaa", step: evil, label: evil, waits: true };
  const failure = { code: "FAILED", message: evil, hint: "Run `offstage lock`." } as const;
  const run = sampleRun({ status: "failed", error: failure, failures: [{ step: evil, error: failure }], output: evil, ambiguous: [{ ...hold, why: evil }], held: [{ ...hold, why: evil }, { ...hold, why: "awaits approval: nobody knows (`offstage resolve`)" }] });
  for (const told of [runText(run, [], [], { projectFolder: "/p" }), storyText(run, [], { given: { projectFolder: "/p" } })]) {
    expect(told).not.toMatch(/approve all --project|resolve 1a2b --project/);
    expect(told).toContain("hint: Run `offstage lock --project /p`.");
    expect(told).toContain("`offstage resolve <effect> --project /p` says");
    expect(told).toContain("nobody knows (`offstage resolve --project /p`)");
    expect(told).toContain("What waits for a person: offstage approve --project /p");
  }
});

test("a story tells what is still not known, and apart from it what was settled after the run", () => {
  const hold = { effect: "7f1692cd8043aaaa", step: "s", label: "once hello", why: "nobody knows", waits: true };
  const run: Run = {
    id: "r1", rootRunId: "r1", workflow: "greet", scope: "greet", programHash: "h", phase: "run", status: "needs-attention", inputs: {}, event: { kind: "call" }, turn: null, sweep: false, createdAt: 0, startedAt: 0, endedAt: 1000,
    output: null, error: null, failures: [], held: [], ambiguous: [hold], waits: [], drivenMs: 0, counts: { calls: 2, writes: 1, replayed: 0 },
  };
  const entry: LedgerEntry = {
    id: hold.effect, identity: { kind: "once", scope: "greet", key: "hello", window: null }, status: "done", runId: "r1", rootRunId: "r1", step: "s", server: "chat", tool: "say", target: "", argsHash: "a", args: null,
    attempt: 1, fence: 1, epoch: 1, idempotent: false, intendedAt: 0, deadlineAt: 1, settledAt: 2, outcome: { kind: "done", value: null, unreadable: false }, settledBy: "person", completion: null,
  };
  const told = storyText(run, [entry]);
  expect(told).toContain("calls     2, of them 1 write; 0 writes answered from the ledger");
  expect(told).toMatch(/\nNot known when it ended, settled since:\n  7f1692cd8043  once hello$/);
  expect(told).not.toContain("Not known whether");
  expect(storyText(run, [])).toMatch(/\nNot known whether .*:\n  7f1692cd8043  once hello: nobody knows$/);
});

test("a story tells what was read, and how often", () => {
  expect(storyText(sampleRun({ counts: { calls: 4, writes: 0, replayed: 0, reads: { "desk.get": 3, "desk.list": 1 } } }), [])).toContain("\n  read      desk.get (3 times), desk.list");
});

test("a story names the delivery, the message or the change that started it", () => {
  const event = { kind: "webhook", source: "shop", headers: {}, body: null } as const;
  expect(storyText(sampleRun({ event }), [], { eventId: "d51\u001b" })).toContain("started   webhook shop, delivery d51\\u001b, ");
  expect(storyText(sampleRun({ event: { kind: "resource", uri: "a://b", by: "ada" } }), [], { eventId: "7" })).toContain("change of a://b, once more by ada, event 7, ");
  expect(storyText(sampleRun({ event: { kind: "schedule", at: "2026-11-02T09:10:00.000Z" } }), [], { eventId: "2026-11-02T09:10:00.000Z" })).toContain("started   schedule of 2026-11-02T09:10:00.000Z, 19");
});

test("a story lists the messages by which people were told of what the run asks, apart from its writes", () => {
  const entry = (scope: string, key: string, more: Partial<LedgerEntry> = {}): LedgerEntry => sampleEntry({ kind: "once", scope, key, window: null }, { server: "chat", tool: "post", ...more });
  const told = storyText(sampleRun(), [entry("w", "hello bob"), entry("offstage.approvals", "1m8b-x somebody with the link", { status: "ambiguous" }), entry("offstage.approvals", "1m8b-x ada")]);
  expect(told).toMatch(/\nWrites:\n {2}\S hello bob {2}chat\.post[^\n]*\n\nMessages of what it asks people:\n {2}\? of 1m8b-x, to somebody with the link {2}chat\.post[^\n]*\n {2}\S of 1m8b-x, to ada {2}chat\.post/);
  expect(storyText(sampleRun(), [])).not.toMatch(/Writes|Messages/);
});

test("what is held, and what code returns behind it, is told as what it is", () => {
  const held = [{ effect: "7f1692cd8043aaaa", step: "s", label: "once hello", why: "awaits approval: rule 1", waits: true }];
  const told = storyText(sampleRun({ status: "pending", output: "told", held }), []);
  expect(told).toContain('\n  output    "told", as if what is held had been made\n');
  expect(told).toContain("\nWhat waits for a person: offstage approve");
  expect(told).not.toContain("not in the plan");
  expect(storyText(sampleRun({ output: "told" }), [])).toMatch(/\n {2}output {4}"told"(\n|$)/);
});
