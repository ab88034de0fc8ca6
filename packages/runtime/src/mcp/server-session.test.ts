import { expect, test } from "vitest";
import { type Data, OffstageError, UnsafeInteger } from "../base/index.ts";
import { createFakeClock } from "../testing/fake-clock.ts";
import type { Connection } from "./connection.ts";
import { createServerSession } from "./server-session.ts";
import type { ToolReply } from "./tool-reply.ts";

const ANSWER: ToolReply = { kind: "result", isError: false, structured: 1, content: [] };

const notAsked = () => Promise.reject(new Error("not asked for"));

function connection(call: Connection["call"]): Connection {
  return { failure: () => null, over: new Promise(() => undefined), call, offer: notAsked, complete: notAsked, catalogue: notAsked, offers: notAsked, watch: notAsked, close: () => Promise.resolve() };
}

/** A connection whose call answers only by being aborted, as the SDK's does. */
const silent = connection((_tool, _args, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve({ kind: "error", sent: true, error: { code: "SERVER_PROTOCOL", message: "aborted" } }))));

test.each<[string, Data, string]>([
  ["an integer that cannot be exact", { deep: [{ id: new UnsafeInteger("9007199254740993") }] }, "UNSAFE_INTEGER"],
  ["a number that JSON has no text for", { n: Number.NaN }, "VALUE_INVALID"],
  ["arguments that are no object", [1], "VALUE_INVALID"],
])("%s is refused before anything is sent", async (_name, args, code) => {
  const session = createServerSession("s", createFakeClock(), () => {
    throw new Error("not reached");
  });
  expect(await session.call("t", args, { timeoutMs: 1 })).toMatchObject({ kind: "error", sent: false, error: { code } });
});

test("no arguments are an empty object", async () => {
  let got: unknown;
  const session = createServerSession("s", createFakeClock(), () => connection((_tool, args) => ((got = args), Promise.resolve(ANSWER))));
  expect(await session.call("t", null, { timeoutMs: 1 })).toBe(ANSWER);
  expect(got).toEqual({});
});

test("a call that gets no answer in time ends as sent", async () => {
  const clock = createFakeClock();
  const reply = createServerSession("s", clock, () => silent).call("t", {}, { timeoutMs: 1_000 });
  await clock.advance(999);
  expect(clock.sleepers).toBe(1);
  await clock.advance(1);
  expect(await reply).toMatchObject({ kind: "error", sent: true, error: { code: "SERVER_TIMEOUT", message: expect.stringContaining('"s"') as string } });
});

test("a call that its caller gives up ends as sent", async () => {
  const caller = new AbortController();
  const reply = createServerSession("s", createFakeClock(), () => silent).call("t", {}, { timeoutMs: 1_000, signal: caller.signal });
  caller.abort();
  expect(await reply).toMatchObject({ kind: "error", sent: true, error: { code: "CANCELLED" } });
});

test("a call that was given up before it began sends nothing", async () => {
  const session = createServerSession("s", createFakeClock(), () => silent);
  expect(await session.call("t", {}, { timeoutMs: 1, signal: AbortSignal.abort() })).toMatchObject({ sent: false, error: { code: "CANCELLED" } });
});

test("a server that cannot start is an answer: nothing was sent", async () => {
  const session = createServerSession("s", createFakeClock(), () => Promise.reject(new OffstageError("SERVER_START", "no such command", { hint: "install it" })));
  expect(await session.call("t", {}, { timeoutMs: 1 })).toEqual({ kind: "error", sent: false, error: { code: "SERVER_START", message: "no such command", hint: "install it" } });
});

test("a call whose time is over before the server is ready sends nothing, even when the server comes later", async () => {
  const clock = createFakeClock();
  let calls = 0;
  const live = connection(() => (calls++, Promise.resolve(ANSWER)));
  const session = createServerSession("s", clock, () => clock.sleep(500).then(() => live));
  const reply = session.call("t", {}, { timeoutMs: 100 });
  await clock.advance(1_000);
  expect(await reply).toMatchObject({ kind: "error", sent: false, error: { code: "SERVER_TIMEOUT" } });
  expect(calls).toBe(0);
});

test("nothing is sent once the deadline has passed while the server started", async () => {
  const clock = createFakeClock();
  let calls = 0;
  const live = connection(() => (calls++, Promise.resolve(ANSWER)));
  const session = createServerSession("s", clock, () => clock.sleep(500).then(() => live));
  const reply = session.call("t", {}, { timeoutMs: 10_000, deadlineAt: clock.now() + 500 });
  await clock.advance(500);
  expect(await reply).toMatchObject({ kind: "error", sent: false, error: { code: "DEADLINE_PASSED" } });
  expect(calls).toBe(0);
  const inTime = session.call("t", {}, { timeoutMs: 10_000, deadlineAt: clock.now() + 501 });
  await clock.advance(500);
  expect(await inTime).toBe(ANSWER);
});

test("a call leaves no timer behind", async () => {
  const clock = createFakeClock();
  await createServerSession("s", clock, () => connection(() => Promise.resolve(ANSWER))).call("t", {}, { timeoutMs: 1_000 });
  expect(clock.sleepers).toBe(0);
});
