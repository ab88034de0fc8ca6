import type { ErrorData } from "offstage/base";
import { expect, test } from "vitest";
import { createTerminal } from "../terminal.ts";
import { waitForServers } from "./wait-for-servers.ts";

/** A terminal that keeps what is noted, and a clock that stands still until `pass`. */
function world() {
  const texts: string[] = [];
  const stop = new AbortController();
  const patience = Promise.withResolvers<void>();
  const clock = { now: () => 0, sleep: (_ms: number, signal?: AbortSignal) => (signal?.addEventListener("abort", () => patience.resolve()), patience.promise) };
  const terminal = createTerminal({ stdout: { write: () => undefined }, stderr: { write: (text) => texts.push(text) }, noColor: true, redactor: { redact: (text) => text }, now: () => 0 });
  return { texts, stop, pass: () => patience.resolve(), io: { clock, terminal, signal: stop.signal } };
}

const TIMEOUT: ErrorData = { code: "SERVER_TIMEOUT", message: "it did not answer" };

test("who keeps a run waiting is told by name", async () => {
  const { texts, pass, io } = world();
  const slow = Promise.withResolvers<ErrorData | null>();
  const waiting = waitForServers(io, { connect: (server) => (server === "slow" ? slow.promise : Promise.resolve(null)) }, ["fast", "slow"]);
  pass();
  await expect.poll(() => texts).toEqual(["Waiting for slow to start …\n"]);
  slow.resolve(TIMEOUT);
  expect(await waiting).toEqual([{ server: "slow", error: TIMEOUT }]);
});

test("servers that start in time are not worth a word, and the clock is let go", async () => {
  const { texts, io } = world();
  expect(await waitForServers(io, { connect: () => Promise.resolve(null) }, ["a", "b"])).toEqual([]);
  await io.clock.sleep(0);
  expect(texts).toEqual([]);
});

test("Ctrl-C ends the waiting", async () => {
  const { stop, io } = world();
  const waiting = waitForServers(io, { connect: () => new Promise(() => undefined) }, ["slow"]);
  stop.abort();
  expect(await waiting).toEqual([]);
});
