import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { ErrorData } from "../base/index.ts";
import { DEFAULT_POLICY, type Run, type RunEvent } from "../model/index.ts";
import { hashProgram, type Program } from "../program/index.ts";
import { bodyProgram } from "../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../testing/host-world.ts";
import { newRun } from "./new-run.ts";
import type { RunHost } from "./run-host.ts";

const MINUTE = 60_000;
const DAY_MS = 1_440 * MINUTE;
const EVENT: RunEvent = { kind: "webhook", source: "shop", headers: {}, body: { n: 1 } };
/** A write that is no other run's, a read, and a write that is made once for ever. */
const BOTH = bodyProgram('await once.perRun(() => world.send({ text: "first" })); await world.get({}); await once("k", () => world.send({ text: "last" })); return "done";');

let world: HostWorld;
/** What the servers are, when they are asked. */
let down: ErrorData | null;
beforeEach(async () => {
  world = await createHostWorld();
  down = { code: "SERVER_UNREACHABLE", message: "nothing listens there" };
});
afterEach(() => world.close());

function hostOf(pid: number, retryMs = DAY_MS, only?: "writes"): RunHost {
  const { calls } = world.environment();
  return world.host(pid, {
    retryMs,
    calls: {
      ...calls,
      call: (...asked) => (down === null || (only === undefined && asked[2] !== null && JSON.stringify(asked[2]).includes("first")) ? calls.call(...asked) : Promise.resolve({ kind: "error", error: down, refused: true, gone: false })),
      read: (asked) => (down === null || only === "writes" ? calls.read(asked) : Promise.resolve({ kind: "error", error: down, gone: false })),
    },
  });
}

const begin = async (host: RunHost, event: RunEvent = EVENT, program: Program = BOTH): Promise<Run> => (await host.start({ program, inputs: {}, event })).finished;
const statuses = async (): Promise<readonly string[]> => (await world.runs()).map(({ status }) => status).toSorted();
const parked = async (): Promise<Run | undefined> => (await world.runs()).find(({ status }) => status === "parked");

/** Minutes at which something was tried, over so many. */
async function triesWithin(host: RunHost, minutes: number): Promise<readonly number[]> {
  const tries: number[] = [];
  for (let minute = 1; minute <= minutes; minute++) {
    const before = (await world.runs()).filter(({ status }) => status !== "parked").length;
    await world.clock.advance(MINUTE);
    await host.work();
    if ((await world.runs()).filter(({ status }) => status !== "parked").length > before) tries.push(minute);
  }
  return tries;
}

