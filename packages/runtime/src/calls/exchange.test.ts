import { expect, test } from "vitest";
import { createFakeClock } from "../testing/fake-clock.ts";
import { createExchange } from "./exchange.ts";
import { createOwnLanes } from "./lanes.ts";
import type { RawReply, Rule, Session } from "./ports.ts";

const RULE: Rule = { effect: "read", sensitive: [], rate: { perSecond: 0.5 } };
const SESSION: Session = {
  call: () => Promise.resolve({ kind: "result", isError: false, structured: null, content: [] }),
  offer: () => Promise.resolve({ kind: "result", result: null }),
};

function exchangeOn(clock: ReturnType<typeof createFakeClock>, told: string[]): (server: string, signal?: AbortSignal) => Promise<unknown> {
  const exchange = createExchange({
    clock, sessions: () => Promise.resolve(SESSION), timeoutMs: () => 1_000,
    turns: { lanes: createOwnLanes(clock), credentialOf: (server) => server, rateOf: () => ({}), onLongWait: (server) => told.push(server) },
  });
  return (server, signal) => exchange<RawReply>({ server, what: `${server}.x`, rule: RULE, limits: signal === undefined ? {} : { signal }, fault: () => null, ask: (one) => one.call("x", {}, { timeoutMs: 1 }) });
}

test("calls that wait for their turn for seconds are told of, in one line of their server for all of them, and again only after minutes", async () => {
  const clock = createFakeClock();
  const told: string[] = [];
  const ask = exchangeOn(clock, told);
  // Two in four seconds: the third begins after four, which is not worth a line.
  const calls = Array.from({ length: 3 }, () => ask("jira"));
  await clock.advance(10_000);
  await Promise.all(calls);
  expect(told).toEqual([]);
  const many = Array.from({ length: 200 }, () => ask("jira"));
  await clock.advance(4_999);
  expect(told).toEqual([]);
  await clock.advance(1);
  expect(told).toEqual(["jira"]);
  await clock.advance(290_000);
  const others = Array.from({ length: 9 }, () => ask("github"));
  await clock.advance(9_000);
  expect(told).toEqual(["jira", "github"]);
  await clock.advance(200_000);
  await Promise.all([...many, ...others]);
  void Array.from({ length: 9 }, () => ask("jira"));
  await clock.advance(5_000);
  expect(told).toEqual(["jira", "github", "jira"]);
});

test("one that does not wait any more is told of no more", async () => {
  const clock = createFakeClock();
  const told: string[] = [];
  const ask = exchangeOn(clock, told);
  const caller = new AbortController();
  const calls = Array.from({ length: 9 }, () => ask("jira", caller.signal));
  await clock.advance(4_000);
  caller.abort();
  await clock.advance(60_000);
  await Promise.all(calls);
  expect(told).toEqual([]);
  expect(clock.sleepers).toBe(0);
});
