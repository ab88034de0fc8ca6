import { expect, test } from "vitest";
import { createRedactor, type Data, type ErrorData, OffstageError } from "../base/index.ts";
import { createMemoryBlobs } from "../testing/memory-blobs.ts";
import { createFakeClock, type FakeClock } from "../testing/fake-clock.ts";
import { type Calls, type CallsOptions, createCalls } from "./calls.ts";
import { createOwnLanes } from "./lanes.ts";
import type { CallOptions, RawReply, Rule, Session } from "./ports.ts";

interface Asked {
  readonly tool: string;
  readonly args: Data;
  readonly options: CallOptions;
}

interface Bench {
  readonly calls: Calls;
  readonly clock: FakeClock;
  readonly asked: readonly Asked[];
}

const READ: Rule = { effect: "read", sensitive: [], rate: {} };

/** Calls over one session that answers with `answer`, under one rule. */
function bench(rule: Partial<Rule> = {}, answer: (asked: Asked) => Promise<RawReply> | RawReply = () => ({ kind: "result", isError: false, structured: 1, content: [] }), more: Partial<CallsOptions> = {}): Bench {
  const clock = createFakeClock();
  const asked: Asked[] = [];
  const session: Session = {
    call: async (tool, args, options) => {
      asked.push({ tool, args, options });
      return answer({ tool, args, options });
    },
    offer: () => Promise.resolve({ kind: "result", result: null }),
  };
  const calls = createCalls({ sessions: () => Promise.resolve(session), rules: { rule: () => ({ ...READ, ...rule }) }, redactor: createRedactor(), clock, timeoutMs: () => 30_000, blobs: createMemoryBlobs(), ...more });
  return { calls, clock, asked };
}

test("a call goes out once, with the server's own time limit unless the call has one", async () => {
  const { calls, asked } = bench();
  expect(await calls.call("s", "t", { a: 1 })).toEqual({ kind: "value", value: 1, gone: false });
  await calls.call("s", "t", {}, { timeoutMs: 5 });
  expect(asked.map(({ tool, args, options }) => ({ tool, args, timeoutMs: options.timeoutMs }))).toEqual([
    { tool: "t", args: { a: 1 }, timeoutMs: 30_000 },
    { tool: "t", args: {}, timeoutMs: 5 },
  ]);
});

test("deadline and signal reach the session, which looks at them right before sending", async () => {
  const { calls, clock, asked } = bench();
  const { signal } = new AbortController();
  const deadlineAt = clock.now() + 10;
  await calls.call("s", "t", {}, { deadlineAt, signal });
  expect(asked[0]?.options).toEqual({ timeoutMs: 30_000, deadlineAt, signal });
});

test("a server that cannot start is refused: nothing was sent", async () => {
  const { calls } = bench({ effect: "write" }, undefined, { sessions: () => Promise.reject(new OffstageError("SERVER_START", "no such command")) });
  expect(await calls.call("s", "t", {})).toEqual({ kind: "error", error: { code: "SERVER_START", message: "no such command" }, refused: true, gone: false });
});

test("a session that breaks its word proves nothing", async () => {
  const { calls } = bench({ effect: "write" }, () => Promise.reject(new Error("bug")));
  expect(await calls.call("s", "t", {})).toMatchObject({ kind: "error", refused: false, error: { code: "BUG" } });
});

test("a call waits for its turn; when its deadline passes there, nothing is sent", async () => {
  const first = Promise.withResolvers<RawReply>();
  const { calls, clock, asked } = bench({ effect: "write", rate: { concurrent: 1 } }, () => first.promise);
  const running = calls.call("s", "t", { n: 1 });
  const late = calls.call("s", "t", { n: 2 }, { deadlineAt: clock.now() + 100 });
  await clock.advance(100);
  expect(await late).toMatchObject({ kind: "error", refused: true, error: { code: "DEADLINE_PASSED" } });
  first.resolve({ kind: "result", isError: false, structured: 1, content: [] });
  await running;
  expect(asked).toHaveLength(1);
  expect((await calls.call("s", "t", { n: 3 })).kind).toBe("value");
});

test("a call that is cancelled in the queue is not sent", async () => {
  const { calls, asked } = bench({ rate: { concurrent: 1 } }, () => new Promise(() => undefined));
  void calls.call("s", "t", {});
  const caller = new AbortController();
  const waiting = calls.call("s", "t", {}, { signal: caller.signal });
  caller.abort();
  expect(await waiting).toMatchObject({ kind: "error", refused: true, error: { code: "CANCELLED" } });
  expect(asked).toHaveLength(1);
});

