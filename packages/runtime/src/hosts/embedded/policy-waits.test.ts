import { afterEach, beforeEach, expect, test } from "vitest";
import { createRedactor } from "../../base/index.ts";
import { answerRequests } from "../../effects/index.ts";
import { bringEvent, type Environment, goOnWithGrant, type RunHost, type ServedWorkflow, serveWorkflow, serveWorkflows } from "../../host/index.ts";
import { DEFAULT_POLICY, type Run, type TimeWindow } from "../../model/index.ts";
import type { Program } from "../../program/index.ts";
import { bodyProgram, programOf } from "../../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../../testing/host-world.ts";

const HOUR = 3_600_000;
const MORNING: TimeWindow = { days: [0, 1, 2, 3, 4, 5, 6], from: 480, to: 600, timezone: "UTC" };
const POLICY: Pick<Environment, "policy"> = { policy: { ...DEFAULT_POLICY, rules: [{ verdict: "wait", server: "world", outside: MORNING, place: "offstage.yaml:3" }] } };
const SEND = bodyProgram('const n = await world.get({}); await once("1", () => world.send({ n })); return n;');

let world: HostWorld;
beforeEach(async () => {
  world = await createHostWorld({ get: () => world.called.length });
  // Four in the morning.
  await world.clock.advance(24 * HOUR - (world.clock.now() % (24 * HOUR)) + 4 * HOUR);
});
afterEach(() => world.close());

/** Serves for that long, then is killed. */
async function serveAndDie(pid: number, environment: Environment, served: ServedWorkflow, ms: number): Promise<void> {
  const stop = new AbortController();
  const serving = serveWorkflows({ store: world.store, host: world.host(pid, environment), environment, workflows: () => [served], sources: [], news: () => undefined, stopping: stop.signal });
  await world.clock.advance(ms);
  stop.abort();
  await Promise.all([serving, world.clock.advance(1)]);
  world.kill(pid);
}

/** Whoever has something to do drives what waits besides. */
const driveAll = async (host: RunHost): Promise<void> => { await host.work(); };

const schedule = { kind: "schedule", at: "2026-11-26T04:00:00.000Z" } as const;
const brief = async (): Promise<readonly string[]> => (await world.runs()).map(({ status, counts }) => `${status} ${counts.writes}`).toSorted();
const parked = async (): Promise<readonly Run[]> => (await world.runs()).filter(({ status }) => status === "parked");

test("a write that the policy lets wait is made when its time comes, by a continuation that reads anew and that nobody has to start", async () => {
  const host = world.host(1, POLICY);
  const ended = await (await host.start({ program: SEND, inputs: {}, event: { kind: "call" } })).finished;
  const until = world.clock.now() + 4 * HOUR;
  expect(ended).toMatchObject({ status: "pending", held: [{ why: `not now: rule 1 of the policy (offstage.yaml:3) lets it wait until ${new Date(until).toISOString()}`, until }] });
  expect(await parked()).toMatchObject([{ rootRunId: ended.id, waits: [{ kind: "sleep", until }] }]);
  await driveAll(host);
  expect(world.called).toEqual(["get {}"]);
  await world.clock.advance(4 * HOUR);
  await driveAll(host);
  expect(world.called).toEqual(["get {}", "get {}", 'send {"n":2}']);
  expect(await brief()).toEqual(["pending 0", "succeeded 1"]);
  expect(await world.store.transact({ durable: false, reads: true }, (tx) => tx.listWaits({ limit: 9 }))).toEqual([]);
});

test("a schedule that comes all night leaves one run for the morning; a call leaves one each", async () => {
  const host = world.host(1, POLICY);
  for (let turn = 0; turn < 3; turn++) await (await host.start({ program: SEND, inputs: {}, event: schedule })).finished;
  expect(await parked()).toHaveLength(1);
  await (await host.start({ program: SEND, inputs: {}, event: { kind: "call" } })).finished;
  expect(await parked()).toHaveLength(2);
  await world.clock.advance(4 * HOUR);
  await driveAll(host);
  expect(world.called.filter((call) => call.startsWith("send"))).toHaveLength(1);
});

test("the time of what goes on is over before it begins: it waits for the next one", async () => {
  const first = world.host(1, POLICY);
  await (await first.start({ program: SEND, inputs: {}, event: { kind: "call" } })).finished;
  await world.clock.advance(7 * HOUR);
  await driveAll(first);
  expect(await brief()).toEqual(["parked 0", "pending 0", "pending 0"]);
  expect((await parked())[0]?.waits[0]?.until).toBe(world.clock.now() + 21 * HOUR);
});

