import { expect, onTestFinished, test } from "vitest";
import { bodyProgram } from "../../testing/compile-source.ts";
import { startIn } from "../../testing/host-runs.ts";
import { createHostWorld, type HostWorld, newsOf } from "../../testing/host-world.ts";
import type { Store } from "../../state/index.ts";

/** A world whose `get` answers when it is told to, by the number that it was asked for. */
async function heldWorld(): Promise<{ readonly world: HostWorld; readonly go: (n: string) => Promise<void> }> {
  const held = new Map<string, () => void>();
  const world = await createHostWorld({ get: ({ n }) => new Promise((resolve) => held.set(String(n), () => resolve(n ?? null))), send: () => "sent" });
  onTestFinished(() => world.close());
  return {
    world,
    async go(n) {
      held.get(n)?.();
      await world.clock.advance(0);
    },
  };
}

const READ = bodyProgram("return await world.get({ n: inputs.any });");
const COUNT = bodyProgram("const n = await counter.get(); await world.get({ n: inputs.any }); await counter.set(n + 1); return n;", 'const counter = state("counter", 0);');
const asked = (world: HostWorld): readonly string[] => world.called.filter((call) => call.startsWith("get")).map((call) => /"n":"(\w+)"/.exec(call)?.[1] ?? call);

test("as many runs as are allowed go on side by side, the oldest first; one that comes meanwhile begins as soon as there is room", async () => {
  const { world, go } = await heldWorld();
  const host = world.host(1, { concurrency: 2 });
  const [a, b, c] = [await startIn(world, host, READ, "a"), await startIn(world, host, READ, "b"), await startIn(world, host, READ, "c")];
  await world.clock.advance(0);
  expect(asked(world)).toEqual(["a", "b"]);
  await go("b");
  expect(asked(world)).toEqual(["a", "b", "c"]);
  await go("c");
  const d = await startIn(world, host, READ, "d");
  await world.clock.advance(0);
  expect(asked(world)).toEqual(["a", "b", "c", "d"]);
  await go("a");
  await go("d");
  expect((await Promise.all([a, b, c, d].map(({ finished }) => finished))).map(({ output }) => output)).toEqual(["a", "b", "c", "d"]);
});

test("runs that have a state wait for each other, and keep no other run waiting", async () => {
  const { world, go } = await heldWorld();
  const host = world.host(1, { concurrency: 3 });
  const runs = [await startIn(world, host, COUNT, "a"), await startIn(world, host, COUNT, "b"), await startIn(world, host, READ, "c")];
  await world.clock.advance(0);
  expect(asked(world)).toEqual(["a", "c"]);
  for (const n of ["a", "b", "c"]) await go(n);
  expect((await Promise.all(runs.map(({ finished }) => finished))).map(({ status, output }) => [status, output])).toEqual([["succeeded", 0], ["succeeded", 1], ["succeeded", "c"]]);
});

test("many that wait for one keep no other run waiting, nor is each of them looked at again at each end of a run", async () => {
  const { world, go } = await heldWorld();
  let looks: number[] = [];
  const store: Store = { ...world.store, transact: (how, body) => world.store.transact(how, (tx) => body({ ...tx, begunRuns: (limit) => (looks.push(limit), tx.begunRuns(limit)) })) };
  const host = world.host(1, { concurrency: 2 }, store);
  const names = Array.from({ length: 100 }, (_, n) => `n${n}`);
  const runs = [];
  for (const name of [...names, "y"]) runs.push((await startIn(world, host, COUNT, name)).finished);
  runs.push((await startIn(world, host, READ, "y")).finished);
  await world.clock.advance(500);
  await host.work();
  await world.clock.advance(0);
  expect(asked(world)).toEqual(["n0", "y"]);
  await go("y");
  looks = [];
  runs.push((await startIn(world, host, READ, "z")).finished);
  await world.clock.advance(0);
  expect([asked(world), Math.max(...looks) < 50]).toEqual([["n0", "y"], true]);
  await world.clock.advance(500);
  await host.work();
  await world.clock.advance(0);
  expect(asked(world)).toEqual(["n0", "y", "z"]);
  for (const name of ["z", ...names, "y"]) await go(name);
  expect((await Promise.all(runs)).every(({ status }) => status === "succeeded")).toBe(true);
  expect(asked(world)).toEqual(["n0", "y", "z", ...names.slice(1), "y"]);
});