describe("a run that an event started and that could not have a server", () => {
  test("is tried again after a minute, then after twice as long each time, up to an hour, and ends when the server is back: what it wrote is not written again", async () => {
    const host = hostOf(1);
    await host.lead();
    const first = await begin(host);
    expect(first).toMatchObject({ status: "failed", error: { code: "SERVER_UNREACHABLE" } });
    expect(await triesWithin(host, 200)).toEqual([1, 3, 7, 15, 31, 63, 123, 183]);
    down = null;
    expect(await triesWithin(host, 60)).toEqual([43]);
    expect(world.called).toEqual(['send {"text":"first"}', "get {}", 'send {"text":"last"}']);
    const last = (await world.runs()).find(({ status }) => status === "succeeded");
    expect(last).toMatchObject({ output: "done", event: EVENT, rootRunId: first.id });
    expect((last?.startedAt ?? 0) - (last?.createdAt ?? 0)).toBe(60 * MINUTE);
    expect(await triesWithin(host, 120)).toEqual([]);
  });

  test.each(["SERVER_UNREACHABLE", "EFFECT_LATE"] as const)("writes what could not be sent, once: %s", async (code) => {
    down = { code, message: "" };
    const host = hostOf(1, DAY_MS, "writes");
    await host.lead();
    expect((await begin(host)).error?.code).toBe(code);
    expect(await triesWithin(host, 1)).toEqual([1]);
    down = null;
    expect(await triesWithin(host, 2)).toEqual([2]);
    expect(world.called.filter((call) => call.startsWith("send"))).toEqual(['send {"text":"first"}', 'send {"text":"last"}']);
    expect(await statuses()).toEqual(["failed", "failed", "succeeded"]);
  });

  test("waits in the store from the moment of its failure, for whoever drives it then", async () => {
    await begin(hostOf(1));
    world.kill(1);
    expect(await statuses()).toEqual(["failed", "parked"]);
    down = null;
    await world.clock.advance(MINUTE);
    await hostOf(2).work();
    expect(await statuses()).toEqual(["failed", "succeeded"]);
  });

  test("keeps its turn: later events of its key wait until it is at its end", async () => {
    const run = newRun({ id: "r", workflow: "test", scope: "test", programHash: hashProgram(BOTH), phase: "run", inputs: {}, event: EVENT, sweep: false, turn: "one", now: world.clock.now() });
    await world.store.transact({ durable: true }, async (tx) => {
      await tx.putProgram(run.programHash, BOTH);
      await tx.putRun(run);
    });
    await hostOf(1).work();
    expect(await statuses()).toEqual(["failed", "parked"]);
    expect(await world.store.transact({ durable: false }, (tx) => tx.goingRun("test", "one"))).toBe((await parked())?.id);
  });

  test("is not tried again beyond its time, and one of another failure not at all", async () => {
    const host = hostOf(1, 10 * MINUTE);
    await host.lead();
    await begin(host);
    expect(await triesWithin(host, 60)).toEqual([1, 3, 7]);
    down = { code: "READ_FAILED", message: "there is no such project" };
    await begin(host);
    down = { code: "SERVER_TIMEOUT", message: "it does not answer" };
    await begin(host, { kind: "call" });
    expect(await statuses()).toEqual(Array.from({ length: 6 }, () => "failed"));
    expect(await triesWithin(hostOf(2, 0), 60)).toEqual([]);
  });

  test("is not tried again when somebody asked for its end while the call that failed was under way", async () => {
    const { calls } = world.environment();
    const host = world.host(1, { retryMs: DAY_MS, calls: { ...calls, async call() { await host.askToEnd((await world.runs())[0]?.id ?? ""); return { kind: "error", error: { code: "SERVER_UNREACHABLE", message: "" }, refused: true, gone: false }; } } });
    await host.lead();
    expect(await begin(host)).toMatchObject({ status: "cancelled", error: { code: "SERVER_UNREACHABLE" } });
    expect(await statuses()).toEqual(["cancelled"]);
  });

  test("is tried again also when another item of it waits for a person, whom nobody asks twice", async () => {
    const program = bodyProgram('await each(["a", "b"], { key: (x) => x, onError: "continue" }, async (x) => { if (x === "a") { await world.get({}); await once(x, () => world.create({})); } else await once(x, () => world.send({})); });');
    const { calls } = world.environment();
    const host = world.host(1, { retryMs: DAY_MS, policy: { ...DEFAULT_POLICY, rules: [{ verdict: "approve", tool: "send" }] }, calls: { ...calls, read: (asked) => (down === null ? calls.read(asked) : Promise.resolve({ kind: "error", error: down, gone: false })) } });
    await host.lead();
    expect((await begin(host, EVENT, program)).status).toBe("pending");
    down = null;
    expect(await triesWithin(host, 3)).toEqual([1]);
    expect([world.called, await statuses()]).toEqual([["get {}", "create {}"], ["pending", "pending"]]);
    expect(await world.store.transact({ durable: false, reads: true }, (tx) => tx.listRequests({ limit: 9 }))).toHaveLength(1);
  });

  test("can be ended while it waits", async () => {
    const host = hostOf(1);
    await host.lead();
    await begin(host);
    const waiting = await parked();
    expect(waiting?.waits).toMatchObject([{ kind: "sleep", until: world.clock.now() + MINUTE }]);
    await host.cancel(waiting?.id ?? "");
    expect(await statuses()).toEqual(["cancelled", "failed"]);
    expect(await triesWithin(host, 5)).toEqual([]);
  });
});
