import { afterEach, beforeEach, expect, test } from "vitest";
import { createRedactor } from "../../base/index.ts";
import { bringEvent, type Environment, keepArrival, type ServedWorkflow, serveWorkflow, serveWorkflows } from "../../host/index.ts";
import { DEFAULT_POLICY, type Policy } from "../../model/index.ts";
import { bodyProgram, programOf } from "../../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../../testing/host-world.ts";
import { sampleRun } from "../../testing/store-samples.ts";

const DAY = 86_400_000;
const CALL = { kind: "call" } as const;
const DRY = { dryRun: true } as const;
const SEND = bodyProgram('const n = await world.get({}); await once("1", () => world.send({ n })); return n;');

let world: HostWorld;
beforeEach(async () => { world = await createHostWorld({ get: () => 7 }); });
afterEach(() => world.close());

const start = async (pid: number, program = SEND, changed: Parameters<HostWorld["host"]>[1] = DRY): Promise<unknown> => (await world.host(pid, changed).start({ program, inputs: {}, event: CALL })).finished;

/** Serves for a while, then ends as a killed process does. */
async function serveFor(pid: number, environment: Environment, served: ServedWorkflow): Promise<void> {
  const stop = new AbortController();
  const serving = serveWorkflows({ store: world.store, host: world.host(pid, environment), environment, workflows: () => [served], sources: [], news: () => undefined, stopping: stop.signal });
  await world.clock.advance(10_000);
  stop.abort();
  await Promise.all([serving, world.clock.advance(1)]);
  world.kill(pid);
}

test("a dry run reads, writes nothing, and keeps what it would have written", async () => {
  const run = await start(1);
  expect(run).toMatchObject({ status: "planned", phase: "plan", output: 7, counts: { writes: 0 } });
  expect(world.called).toEqual(["get {}"]);
  const [plan, effects] = await world.store.transact({ durable: false, reads: true }, async (tx) => [await tx.getPlan((run as { readonly id: string }).id), await tx.listEffects({ limit: 9 })]);
  expect(plan?.plan.effects.map(({ label, args }) => [label, args.value])).toEqual([["once 1", { n: 7 }]]);
  expect(effects).toEqual([]);
});

test("it asks nobody, waits for nothing and keeps no state", async () => {
  const policy: Policy = { ...DEFAULT_POLICY, rules: [{ verdict: "approve" }] };
  const program = programOf(`import { workflow, state, once, sleep, approve } from "offstage"; import { world } from "#servers";
    const seen = state("seen", 0);
    export default workflow({ name: "test", on: [] }, async () => { await seen.set(1); await sleep("90d"); const said = await approve({ message: "sure?" }); if (said.outcome === "approved") await once("1", () => world.send({})); return 1; });`);
  expect(await start(1, program, { ...DRY, policy })).toMatchObject({ status: "planned", waits: [] });
  const kept = await world.store.transact({ durable: false, reads: true }, async (tx) => [await tx.listRequests({ limit: 9 }), await tx.listWaits({ limit: 9 }), await tx.getState("test", "seen", "")]);
  expect(kept).toEqual([[], [], null]);
});

const TRIGGERED = programOf('import { workflow, once, queue } from "offstage"; import { world } from "#servers"; export default workflow({ name: "test", on: [queue("jobs")] }, async () => { await once("1", () => world.send({})); });');

/** A message is in the store before the dry run begins. */
async function messageCame(): Promise<{ readonly environment: Environment; readonly served: ServedWorkflow }> {
  const environment = world.environment(DRY);
  const served = await serveWorkflow(TRIGGERED, environment);
  const [trigger] = served.triggers;
  if (trigger === undefined) throw new Error("no trigger");
  const came = { event: { kind: "queue", body: 1, attempt: 1 }, id: "m1", dueAt: 0 } as const;
  await world.store.transact({ durable: true }, (tx) => keepArrival(tx, { ...served, formerly: null }, trigger, came, world.clock.now()));
  return { environment, served };
}

test("an event is taken by a dry run, and no run of it writes when the dry run is over", async () => {
  const { environment, served } = await messageCame();
  await serveFor(1, environment, served);
  expect((await world.runs()).map(({ status, phase, event }) => [status, phase, event.kind])).toEqual([["planned", "plan", "queue"]]);
  await serveFor(2, world.environment(), served);
  expect(await world.runs()).toHaveLength(1);
  expect(world.called).toEqual([]);
});

test("an event is taken however many runs wait that began for real", async () => {
  const { environment, served } = await messageCame();
  const real = Array.from({ length: 129 }, (_, n) => sampleRun({ id: `real ${n}`, workflow: "other", status: "queued" }));
  await world.store.transact({ durable: true }, async (tx) => { for (const run of real) await tx.putRun(run); });
  await serveFor(1, environment, served);
  expect((await world.runs()).filter(({ workflow }) => workflow === "test").map(({ status }) => status)).toEqual(["planned"]);
});

