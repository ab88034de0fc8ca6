import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createTurns } from "../effects/index.ts";
import type { Run } from "../model/index.ts";
import { hashProgram, type Program } from "../program/index.ts";
import { bodyProgram } from "../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../testing/host-world.ts";
import { sampleLease, sampleRun } from "../testing/store-samples.ts";
import { type Executed, executeProgram, type Execution, storeEnd } from "./execute.ts";
import { commitStates, createStates } from "./states.ts";

let world: HostWorld;
beforeEach(async () => {
  world = await createHostWorld();
});
afterEach(() => world.close());

const COUNT = bodyProgram("const n = await counter.get(); await counter.set(n + 1); await perOwner.of(inputs.any).set(inputs.any); return n;", 'const counter = state("counter", 0); const perOwner = state("owner", "");');

function executionOf(id: string, program: Program = COUNT, run: Partial<Run> = {}): Execution {
  return {
    store: world.store, environment: world.environment(), turns: createTurns(), program, plan: null, rows: [], epoch: 1, fence: null, lost: new AbortController().signal, cancelled: new AbortController().signal,
    run: sampleRun({ id, rootRunId: id, scope: "test", workflow: "test", programHash: hashProgram(program), inputs: { any: id }, ...run }),
  };
}

function stateOf(name: string, key = ""): Promise<{ readonly value: unknown; readonly version: number }> {
  return createStates(world.store).get("test", name, key);
}

async function drive(execution: Execution): Promise<Executed> {
  return executeProgram(execution);
}

describe("the states of a workflow", () => {
  test("are undefined at version 0 until a run committed them, and are kept by key", async () => {
    expect(await stateOf("counter")).toEqual({ value: undefined, version: 0 });
    const execution = executionOf("a");
    const run = await storeEnd(execution, await drive(execution));
    expect(run).toMatchObject({ status: "succeeded", output: 0 });
    expect(await stateOf("counter")).toEqual({ value: 1, version: 1 });
    expect(await stateOf("owner", "a")).toEqual({ value: "a", version: 1 });
    expect(await stateOf("owner", "b")).toEqual({ value: undefined, version: 0 });
  });

  test("of two runs that race, the first to end commits; the other fails with STATE_CONFLICT and commits nothing", async () => {
    const [one, other] = [executionOf("a"), executionOf("b")];
    const [first, second] = await Promise.all([drive(one), drive(other)]);
    expect((await storeEnd(other, second)).status).toBe("succeeded");
    const lost = await storeEnd(one, first);
    expect(lost).toMatchObject({ status: "failed", error: { code: "STATE_CONFLICT", message: expect.stringContaining("the state counter ") as string, hint: expect.stringContaining("again") as string } });
    expect(await world.store.transact({ durable: false }, (tx) => tx.getRun("a"))).toEqual(lost);
    expect(await stateOf("counter")).toEqual({ value: 1, version: 1 });
    expect((await stateOf("owner", "a")).version).toBe(0);
    // The loser starts again and reads the new value.
    const again = executionOf("c");
    expect(await storeEnd(again, await drive(again))).toMatchObject({ status: "succeeded", output: 1 });
  });

  test("what came between a run's get and its set is not overwritten", async () => {
    const program = bodyProgram('const n = await counter.get(); log("read"); await counter.set(n + 1);', 'const counter = state("counter", 0);');
    const meanwhile = (): void => void world.store.transact({ durable: true }, (tx) => tx.putState("test", "counter", "", "7", 0));
    const execution = { ...executionOf("a", program), environment: world.environment({ news: ({ kind }) => kind === "log" && meanwhile() }) };
    expect(await storeEnd(execution, await drive(execution))).toMatchObject({ status: "failed", error: { code: "STATE_CONFLICT" } });
    expect(await stateOf("counter")).toEqual({ value: 7, version: 1 });
  });

  test("a conflict names the key of a state that has one", async () => {
    const staged = [{ name: "owner", key: "acme", value: "x", version: 3 }];
    await expect(world.store.transact({ durable: true }, (tx) => commitStates(tx, "test", staged))).rejects.toMatchObject({ code: "STATE_CONFLICT", message: expect.stringContaining("owner.of(acme)") as string });
  });

  test("what a run staged is dropped when it failed, was partial, or holds a write", async () => {
    const set = 'const counter = state("counter", 0);';
    const bodies = {
      failed: 'await counter.set(1); throw fail("no");',
      partial: 'await counter.set(1); await each(["x"], { key: (x) => x, onError: "continue" }, async (x) => { throw fail(x); });',
    };
    for (const [status, body] of Object.entries(bodies)) {
      const execution = executionOf(status, bodyProgram(body, set));
      expect((await storeEnd(execution, await drive(execution))).status).toBe(status);
    }
    // A write needs the store's lease.
    const fence = await world.store.transact({ durable: true }, async (tx) => {
      const lease = sampleLease(await tx.nextFence());
      await tx.putLease(lease);
      return lease.fence;
    });
    const held = { ...executionOf("held", bodyProgram('await counter.set(1); await once("k", () => world.send({}));', set)) };
    const pending = { ...held, fence, environment: world.environment({ policy: { ...held.environment.policy, rules: [{ verdict: "approve" }] } }) };
    expect((await storeEnd(pending, await drive(pending))).status).toBe("pending");
    expect((await stateOf("counter")).version).toBe(0);
  });
});

test("a run that began under other semantics is not interpreted", async () => {
  await expect(executeProgram(executionOf("a", { ...COUNT, semantics: 99 as Program["semantics"] }))).rejects.toMatchObject({ code: "NOT_YET", message: expect.stringContaining("semantics 99") as string, hint: expect.any(String) as string });
});
