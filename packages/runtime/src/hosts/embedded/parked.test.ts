import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { RunHandle, RunHost } from "../../host/index.ts";
import type { Program } from "../../program/index.ts";
import { bodyProgram, programOf } from "../../testing/compile-source.ts";
import { createHostWorld, type HostWorld, newsOf } from "../../testing/host-world.ts";

const CALL = { kind: "call" } as const;
const DAY = 86_400_000;
const NAP = bodyProgram('const a = await world.get({}); await once("1", () => world.send({ n: 1 })); await sleep("90d"); await once("2", () => world.send({ n: 2 })); return a;');

let world: HostWorld;
beforeEach(async () => { world = await createHostWorld({ get: () => world.called.length }); });
afterEach(() => world.close());

/** Each start a millisecond after the last one, so that there is an oldest. */
async function start(host: RunHost, program: Program): Promise<RunHandle> {
  await world.clock.advance(1);
  return host.start({ program, inputs: { any: "" }, event: CALL });
}

describe("a run that waits", () => {
  test("is parked, says for what and until when, and goes on with the next run that is driven after that", async () => {
    const host = world.host(1);
    const parked = await (await start(host, NAP)).finished;
    expect(parked).toMatchObject({ status: "parked", endedAt: null, output: null, error: null, waits: [{ kind: "sleep", step: "sleep#1", label: "sleep 90d", since: parked.startedAt, until: parked.startedAt + 90 * DAY }] });
    expect(newsOf(world, "run-parked")).toEqual(["test"]);
    await world.clock.advance(90 * DAY - 2);
    await (await start(host, bodyProgram("return 1;"))).finished;
    expect((await host.get(parked.id)).status).toBe("parked");
    await (await start(host, bodyProgram("return 2;"))).finished;
    expect(await host.get(parked.id)).toMatchObject({ status: "succeeded", output: 1, waits: [], startedAt: parked.startedAt, counts: { writes: 2 } });
    expect(world.called).toEqual(["get {}", 'send {"n":1}', 'send {"n":2}']);
  });

  test("is continued from where it is, and no sooner than its time", async () => {
    const host = world.host(1);
    const { id, finished } = await start(host, NAP);
    const parked = await finished;
    expect(await (await host.continue(id)).finished).toEqual(parked);
    await world.clock.advance(90 * DAY);
    const handle = await host.continue(id);
    expect(handle.id).toBe(id);
    expect(await handle.finished).toMatchObject({ id, status: "succeeded" });
    expect(world.called.filter((call) => call.startsWith("get"))).toHaveLength(1);
  });

  test("is gone on with by another process, of which one only does so", async () => {
    const { id } = await (await start(world.host(1), NAP)).finished;
    world.kill(1);
    await world.clock.advance(90 * DAY);
    const hosts = [world.host(2), world.host(3)];
    const handles = await Promise.all(hosts.map((host) => host.continue(id)));
    const [runs] = await Promise.all([Promise.all(handles.map((handle) => handle.finished)), world.clock.advance(1_000)]);
    expect(runs.map((run) => [run.id, run.status])).toEqual([[id, "succeeded"], [id, "succeeded"]]);
    expect(world.called).toEqual(["get {}", 'send {"n":1}', 'send {"n":2}']);
  });

  test("is resumed by several at once, and not begun anew by whom another was before", async () => {
    const { id } = await (await start(world.host(1), NAP)).finished;
    await world.clock.advance(90 * DAY);
    const host = world.host(2);
    const before = await host.get(id);
    expect(await (await host.resume(id)).finished).toMatchObject({ id, status: "succeeded" });
    expect(before.status).toBe("parked");
    expect(await (await host.resume(id)).finished).toMatchObject({ id, status: "succeeded" });
    expect(await world.runs()).toHaveLength(1);
    expect(world.called).toHaveLength(3);
    await expect(host.resume("nothing")).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
  });

  test("does not go on against another site: it stays as it is until the server speaks to the first one again", async () => {
    const { id } = await (await start(world.host(1), NAP)).finished;
    world.kill(1);
    await world.clock.advance(90 * DAY);
    const moved = world.host(2, { targetOf: () => "staging.test" });
    await expect((await moved.continue(id)).finished).rejects.toMatchObject({ code: "TARGET_CHANGED", message: expect.stringMatching(/began when world spoke to world\.test; it speaks to staging\.test now/) as string });
    await (await start(moved, bodyProgram("return 1;"))).finished;
    await moved.close();
    expect(await (await world.host(3).continue(id)).finished).toMatchObject({ id, status: "succeeded" });
    expect(world.called).toEqual(["get {}", 'send {"n":1}', 'send {"n":2}']);
  });

  test("can be ended there all the same", async () => {
    const { id } = await (await start(world.host(1), NAP)).finished;
    world.kill(1);
    const moved = world.host(2, { targetOf: () => "staging.test" });
    await moved.cancel(id);
    expect(await moved.get(id)).toMatchObject({ status: "cancelled" });
  });

  test("ends cancelled when a person says so, and does nothing more", async () => {
    const host = world.host(1);
    const { id } = await (await start(host, NAP)).finished;
    await world.clock.advance(91 * DAY);
    await host.cancel(id);
    expect(await host.get(id)).toMatchObject({ status: "cancelled", waits: [] });
    expect(world.called).not.toContain('send {"n":2}');
    expect(await world.store.transact({ durable: false }, (tx) => tx.listWaits({ limit: 9 }))).toEqual([]);
  });

  test("is not given time by a clock that is put back while it works", async () => {
    await world.close();
    let back = 0;
    world = await createHostWorld({ get: () => (back = 3_600_000) });
    const { clock } = world;
    const host = world.host(1, { clock: { now: () => clock.now() - back, sleep: (ms, signal) => clock.sleep(ms, signal) } });
    expect(await (await start(host, NAP)).finished).toMatchObject({ status: "parked", drivenMs: 0 });
  });

  test("does not count its waiting into limits.duration, but all of its working", async () => {
    await world.close();
    world = await createHostWorld({ get: () => world.clock.advance(40_000).then(() => null) });
    const limited = (body: string): Program => programOf(`import { sleep, workflow } from "offstage"; import { world } from "#servers"; export default workflow({ name: "limited", on: [], inputs: { any: "" }, limits: { duration: "1m" } }, async () => { ${body} });`);
    const host = world.host(1);
    const fine = await (await start(host, limited('await world.get({}); await sleep("1d"); return 1;'))).finished;
    const long = await (await start(host, limited('await world.get({ n: 1 }); await sleep("1d"); await world.get({ n: 2 }); await world.get({ n: 3 });'))).finished;
    await world.clock.advance(DAY);
    expect(await (await host.continue(fine.id)).finished).toMatchObject({ status: "succeeded", drivenMs: 40_000 });
    expect(await host.get(long.id)).toMatchObject({ status: "failed", error: { code: "LIMIT_DURATION" } });
    expect(world.called.filter((call) => call.includes("3"))).toEqual([]);
  });
});

describe("a plan with waits", () => {
  const planned = { program: NAP, inputs: {}, event: CALL, cancelled: new AbortController().signal };

  test("shows what is written before and after, waits for nothing, and its apply waits", async () => {
    const host = world.host(1);
    const { plan, run } = await host.plan(planned);
    expect([run.status, plan.effects.map(({ label }) => label)]).toEqual(["planned", ["once 1", "once 2"]]);
    const applied = await (await host.apply(plan.id, NAP)).finished;
    expect(applied).toMatchObject({ phase: "apply", status: "parked", waits: [{ until: applied.startedAt + 90 * DAY }] });
    expect(world.called).toEqual(["get {}", 'send {"n":1}']);
    // The same command again goes on with it, once its time has come.
    expect((await (await host.apply(plan.id, NAP)).finished).status).toBe("parked");
    await world.clock.advance(90 * DAY);
    expect((await (await host.apply(plan.id, NAP)).finished).status).toBe("succeeded");
    expect(world.called).toEqual(["get {}", 'send {"n":1}', 'send {"n":2}']);
    await expect(host.apply(plan.id, NAP)).rejects.toMatchObject({ code: "PLAN_APPLIED" });
  });
});
