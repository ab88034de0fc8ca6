import { afterEach, beforeEach, expect, test } from "vitest";
import { createRedactor } from "../../base/index.ts";
import { bringEvent, liftPauses, type RunHost, serveWorkflow, serveWorkflows } from "../../host/index.ts";
import type { Run } from "../../model/index.ts";
import { changePauses } from "../../state/index.ts";
import { bodyProgram, programOf } from "../../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../../testing/host-world.ts";

const SEND = bodyProgram('await once("1", () => world.send({})); await other.get({});');
const QUEUED = { kind: "queue", body: 1, attempt: 1 } as const;

let world: HostWorld;
let whenRead = (): Promise<unknown> => Promise.resolve();
beforeEach(async () => {
  whenRead = () => Promise.resolve();
  world = await createHostWorld({ get: () => whenRead().then(() => null) });
});
afterEach(() => world.close());

const pause = (...add: string[]): Promise<unknown> => world.store.transact({ durable: true }, (tx) => changePauses(tx, { add }));
const lift = (...names: string[]): Promise<Awaited<ReturnType<typeof liftPauses>>> => world.store.transact({ durable: true }, (tx) => liftPauses(tx, names));
const parked = async (): Promise<readonly Run[]> => (await world.runs()).filter(({ status }) => status === "parked");
const driveAll = async (host: RunHost): Promise<void> => { await host.work(); };
const sent = (): readonly string[] => world.called.filter((call) => call.startsWith("send"));

test("what a pause held of an event is written when it is lifted, once; a schedule's next time comes anyway, and who called was told", async () => {
  const host = world.host(1);
  await pause("server:world");
  for (const event of [QUEUED, { kind: "call" }, { kind: "schedule", at: "2026-11-26T04:00:00.000Z" }] as const) {
    expect(await (await host.start({ program: SEND, inputs: {}, event })).finished).toMatchObject({ status: "pending", held: [{ why: "paused: server:world", paused: "server:world" }] });
  }
  expect(await parked()).toMatchObject([{ event: QUEUED, waits: [{ until: null, label: "the end of the pause of server:world" }] }]);
  await driveAll(host);
  expect(sent()).toEqual([]);
  const [waiting] = await parked();
  expect(await lift("workflow:test")).toEqual({ paused: ["server:world"], woken: [] });
  expect(await lift("server:world")).toEqual({ paused: [], woken: [waiting?.id] });
  await driveAll(host);
  expect(sent()).toEqual(["send {}"]);
  expect(await lift("server:world")).toEqual({ paused: [], woken: [] });
  expect(await world.store.transact({ durable: false, reads: true }, (tx) => tx.listWaits({ limit: 9 }))).toEqual([]);
});

test("a pause that was lifted while its run went on, after it had held a write, keeps nobody waiting", async () => {
  await pause("*");
  whenRead = () => lift("*");
  const host = world.host(1);
  expect(await (await host.start({ program: SEND, inputs: {}, event: QUEUED })).finished).toMatchObject({ status: "pending" });
  await driveAll(host);
  expect(sent()).toEqual(["send {}"]);
});

test("what something else is paused for too comes to rest again, and loses nothing", async () => {
  const host = world.host(1);
  await pause("server:world", "workflow:test");
  await (await host.start({ program: SEND, inputs: {}, event: QUEUED })).finished;
  for (const name of ["server:world", "workflow:test"]) {
    expect(sent()).toEqual([]);
    await lift(name);
    await driveAll(host);
  }
  expect(sent()).toEqual(["send {}"]);
});

test("events of one key that came during a pause are written in their order, after a kill too", async () => {
  const environment = world.environment();
  const served = await serveWorkflow(programOf('import { workflow, once, queue } from "offstage"; import { world } from "#servers"; export default workflow({ name: "test", on: [queue("jobs")] }, async ({ event }) => { if (event?.kind === "queue") await once(`${event.body}`, () => world.send({ n: event.body })); });'), environment);
  const serveAndDie = async (pid: number): Promise<void> => {
    const stop = new AbortController();
    const serving = serveWorkflows({ store: world.store, host: world.host(pid, environment), environment, workflows: () => [served], sources: [], news: () => undefined, stopping: stop.signal });
    await world.clock.advance(2_000);
    stop.abort();
    await Promise.all([serving, world.clock.advance(1)]);
    world.kill(pid);
  };
  await pause("*");
  for (const body of [1, 2, 3]) await bringEvent(world.store, { ...environment, redactor: createRedactor() }, [served], { topic: "queue:jobs", id: `${body}`, event: { ...QUEUED, body } });
  await serveAndDie(1);
  expect([sent(), (await parked()).length]).toEqual([[], 1]);
  await lift("*");
  await serveAndDie(2);
  expect(sent()).toEqual(['send {"n":1}', 'send {"n":2}', 'send {"n":3}']);
});
