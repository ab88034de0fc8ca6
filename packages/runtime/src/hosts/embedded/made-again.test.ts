import { afterEach, beforeEach, expect, test } from "vitest";
import { DEFAULT_POLICY, type Run } from "../../model/index.ts";
import type { Store } from "../../state/index.ts";
import { bodyProgram, programOf } from "../../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../../testing/host-world.ts";

// A store makes a transaction again when one that it commits together with others fails, or when the server asks for it: what it did besides the store must not be done twice, nor be lost.

let world: HostWorld;
let down = false;
beforeEach(async () => { world = await createHostWorld({ get: () => ({ n: world.called.length }) }); });
afterEach(() => world.close());

/** Each transaction is made, taken back and made again. */
function again(): Store {
  const back = new Error("taken back");
  return {
    ...world.store,
    async transact(how, body) {
      await world.store.transact(how, async (tx) => { await body(tx); throw back; }).catch((error: unknown) => { if (error !== back) throw error; });
      return world.store.transact(how, body);
    },
  };
}

test("a run whose transactions are all made again writes once, keeps what it completed and counts its writes once", async () => {
  const program = programOf(`import { once, sleep, workflow } from "offstage"; import { world } from "#servers";
export default workflow({ name: "test", on: [], limits: { writes: 2 } }, async () => { const n = await once("a", async () => { await world.send({ n: 1 }); return world.get({}); }); await sleep("1h"); await once("b", () => world.send({ n: 2 })); return n; });`);
  const host = world.host(1, {}, again());
  const parked = await (await host.start({ program, inputs: {}, event: { kind: "call" } })).finished;
  expect(parked.status).toBe("parked");
  await world.clock.advance(3_600_000);
  await host.work();
  const [run, ...others] = await world.runs();
  expect([run?.status, run?.output, run?.counts.writes, others]).toEqual(["succeeded", { n: 2 }, 2, []]);
  expect(world.called).toEqual(['send {"n":1}', "get {}", 'send {"n":2}']);
  const effects = await world.store.transact({ durable: false, reads: true }, (tx) => tx.listEffects({ limit: 9 }));
  expect(effects.map(({ attempt, status, completion }) => [attempt, status, completion !== null])).toEqual([[1, "done", true], [1, "done", true]]);
});

test("what its end makes of it is made once: one try, one question, one run that goes on", async () => {
  const program = bodyProgram('await each(["a", "b"], { key: (x) => x, onError: "continue" }, async (x) => { if (x === "a") await once(x, () => world.create({})); else await once(x, () => world.send({})); });');
  const { calls } = world.environment();
  down = true;
  const host = world.host(1, { retryMs: 86_400_000, policy: { ...DEFAULT_POLICY, rules: [{ verdict: "approve", tool: "send" }] }, calls: { ...calls, call: (...asked) => (down ? Promise.resolve({ kind: "error", error: { code: "SERVER_UNREACHABLE", message: "" }, refused: true, gone: false }) : calls.call(...asked)) } }, again());
  await (await host.start({ program, inputs: {}, event: { kind: "queue", body: 1, attempt: 1 } })).finished;
  const statuses = async (): Promise<readonly Run["status"][]> => (await world.runs()).map(({ status }) => status);
  expect(await statuses()).toEqual(["parked", "pending"]);
  expect(await world.store.transact({ durable: false, reads: true }, async (tx) => [(await tx.listRequests({ limit: 9 })).length, (await tx.listWaits({ limit: 9 })).length])).toEqual([1, 1]);
  down = false;
  await world.clock.advance(60_000);
  await host.work();
  expect([await statuses(), world.called]).toEqual([["pending", "pending"], ["create {}"]]);
});