test("an event that met the day's limit goes on when the day is over; a schedule's next time comes anyway, and who called was told", async () => {
  const host = world.host(1, { policy: { ...DEFAULT_POLICY, limits: [{ perDay: 1 }] } });
  const send = (key: string): Program => bodyProgram(`await once("${key}", () => world.send({ key: "${key}" }));`);
  expect(await (await host.start({ program: send("1"), inputs: {}, event: { kind: "call" } })).finished).toMatchObject({ status: "succeeded" });
  for (const event of [{ kind: "call" }, schedule, { kind: "queue", body: 1, attempt: 1 }] as const) expect(await (await host.start({ program: send("2"), inputs: {}, event })).finished).toMatchObject({ status: "failed", error: { code: "LIMIT_WRITES_PER_DAY" } });
  expect((await parked()).map(({ event, waits }) => [event.kind, waits[0]?.until])).toEqual([["queue", world.clock.now() + 20 * HOUR]]);
  await world.clock.advance(20 * HOUR);
  await driveAll(host);
  expect(world.called).toEqual(['send {"key":"1"}', 'send {"key":"2"}']);
});

test("events of one key that met the day's limit are written in the order in which they came, also when the clock is put back over midnight meanwhile", async () => {
  const environment = world.environment({ policy: { ...DEFAULT_POLICY, limits: [{ perDay: 2 }] } });
  const served = await serveWorkflow(programOf('import { workflow, once, queue } from "offstage"; import { world } from "#servers"; export default workflow({ name: "test", on: [queue("jobs")] }, async ({ event }) => { if (event?.kind === "queue") await once(`${event.body}`, () => world.send({ n: event.body })); });'), environment);
  for (const body of [1, 2, 3, 4, 5, 6, 7]) await bringEvent(world.store, { ...environment, redactor: createRedactor() }, [served], { topic: "queue:jobs", id: `${body}`, event: { kind: "queue", body, attempt: 1 } });
  const sent = (): readonly (string | undefined)[] => world.called.map((call) => /\d/.exec(call)?.[0]);
  let pid = 10;
  const serveFor = (ms: number): Promise<void> => serveAndDie(++pid, environment, served, ms);
  await serveFor(2_000);
  expect([sent(), (await parked()).map(({ turn, waits }) => [turn, waits[0]?.until])]).toEqual([["1", "2"], [["", Math.ceil(world.clock.now() / (24 * HOUR)) * 24 * HOUR]]]);
  await world.clock.advance(24 * HOUR - (world.clock.now() % (24 * HOUR)) - 2_002);
  await serveFor(2_000);
  expect([sent(), world.clock.now() % (24 * HOUR)]).toEqual([["1", "2"], 24 * HOUR - 1]);
  await world.clock.advance(1);
  await serveFor(500);
  expect(sent()).toEqual(["1", "2", "3", "4"]);
  await world.clock.advance(-HOUR);
  await serveFor(2_000);
  expect(sent()).toEqual(["1", "2", "3", "4"]);
  for (let day = 0; day < 3; day++) {
    await world.clock.advance(24 * HOUR);
    await serveFor(2_000);
  }
  expect(sent()).toEqual(["1", "2", "3", "4", "5", "6", "7"]);
});

test("runs that go on for events of one key do so one after the other, in the order in which these came, and keep no other key waiting", async () => {
  let go = (): void => undefined;
  world = await createHostWorld({ get: ({ n, morning }) => (n === 1 && morning === true ? new Promise<null>((resolve) => void (go = () => resolve(null))) : null) });
  await world.clock.advance(24 * HOUR - (world.clock.now() % (24 * HOUR)) + 4 * HOUR);
  const environment = world.environment({ ...POLICY, concurrency: 8 });
  const served = await serveWorkflow(programOf(`import { workflow, once, now, queue } from "offstage"; import { world } from "#servers";
    export default workflow({ name: "test", on: [queue("jobs", { key: (event) => String(event.body.key) })] }, async ({ event }) => {
      const n = event?.kind === "queue" ? event.body.n : 0;
      await world.get({ n, morning: now() > ${world.clock.now() + HOUR} });
      await once(String(n), () => world.send({ n }));
    });`), environment);
  for (const [n, key] of [[1, "a"], [2, "a"], [3, "b"]] as const) {
    await bringEvent(world.store, { ...environment, redactor: createRedactor() }, [served], { topic: "queue:jobs", id: `${n}`, event: { kind: "queue", body: { n, key }, attempt: 1 } });
    await serveAndDie(n, environment, served, 600);
  }
  expect(await brief()).toEqual(["parked 0", "parked 0", "parked 0", "pending 0", "pending 0", "pending 0"]);
  await world.clock.advance(4 * HOUR);
  const driven = driveAll(world.host(9, environment));
  while (!world.called.includes('send {"n":3}')) await new Promise(setImmediate);
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
  const sent = (): readonly string[] => world.called.filter((call) => call.startsWith("send"));
  expect(sent()).toEqual(['send {"n":3}']);
  go();
  await driven;
  expect(sent()).toEqual(['send {"n":3}', 'send {"n":1}', 'send {"n":2}']);
});