test("runs that go on with one run wait for each other: they have its limits together", async () => {
  const { world, go } = await heldWorld();
  const host = world.host(1, { concurrency: 2 });
  const { id, finished } = await startIn(world, host, READ, "a");
  await world.clock.advance(0);
  await go("a");
  await finished;
  const both = [await host.continue(id), await host.continue(id)];
  await world.clock.advance(0);
  expect(asked(world)).toEqual(["a", "a"]);
  await go("a");
  expect(asked(world)).toEqual(["a", "a", "a"]);
  await go("a");
  expect(await Promise.all(both.map((one) => one.finished))).toMatchObject([{ rootRunId: id, status: "succeeded" }, { rootRunId: id, status: "succeeded" }]);
});

test("two runs that make the same write at once make it once, and both have its answer", async () => {
  let answer: (value: string) => void = () => undefined;
  const world = await createHostWorld({ send: () => new Promise((resolve) => void (answer = resolve)) });
  onTestFinished(() => world.close());
  const host = world.host(1, { concurrency: 2 });
  const program = bodyProgram('return await once("k", () => world.send({}));');
  const runs = [await startIn(world, host, program), await startIn(world, host, program)];
  await world.clock.advance(0);
  answer("T-1");
  expect((await Promise.all(runs.map(({ finished }) => finished))).map(({ status, output }) => [status, output])).toEqual([["succeeded", "T-1"], ["succeeded", "T-1"]]);
  expect(world.called).toEqual(["send {}"]);
});

test("a run that is cancelled leaves those beside it alone", async () => {
  const { world, go } = await heldWorld();
  const host = world.host(1, { concurrency: 2 });
  const [a, b] = [await startIn(world, host, READ, "a"), await startIn(world, host, READ, "b")];
  await world.clock.advance(0);
  await host.cancel(a.id);
  await world.clock.advance(0);
  await go("b");
  expect([(await a.finished).status, (await b.finished).status]).toEqual(["cancelled", "succeeded"]);
});

test("who leaves begins nothing more, and leaves all that go on to the next process, once", async () => {
  const { world, go } = await heldWorld();
  const host = world.host(1, { concurrency: 2 });
  for (const n of ["a", "b", "c"]) (await startIn(world, host, READ, n)).finished.catch(() => undefined);
  await world.clock.advance(0);
  const left = host.leave(AbortSignal.abort());
  await go("a");
  await go("b");
  await left;
  await host.close();
  expect(asked(world)).toEqual(["a", "b"]);
  const next = world.host(2, { concurrency: 3 });
  const working = next.work();
  await world.clock.advance(0);
  for (const n of ["a", "b", "c"]) await go(n);
  await working;
  expect(newsOf(world, "run-ended")).toHaveLength(3);
});

/** Reads of this store are answered only when `answer` is called, as they were when they were asked: those of PostgreSQL go a way of their own. */
function slowReads({ store }: HostWorld): { readonly store: HostWorld["store"]; readonly hold: () => void; readonly answer: () => void } {
  let held: PromiseWithResolvers<void> | null = null;
  return {
    store: { ...store, transact: async (how, body) => {
      const result = await store.transact(how, body);
      if (how.reads === true) await held?.promise;
      return result;
    } },
    hold: () => void (held = Promise.withResolvers()),
    answer: () => held?.resolve(),
  };
}

test("what became of a run since it was listed counts: one that ended is not driven again, one that somebody asked to end calls nothing", async () => {
  const { world, go } = await heldWorld();
  const slow = slowReads(world);
  const host = world.host(1, { concurrency: 3 }, slow.store);
  const a = await startIn(world, host, READ, "a");
  await world.clock.advance(0);
  slow.hold();
  const b = await startIn(world, host, READ, "b");
  await world.clock.advance(0);
  await go("a");
  await world.host(2).askToEnd(b.id);
  slow.answer();
  await world.clock.advance(0);
  expect([(await a.finished).status, (await b.finished).status]).toEqual(["succeeded", "cancelled"]);
  expect(asked(world)).toEqual(["a"]);
  expect(newsOf(world, "run-started")).toHaveLength(2);
});

test("a store that fails under one run is told, when those beside it have come to rest", async () => {
  const { world, go } = await heldWorld();
  let broken = false;
  const store = { ...world.store, transact: ((how, body) => (broken ? Promise.reject(Object.assign(new Error("disk"), { code: "STORE_UNAVAILABLE" })) : world.store.transact(how, body))) as typeof world.store.transact };
  const host = world.host(1, { concurrency: 2 }, store);
  const runs = [await startIn(world, host, READ, "a"), await startIn(world, host, READ, "b")];
  await world.clock.advance(0);
  broken = true;
  await go("a");
  await go("b");
  expect((await Promise.allSettled(runs.map(({ finished }) => finished))).map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  broken = false;
  const next = world.host(2, { concurrency: 2 });
  world.mistakeForDead(1);
  const working = next.work();
  await world.clock.advance(0);
  for (const n of ["a", "b"]) await go(n);
  await working;
  expect(newsOf(world, "run-ended")).toHaveLength(2);
});
