import { afterEach, beforeEach, expect, test } from "vitest";
import { createRedactor } from "../base/index.ts";
import { programOf } from "../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../testing/host-world.ts";
import { askRunToEnd, callRun, type RunCall } from "./index.ts";

let world: HostWorld;
beforeEach(async () => { world = await createHostWorld(); });
afterEach(() => world.close());

const program = programOf(`import { once, workflow } from "offstage"; import { world } from "#servers";
export default workflow({ name: "greet", on: [], inputs: { who: "you" } }, async ({ inputs, run }) => { await once.perRun(() => world.send({ who: inputs.who })); return run.id; });`);
const whereProgram = programOf(`import { workflow } from "offstage"; export default workflow({ name: "where", on: [], inputs: { where: {} } }, async ({ run }) => run.id);`);
const call = (given: Partial<RunCall> = {}): ReturnType<typeof callRun> => callRun(world.store, world.environment(), { program, inputs: {}, sweep: false, by: "ci", key: "k1", ...given });
const runs = (): Promise<readonly string[]> => world.store.transact({ durable: false }, async (tx) => (await tx.listRuns({ limit: 9 })).map(({ id }) => id));

test("a call starts one run for each key of a caller, however often it comes; whoever drives the store goes on with it", async () => {
  const first = await call();
  expect(first).toMatchObject({ again: false, run: { status: "queued", event: { kind: "call", by: "ci" }, inputs: { who: "you" } } });
  expect(await Promise.all([call(), call()])).toMatchObject([{ again: true, run: { id: first.run.id } }, { again: true, run: { id: first.run.id } }]);
  expect(await runs()).toEqual([first.run.id]);
  await world.host(1).work();
  expect(world.called).toEqual(['send {"who":"you"}']);
  expect(await call()).toMatchObject({ again: true, run: { id: first.run.id, status: "succeeded" } });
  for (const other of [{ by: "ada" }, { key: "k2" }, { key: null }, { key: null }]) expect(await call(other)).toMatchObject({ again: false });
  expect(await runs()).toHaveLength(5);
});

test("a key that came with other inputs is refused, and so are inputs that hold a secret or do not fit", async () => {
  const { run } = await call();
  await expect(call({ inputs: { who: "Kim" } })).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED", message: expect.stringContaining(run.id) as string });
  await expect(call({ sweep: true })).rejects.toMatchObject({ code: "IDEMPOTENCY_KEY_REUSED" });
  await expect(call({ key: null, inputs: { nobody: 1 } })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  for (const who of ["\ud800", "a\udfffb"]) await expect(call({ key: null, inputs: { who } })).rejects.toMatchObject({ code: "INPUT_INVALID", message: "The input who holds half of a surrogate pair, which is no character." });
  for (const where of [["\ud800"], { "\ud800": 1 }]) await expect(callRun(world.store, world.environment(), { program: whereProgram, inputs: { where }, sweep: false, by: "ci", key: null })).rejects.toMatchObject({ code: "INPUT_INVALID" });
  const redactor = createRedactor();
  redactor.register("a-long-enough-secret", "s");
  await expect(callRun(world.store, world.environment({ redactor }), { program, inputs: { who: "a-long-enough-secret" }, sweep: false, by: "ci", key: null })).rejects.toMatchObject({ code: "SECRET_IN_INPUT" });
  expect(await runs()).toEqual([run.id]);
});

test("a run that waits for its turn is asked to end by whoever has the store, and does not begin", async () => {
  const { run } = await call();
  expect(await askRunToEnd(world.store, run.id)).toMatchObject({ status: "queued", error: { code: "CANCELLED" } });
  await world.host(1).work();
  expect(world.called).toEqual([]);
  expect(await askRunToEnd(world.store, run.id)).toMatchObject({ status: "cancelled" });
  await expect(askRunToEnd(world.store, "none")).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
});