test("a plan says until when it waits, and its apply makes nothing before that", async () => {
  const host = world.host(1, POLICY);
  const program = bodyProgram('await once("1", () => world.send({ n: 1 }));');
  const { plan } = await host.plan({ program, inputs: {}, event: { kind: "call" }, cancelled: new AbortController().signal });
  expect(plan.effects.map(({ why }) => why)).toEqual([expect.objectContaining({ kind: "not-now", until: world.clock.now() + 4 * HOUR })]);
  expect(await (await host.apply(plan.id, program)).finished).toMatchObject({ status: "pending" });
  expect(world.called).toEqual([]);
  expect(await brief()).toEqual(["pending 0"]);
});

test("what a person permits while a run goes on that also has to wait leaves one run that goes on, not two", async () => {
  let gets = 0;
  world = await createHostWorld({ get: async () => { if (gets++ === 0) await permit(); return null; } });
  await world.clock.advance(24 * HOUR - (world.clock.now() % (24 * HOUR)) + 4 * HOUR);
  const environment = world.environment();
  async function permit(): Promise<void> {
    const open = await world.store.transact({ durable: false }, (tx) => tx.listRequests({ status: ["open"], limit: 9 }));
    await answerRequests(world.store, open.map(({ id }) => id), { verdict: "approve", by: "ada", now: world.clock.now(), maxAgeMs: 99 * HOUR, permitted: (tx, granted) => goOnWithGrant(tx, environment, granted) });
  }
  const host = world.host(1, { policy: { ...DEFAULT_POLICY, rules: [{ verdict: "approve", tool: "create" }, { verdict: "wait", tool: "send", outside: MORNING }] } });
  await (await host.start({ program: bodyProgram('await each(["a", "b"], { key: (x) => x }, async (x) => { if (x === "a") await once(x, () => world.create({ n: 1 })); else await once(x, () => world.send({ n: 2 })); }); await world.get({});'), inputs: {}, event: { kind: "queue", body: 1, attempt: 1 } })).finished;
  await driveAll(host);
  expect(await brief()).toEqual(["parked 0", "pending 0", "pending 1"]);
  await world.clock.advance(4 * HOUR);
  await driveAll(host);
  expect(world.called.filter((call) => !call.startsWith("get"))).toEqual(['create {"n":1}', 'send {"n":2}']);
  expect(await brief()).toEqual(["pending 0", "pending 1", "succeeded 1"]);
});

test.each([
  ["the hours begin an hour earlier where clocks are put forward", "2027-03-27T20:00:00Z", 540, 1_020, "2027-03-28T07:00:00Z"],
  ["the hours begin an hour later where clocks are put back", "2027-10-30T19:00:00Z", 540, 1_020, "2027-10-31T08:00:00Z"],
  ["hours that a day has not are those of the next one", "2027-03-27T20:00:00Z", 120, 180, "2027-03-29T00:00:00Z"],
  ["hours that come twice begin with the first of them", "2027-10-30T19:00:00Z", 120, 180, "2027-10-31T00:00:00Z"],
])("what the policy lets wait for hours of a day in Berlin: %s", async (_what, from, begin, end, until) => {
  const host = world.host(1, { policy: { ...DEFAULT_POLICY, rules: [{ verdict: "wait", outside: { ...MORNING, from: begin, to: end, timezone: "Europe/Berlin" } }] } });
  await world.clock.advance(Date.parse(from) - world.clock.now());
  expect(await (await host.start({ program: SEND, inputs: {}, event: { kind: "call" } })).finished).toMatchObject({ status: "pending" });
  await world.clock.advance(Date.parse(until) - world.clock.now() - 1);
  await driveAll(host);
  expect(await brief()).toEqual(["parked 0", "pending 0"]);
  await world.clock.advance(1);
  await driveAll(host);
  expect(await brief()).toEqual(["pending 0", "succeeded 1"]);
});