test.each([["replace", ["parked 2", "cancelled 1"], "started"], ["skip", ["parked 1"], "dropped"]] as const)("an event behind a run that began for real waits until the dry run is over, and is decided about then: %s", async (overlap, runs, becomes) => {
  const real = world.environment();
  const served = await serveWorkflow(programOf(`import { workflow, once, queue, sleep } from "offstage"; import { world } from "#servers"; export default workflow({ name: "test", on: [queue("jobs", { overlap: "${overlap}" })] }, async ({ event }) => { await sleep("1h"); if (event?.kind === "queue") await once(String(event.body), () => world.send({ n: event.body })); });`), real);
  const came = (n: number): Promise<unknown> => bringEvent(world.store, { ...real, redactor: createRedactor() }, [served], { topic: "queue:jobs", id: `${n}`, event: { kind: "queue", body: n, attempt: 1 } });
  const brief = async (): Promise<readonly string[]> => (await world.runs()).map(({ status, phase, event }) => `${phase === "run" ? status : phase} ${event.kind === "queue" ? String(event.body) : ""}`);
  const second = async (): Promise<string | undefined> => (await world.store.transact({ durable: false, reads: true }, (tx) => tx.getArrival("test", "queue:jobs", "2")))?.status;
  await came(1);
  await serveFor(1, real, served);
  await came(2);
  await serveFor(2, world.environment(DRY), served);
  expect([await brief(), await second()]).toEqual([["parked 1"], "waiting"]);
  await serveFor(3, real, served);
  expect([await brief(), await second()]).toEqual([runs, becomes]);
});

test("sweeps, starts and questions of a dry run leave all that is known as it is: no witness, no run, nobody asked, and what real runs wait for still waits", async () => {
  let listed: readonly string[] = ["a", "b"];
  await world.close();
  world = await createHostWorld({ list: () => listed.map((id) => ({ id })), search: () => [], create: ({ id }) => ({ key: id ?? null }) });
  const program = programOf(`import { each, record, start, workflow } from "offstage"; import { world } from "#servers"; import later from "./later.ts";
    const ticket = record("ticket", { identity: (it: any) => it.id, find: async (it: any) => world.search({ id: it.id }), create: (it: any) => world.create({ id: it.id }), keep: (t: any) => ({ key: t.key }), release: (kept: any) => world.remove({ key: kept.key }) });
    export default workflow({ name: "test", on: [] }, async () => {
      await each(await world.list({}) as any, { key: (it: any) => it.id }, async (it: any) => { await ticket.ensure(it); });
      await start(later, "k", {});
    });`, "checked", { later: 'import { approve, workflow } from "offstage"; export default workflow({ name: "later", on: [] }, async () => (await approve({ message: "Go?" })).outcome);' });
  const sweep = async (pid: number, changed: Parameters<HostWorld["host"]>[1]): Promise<string> => {
    await world.clock.advance(3_600_000);
    const host = world.host(pid, changed);
    const { status } = await (await host.start({ program, inputs: {}, event: CALL, sweep: true })).finished;
    await host.work();
    return status;
  };
  const known = async (): Promise<unknown> => world.store.transact({ durable: false, reads: true }, async (tx) => [
    (await tx.listRuns({ limit: 99 })).filter(({ phase }) => phase === "run"), await tx.listBindings({ limit: 9 }), await tx.listEffects({ limit: 99 }), await tx.listWaits({ limit: 9 }), await tx.listRequests({ limit: 9 }),
  ]);
  expect(await sweep(1, {})).toBe("succeeded");
  listed = ["b", "c"];
  const before = await known();
  const calls = world.called.length;
  for (let pid = 2; pid < 5; pid++) expect(await sweep(pid, DRY)).toBe("planned");
  expect(await known()).toEqual(before);
  expect(world.called.slice(calls).filter((call) => !/^(list|search)/.test(call))).toEqual([]);
  // One sweep misses, the next one releases: none of the dry ones was a witness.
  for (const [pid, made] of [[5, ['create {"id":"c"}']], [6, ['remove {"key":"a"}']]] as const) {
    const from = world.called.length;
    expect(await sweep(pid, {})).toBe("succeeded");
    expect(world.called.slice(from).filter((call) => !/^(list|search)/.test(call))).toEqual(made);
  }
  expect((await world.runs()).filter(({ workflow }) => workflow === "later").map(({ status, waits }) => [status, waits[0]?.kind])).toEqual([["parked", "approval"]]);
});

test("one that was killed in it goes on dry, whoever goes on with it", async () => {
  const asked: string[] = [];
  await world.close();
  world = await createHostWorld({ get: () => { asked.push("get"); if (asked.length === 1) world.kill(1); return 7; } });
  void world.host(1, DRY).start({ program: SEND, inputs: {}, event: CALL });
  await world.clock.advance(1);
  while (asked.length === 0) await new Promise(setImmediate);
  await world.host(2).work();
  expect((await world.runs()).map(({ status }) => status)).toEqual(["planned"]);
  expect(world.called.filter((call) => call.startsWith("send"))).toEqual([]);
});

test("what began for real stays as it is in a dry run, and goes on after it", async () => {
  const nap = bodyProgram('await sleep("1d"); await once("1", () => world.send({}));');
  const parked = await (await world.host(1).start({ program: nap, inputs: {}, event: CALL })).finished;
  world.kill(1);
  await world.clock.advance(DAY);
  const dry = world.host(2, DRY);
  await dry.work();
  expect((await dry.get(parked.id)).status).toBe("parked");
  await expect(dry.resume(parked.id).then(({ finished }) => finished)).rejects.toMatchObject({ code: "DRY_RUN" });
  expect((await dry.get(parked.id)).status).toBe("parked");
  await dry.close();
  await world.clock.advance(60_000);
  await world.host(3).work();
  expect(world.called).toEqual(["send {}"]);
});

test("a plan is not applied in a dry run; one of a dry run may be, after it and as long as any", async () => {
  const { id } = await start(1) as { readonly id: string };
  await expect(world.host(1, DRY).apply(id, SEND)).rejects.toMatchObject({ code: "DRY_RUN" });
  expect(await (await world.host(1).apply(id, SEND)).finished).toMatchObject({ status: "succeeded", counts: { writes: 1 } });
  expect(world.called).toEqual(["get {}", 'send {"n":7}']);
});
