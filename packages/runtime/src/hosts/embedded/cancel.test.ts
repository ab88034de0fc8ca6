import { afterEach, describe, expect, test } from "vitest";
import type { RunHandle, RunHost } from "../../host/index.ts";
import type { Program } from "../../program/index.ts";
import { bodyProgram } from "../../testing/compile-source.ts";
import { CALL, READ, SEND, startIn } from "../../testing/host-runs.ts";
import { createHostWorld, type HostTool, type HostWorld } from "../../testing/host-world.ts";

let world: HostWorld;
afterEach(() => world.close());

async function begin(tools: { readonly [tool: string]: HostTool } = {}): Promise<void> {
  world = await createHostWorld(tools);
}

const start = (host: RunHost, program: Program, any = ""): Promise<RunHandle> => startIn(world, host, program, any);

describe("cancel", () => {
  test("holds although the process dies before the run has ended: the next one ends it, and begins no write", async () => {
    await begin({ send: () => new Promise<null>(() => undefined) });
    const host = world.host(1);
    const program = bodyProgram('await once("1", () => world.send({})); await once("2", () => world.comment({}));');
    const { id } = await start(host, program);
    await world.clock.advance(0);
    await host.cancel(id);
    world.kill(1);
    const next = world.host(2);
    await (await start(next, READ)).finished;
    expect(await next.get(id)).toMatchObject({ status: "cancelled", error: { code: "CANCELLED" } });
    expect(world.called).not.toContain("comment {}");
  });

  test("stops new effects and lets the one in flight settle", async () => {
    const answer = Promise.withResolvers<null>();
    await begin({ send: () => answer.promise });
    const host = world.host(1);
    const { id, finished } = await start(host, bodyProgram('await once("1", () => world.send({})); await once("2", () => world.comment({}));'));
    await world.clock.advance(0);
    await host.cancel(id);
    answer.resolve(null);
    expect(await finished).toMatchObject({ status: "cancelled", error: { code: "CANCELLED" }, counts: { writes: 1 } });
    expect(world.called).toEqual(["send {}"]);
    const effects = await world.store.transact({ durable: false }, (tx) => tx.listEffects({ runId: id, limit: 9 }));
    expect(effects.map((effect) => effect.status)).toEqual(["done"]);
  });

  test("by another process holds although the run is just about to be parked", async () => {
    let other: RunHost | null = null;
    await begin({ get: async () => { await other?.askToEnd(id); return null; } });
    other = world.host(2);
    const { id, finished } = await start(world.host(1), bodyProgram('await world.get({}); await sleep("90d"); await once("1", () => world.send({}));'));
    expect(await finished).toMatchObject({ status: "cancelled", error: { code: "CANCELLED" }, waits: [] });
    expect(world.called).toEqual(["get {}"]);
  });

  test("does not wait for a server that does not answer a read", async () => {
    await begin({ get: () => new Promise(() => undefined) });
    const host = world.host(1);
    const { id, finished } = await start(host, bodyProgram('await each(["a", "b"], { key: (x) => x, parallel: 2, onError: "continue" }, async (x) => { await world.get({ x }); });'));
    await world.clock.advance(0);
    await host.cancel(id);
    expect(await finished).toMatchObject({ status: "cancelled", error: { code: "CANCELLED" } });
    expect(world.called).toHaveLength(2);
  });

  test("of a run that waits for its turn ends it before it does anything", async () => {
    const answer = Promise.withResolvers<null>();
    await begin({ get: () => answer.promise });
    const host = world.host(1);
    const first = await start(host, READ);
    const second = await start(host, SEND);
    await host.cancel(second.id);
    answer.resolve(null);
    expect((await Promise.all([first.finished, second.finished])).map((run) => run.status)).toEqual(["succeeded", "cancelled"]);
    expect(world.called).toEqual(["get {}"]);
  });

  test("of a run that has ended changes nothing, and says that it is not driven here", async () => {
    await begin();
    const host = world.host(1);
    const done = await (await start(host, SEND)).finished;
    await expect(host.cancel(done.id)).rejects.toMatchObject({ code: "USAGE" });
    expect(await host.get(done.id)).toEqual(done);
  });

  test("of a plan ends it without one", async () => {
    await begin({ get: () => 1 });
    const cancel = new AbortController();
    cancel.abort();
    const { run } = await world.host(1).plan({ program: READ, inputs: {}, event: CALL, cancelled: cancel.signal });
    expect(run).toMatchObject({ status: "cancelled" });
    expect(await world.store.transact({ durable: false }, (tx) => tx.getPlan(run.id))).toBeNull();
  });

  test("of a run of another process is refused, and says what to do", async () => {
    await begin();
    await expect(world.host(2).cancel("some-run")).rejects.toMatchObject({ code: "USAGE", hint: expect.stringContaining("offstage cancel some-run") as string });
  });

  test("asked for by another process ends a run at its next step, within a second", async () => {
    const answer = Promise.withResolvers<null>();
    await begin({ get: () => answer.promise });
    const handle = await start(world.host(1), bodyProgram('await world.get({}); await world.send({ n: 1 });'));
    await world.clock.advance(0);
    await world.host(2).askToEnd(handle.id);
    await world.clock.advance(1_000);
    answer.resolve(null);
    expect(await handle.finished).toMatchObject({ status: "cancelled", error: { code: "CANCELLED" } });
    expect(world.called).toEqual(["get {}"]);
  });

  test("asked for where nobody drives the store ends a run that was left, and one that waits in the queue or for a time", async () => {
    await begin();
    const left = await start(world.host(1), bodyProgram('await sleep("1d"); await world.send({ n: 1 });'));
    await left.finished;
    const other = world.host(2);
    await other.askToEnd(left.id);
    expect(await other.get(left.id)).toMatchObject({ status: "cancelled", waits: [] });
    await other.askToEnd(left.id);
    expect(await other.get(left.id)).toMatchObject({ status: "cancelled" });
    await expect(other.askToEnd("none")).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
    expect(world.called).toEqual([]);
  });

  test("closing the host ends no run: what it drives goes on where the store is driven next, without waiting for a read, and what it follows is followed no more", async () => {
    let slow = true;
    await begin({ get: () => (slow ? new Promise<null>(() => undefined) : null) });
    const driver = world.host(1);
    const follower = world.host(2);
    const own = await start(driver, bodyProgram("await world.get({}); return await world.get({});"));
    await world.clock.advance(0);
    const other = await start(follower, SEND);
    await world.clock.advance(10);
    await follower.close();
    await expect(other.finished).rejects.toMatchObject({ code: "CANCELLED", hint: expect.stringContaining(other.id) as string });
    await driver.close();
    await expect(own.finished).rejects.toMatchObject({ code: "CANCELLED", hint: expect.stringContaining(own.id) as string });
    slow = false;
    const next = world.host(3);
    await next.work();
    expect((await next.get(own.id)).status).toBe("succeeded");
    expect((await next.get(other.id)).status).toBe("succeeded");
    await next.close();
  });
});