test("a deadline that passes while the server starts sends nothing", async () => {
  const clock = createFakeClock();
  const { calls, asked } = bench({ effect: "write" }, undefined, { clock, sessions: () => clock.sleep(500).then(() => ({ call: () => Promise.reject(new Error("not reached")), offer: () => Promise.reject(new Error("not reached")) })) });
  const outcome = calls.call("s", "t", {}, { deadlineAt: clock.now() + 500 });
  await clock.advance(500);
  expect(await outcome).toMatchObject({ refused: true, error: { code: "DEADLINE_PASSED" } });
  expect(asked).toHaveLength(0);
});

test("a changed tool stops writes and lets reads pass; a tool outside the lock stops both", async () => {
  const changed: ErrorData = { code: "TOOL_CHANGED", message: "its inputSchema changed" };
  const unlocked: ErrorData = { code: "NOT_LOCKED", message: "run offstage lock" };
  const outcome = (effect: Rule["effect"], fault: ErrorData, rest: Partial<Rule> = {}) => bench({ effect, ...rest }, undefined, { lockFault: () => fault }).calls.call("s", "t", {});
  expect(await outcome("write", changed)).toEqual({ kind: "error", error: changed, refused: true, gone: false });
  expect(await outcome("read", changed)).toMatchObject({ kind: "value" });
  // What its server says of the tool that was pinned says nothing of another one.
  expect(await outcome("read", changed, { isHinted: true })).toEqual({ kind: "error", error: changed, refused: true, gone: false });
  expect(await outcome("read", unlocked)).toEqual({ kind: "error", error: unlocked, refused: true, gone: false });
});

test("a tool that has changed when the session is there is not called", async () => {
  const changed: ErrorData = { code: "TOOL_CHANGED", message: "its inputSchema changed" };
  let asked = 0;
  const { calls, asked: sent } = bench({ effect: "write" }, undefined, { lockFault: () => (++asked === 1 ? null : changed) });
  expect(await calls.call("s", "t", {})).toMatchObject({ kind: "error", error: { code: "TOOL_CHANGED" }, refused: true });
  expect(sent).toHaveLength(0);
});

test("read() gives values and errors as the engine reads them", async () => {
  const request = { server: "s", tool: "t", args: {} };
  expect(await bench().calls.read(request)).toEqual({ kind: "value", value: 1, gone: false });
  const missing = bench({ gone: (reply) => reply.text === "Not Found" }, () => ({ kind: "error", sent: true, text: "Not Found", error: { code: "SERVER_PROTOCOL", message: "Not Found" } }));
  expect(await missing.calls.read(request)).toEqual({ kind: "error", error: { code: "READ_FAILED", message: "s.t answered with an error: Not Found" }, gone: true });
});

test("read() never makes a write", async () => {
  const { calls, asked } = bench({ effect: "write" });
  await expect(calls.read({ server: "s", tool: "t", args: {} })).rejects.toMatchObject({ code: "READ_FAILED", hint: expect.stringContaining("profiles/s.ts") as string });
  expect(asked).toHaveLength(0);
});

test("a server that forgot our session is asked once more, by a new one; twice forgotten is told", async () => {
  const lost: RawReply = { kind: "error", sent: false, error: { code: "SERVER_SESSION_LOST", message: "forgotten" } };
  let forgets = 1;
  const { calls, asked } = bench({ effect: "write" }, () => (forgets-- > 0 ? lost : { kind: "result", isError: false, structured: 1, content: [] }));
  expect(await calls.call("s", "t", {})).toMatchObject({ kind: "value", value: 1 });
  expect(asked).toHaveLength(2);
  forgets = 9;
  expect(await calls.call("s", "t", {})).toMatchObject({ kind: "error", refused: true, error: { code: "SERVER_SESSION_LOST" } });
  expect(asked).toHaveLength(4);
});

test("after an answer that it was too much, the next call waits for as long as the server asked, also without a rate", async () => {
  let times = 0;
  const { calls, clock, asked } = bench({}, () => ((times += 1) === 1 ? { kind: "error", error: { code: "SERVER_REFUSED", message: "slow down" }, sent: false, retryAfterMs: 5_000 } : { kind: "result", isError: false, structured: 1, content: [] }));
  expect(await calls.call("s", "t", {})).toMatchObject({ kind: "error", refused: true });
  const next = calls.call("s", "t", {});
  await clock.advance(4_999);
  expect(asked).toHaveLength(1);
  await clock.advance(1);
  expect(await next).toMatchObject({ kind: "value" });
});

test("what is said of all calls of a server holds beside its rule", async () => {
  const clock = createFakeClock();
  const { calls, asked } = bench({ rate: { perSecond: 3 } }, undefined, { clock, turns: { lanes: createOwnLanes(clock), credentialOf: () => "token", rateOf: (server) => (server === "s" ? { perSecond: 2 } : {}) } });
  for (const server of ["s", "s", "s", "other", "other"]) void calls.call(server, "t", {});
  await clock.advance(999);
  // Both are one credential: the rule's three in a second are for both, and two of them at the most for this one.
  expect(asked).toHaveLength(3);
  await clock.advance(1);
  expect(asked).toHaveLength(5);
});
