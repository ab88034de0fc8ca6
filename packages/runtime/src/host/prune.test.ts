import { afterEach, beforeEach, expect, test } from "vitest";
import { createRedactor, OffstageError } from "../base/index.ts";
import { answerRequests } from "../effects/index.ts";
import { DEFAULT_POLICY, type Run } from "../model/index.ts";
import { bodyProgram, programOf } from "../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../testing/host-world.ts";
import type { Store } from "../state/index.ts";
import { answerApproval, bringEvent, callRun, countPrunable, continueRun, goOnWithGrant, keepPruning, pruneStore, type Pruned, type Retention, serveWorkflow, type ServeNews } from "./index.ts";
import { admitArrivals } from "./arrivals.ts";

const DAY = 86_400_000;
const RETENTION: Retention = { runsMs: 90 * DAY, eventsMs: 30 * DAY };

let world: HostWorld;
beforeEach(async () => { world = await createHostWorld({ send: () => ({ sent: true }) }); });
afterEach(() => world.close());

const program = programOf(`import { once, workflow } from "offstage"; import { world } from "#servers";
export default workflow({ name: "greet", on: [], inputs: { who: "you" } }, async ({ inputs }) => {
  await once.perRun(() => world.send({ who: inputs.who }));
  return once("hello " + inputs.who, () => world.send({ hello: inputs.who }));
});`);
const started = async (who: string, key: string | null = null): Promise<Run> => (await callRun(world.store, world.environment(), { program, inputs: { who }, sweep: false, by: "ci", key })).run;
const prune = (store: Store = world.store, given: Partial<Parameters<typeof pruneStore>[0]> = {}): Promise<Pruned> => pruneStore({ store, clock: world.clock, retention: RETENTION, stopping: new AbortController().signal, pauseMs: 0, ...given });
const ids = async (): Promise<readonly string[]> => (await world.runs()).map(({ id }) => id);

test("runs that are over for long go, with events and programs that nothing names; a `once` keeps what it came to", async () => {
  const old = await started("Kim");
  await world.host(1).work();
  await world.clock.advance(60 * DAY);
  const young = await started("Ada");
  await world.host(1).work();
  await world.clock.advance(30 * DAY + 1);
  expect(await countPrunable({ store: world.store, clock: world.clock, retention: RETENTION })).toEqual({ runs: 1, staying: 0, blobs: 0, bytes: 0 });
  expect(await prune()).toEqual({ runs: 1, arrivals: 1, windows: 0, programs: 0, blobs: 0, bytes: 0 });
  expect(await ids()).toEqual([young.id]);
  await started("Kim");
  await world.host(1).work();
  expect(world.called).toEqual(['send {"who":"Kim"}', 'send {"hello":"Kim"}', 'send {"who":"Ada"}', 'send {"hello":"Ada"}', 'send {"who":"Kim"}']);
  expect((await world.runs())[0]).toMatchObject({ status: "succeeded", output: { sent: true } });
  await world.clock.advance(91 * DAY);
  expect(await prune()).toEqual({ runs: 2, arrivals: 2, windows: 0, programs: 1, blobs: 0, bytes: 0 });
  await world.store.transact({ durable: false }, async (tx) => {
    expect([await tx.getRun(old.id), (await tx.loadJournal(old.id)).length, await tx.getProgram(old.programHash)]).toEqual([null, 0, null]);
    expect((await tx.listEffects({ limit: 9 })).map(({ identity, args }) => [identity.kind, args])).toEqual([["once", null], ["once", null]]);
  });
});

test("a run that is continued between the look and the removal stays", async () => {
  const run = await started("Kim");
  await world.host(1).work();
  await world.clock.advance(91 * DAY);
  let looks = 0;
  const store: Store = {
    ...world.store,
    async transact(how, body) {
      if (how.reads !== true && looks++ === 1) await world.store.transact({ durable: true }, async (tx) => tx.putRun(await continueRun(tx, world.environment(), run.id)));
      return world.store.transact(how, body);
    },
  };
  expect(await prune(store)).toMatchObject({ runs: 0 });
  expect(await ids()).toHaveLength(2);
  await world.host(1).work();
  expect(world.called).toEqual(['send {"who":"Kim"}', 'send {"hello":"Kim"}']);
});

test("a plan that is made while programs are removed has its program", async () => {
  const pruning: Store = {
    ...world.store,
    async transact(how, body) {
      await world.store.transact({ durable: false }, (tx) => tx.removePrograms(9));
      return world.store.transact(how, body);
    },
  };
  const { plan } = await world.host(1, {}, pruning).plan({ program, inputs: {}, event: { kind: "call" }, cancelled: new AbortController().signal });
  expect(await (await world.host(1).apply(plan.id, program)).finished).toMatchObject({ status: "succeeded" });
});

test("one that is killed before any of its transactions leaves whole runs, and the next goes on", async () => {
  for (let kill = 0; ; kill += 1) {
    await started(`Kim ${kill}`);
    await started(`Ada ${kill}`);
    await world.host(1).work();
    await world.clock.advance(91 * DAY);
    let [left, killed] = [kill, false];
    const dying: Store = { ...world.store, transact: (how, body) => (left-- > 0 ? world.store.transact(how, body) : ((killed = true), Promise.reject(new Error("killed")))) };
    await prune(dying).catch(() => undefined);
    for (const run of await world.runs()) await world.store.transact({ durable: false }, async (tx) => { expect([(await tx.loadJournal(run.id)).length > 0, await tx.getProgram(run.programHash)]).toEqual([true, expect.anything()]); });
    await prune();
    expect(await ids()).toEqual([]);
    const left2 = await world.store.transact({ durable: false }, async (tx) => [await tx.removeLeavings(9), (await tx.listEffects({ limit: 999 })).filter(({ identity, args }) => identity.kind === "step" || args !== null).length]);
    expect(left2).toEqual([false, 0]);
    if (!killed) break;
  }
});

test("a run that is parked for longer than that does not make its `once … for:` again: the row stays as long as it goes on", async () => {
  const naps = bodyProgram('await once("k", () => world.send({ n: 1 }), { for: "1h" }); await sleep("120d");');
  await (await world.host(1).start({ program: naps, inputs: {}, event: { kind: "call" } })).finished;
  await world.clock.advance(100 * DAY);
  expect(await prune()).toMatchObject({ runs: 0, windows: 0 });
  await world.clock.advance(21 * DAY);
  await world.host(1).work();
  expect([world.called, (await world.runs()).map(({ status }) => status)]).toEqual([['send {"n":1}'], ["succeeded"]]);
  await world.clock.advance(91 * DAY);
  expect(await prune()).toMatchObject({ runs: 1, windows: 1 });
});

test("what waits to go on keeps all that it needs, however long nobody drives it: for an hour of the day, for midnight, for a server, for a person", async () => {
  const { calls } = world.environment();
  let down = true;
  const wait = { verdict: "wait", tool: "comment", outside: { days: [0, 1, 2, 3, 4, 5, 6], from: 0, to: 60, timezone: "UTC" } } as const;
  const environment = world.environment({
    retryMs: DAY, policy: { ...DEFAULT_POLICY, rules: [wait, { verdict: "approve", tool: "create" }], limits: [{ tool: "update", perDay: 1 }] },
    calls: { ...calls, read: (asked) => (down ? Promise.resolve({ kind: "error", error: { code: "SERVER_UNREACHABLE", message: "" }, gone: false }) : calls.read(asked)) },
  });
  const served = await serveWorkflow(programOf(`import { once, queue, start, workflow } from "offstage"; import { world } from "#servers"; import later from "./later.ts";
    export default workflow({ name: "events", on: [queue("jobs", { key: (event) => event.body as string })] }, async ({ event }) => {
      const what = event?.kind === "queue" ? event.body as string : "";
      await once.perRun(() => world.send({ first: what }));
      if (what === "hours") await once(what, () => world.comment({ what }));
      else if (what === "day") { await once("room", () => world.update({ what: "room" })); await once(what, () => world.update({ what })); }
      else if (what === "server") { await world.get({}); await once(what, () => world.remove({ what })); }
      else { await once(what, () => world.create({ what })); await start(later, what, {}); }
    });`, "checked", { later: 'import { once, workflow } from "offstage"; import { world } from "#servers"; export default workflow({ name: "later", on: [] }, async () => { await once("later", () => world.send({ later: true })); });' }), environment);
  const bring = async (what: string): Promise<number> => (await bringEvent(world.store, { ...environment, redactor: createRedactor() }, [served], { topic: "queue:jobs", id: what, event: { kind: "queue", body: what, attempt: 1 } })).arrivals.length;
  const drive = async (pid: number): Promise<void> => {
    await admitArrivals(world.store, environment, [served]);
    await world.host(pid, environment).work();
  };
  for (const what of ["hours", "day", "server", "person"]) expect(await bring(what)).toBe(1);
  await drive(1);
  const firsts = ["hours", "day", "server", "person"].map((what) => `send {"first":"${what}"}`);
  const before = world.called.length;
  expect([before, (await world.runs()).map(({ status }) => status).toSorted()]).toEqual([5, ["failed", "failed", "parked", "parked", "parked", "pending", "pending"]]);
  // At midnight of a later day.
  await world.clock.advance(100 * DAY + DAY - (world.clock.now() % DAY));
  expect(await prune()).toEqual({ runs: 0, arrivals: 0, windows: 0, programs: 0, blobs: 0, bytes: 0 });
  expect(await bring("hours")).toBe(0);
  down = false;
  await drive(2);
  const [asked] = await world.store.transact({ durable: false }, (tx) => tx.listRequests({ status: ["open"], limit: 9 }));
  await answerRequests(world.store, [asked?.id ?? ""], { verdict: "approve", by: "kim", now: world.clock.now(), maxAgeMs: DAY, permitted: (tx, granted) => goOnWithGrant(tx, environment, granted) });
  await drive(2);
  expect(world.called.filter((call) => call.includes("first")).toSorted()).toEqual(firsts.toSorted());
  expect(world.called.slice(before).toSorted()).toEqual(['comment {"what":"hours"}', 'create {"what":"person"}', "get {}", 'remove {"what":"server"}', 'send {"later":true}', 'update {"what":"day"}']);
});

test("whoever started the run that started one may not answer what that asks, also when the first of them was removed", async () => {
  const approvers = { groups: {}, fourEyes: true };
  const top = 'import { workflow, start, approve } from "offstage"; export default workflow({';
  const asks = `${top} name: "asks", on: [] }, async () => (await approve({ message: "Go?" })).outcome);`;
  const middle = `import asks from "./asks.ts"; ${top} name: "middle", on: [] }, async () => { await start(asks, "k", {}); });`;
  const first = programOf(`import middle from "./middle.ts"; ${top} name: "first", on: [] }, async () => { await start(middle, "k", {}); });`, "checked", { asks, middle });
  await (await world.host(1).start({ program: first, inputs: {}, event: { kind: "call", by: "ada" } })).finished;
  await world.host(1).work();
  await world.clock.advance(91 * DAY);
  expect(await prune()).toMatchObject({ runs: 2 });
  const [asked] = await world.store.transact({ durable: false }, (tx) => tx.listWaits({ kind: "approval", limit: 9 }));
  const answer = (by: string): Promise<readonly string[]> => answerApproval(world.store, asked?.id ?? "", { verdict: "approved", by, at: world.clock.now() }, approvers);
  await expect(answer("ada")).rejects.toMatchObject({ code: "ANSWER_NOT_ALLOWED" });
  expect(await answer("kim")).toEqual([(await world.runs())[0]?.id]);
});

test("what is kept for ever is never removed, and one that is told to stop stops", async () => {
  await started("Kim");
  await world.host(1).work();
  await world.clock.advance(9_999 * DAY);
  expect(await prune(world.store, { retention: { runsMs: null, eventsMs: null } })).toEqual({ runs: 0, arrivals: 0, windows: 0, programs: 0, blobs: 0, bytes: 0 });
  expect(await prune(world.store, { stopping: AbortSignal.abort() })).toEqual({ runs: 0, arrivals: 0, windows: 0, programs: 0, blobs: 0, bytes: 0 });
  expect(await ids()).toHaveLength(1);
});

test("a key whose run was removed starts nothing while it is known, and says so; later it is a new one", async () => {
  const { id } = await started("Kim", "k1");
  await world.host(1).work();
  await world.clock.advance(10 * DAY);
  const short = { retention: { runsMs: 2 * DAY, eventsMs: 30 * DAY } };
  expect(await prune(world.store, short)).toMatchObject({ runs: 1, arrivals: 0 });
  await expect(started("Kim", "k1")).rejects.toMatchObject({ code: "RUN_UNKNOWN", message: expect.stringMatching(`${id} any more: what ended before .* was removed`) as string });
  await world.clock.advance(21 * DAY);
  expect(await prune(world.store, short)).toMatchObject({ runs: 0, arrivals: 1 });
  expect((await started("Kim", "k1")).id).not.toBe(id);
});

test("while a project is served the one that leads removes once an hour; a store that fails is told, and tried again", async () => {
  await started("Kim");
  await world.host(1).work();
  await world.clock.advance(91 * DAY);
  const news: ServeNews[] = [];
  const stopping = new AbortController();
  let [leads, broken] = [false, false];
  const store: Store = { ...world.store, transact: (how, body) => (broken ? Promise.reject(new OffstageError("STORE_FULL", "full")) : world.store.transact(how, body)) };
  const kept = keepPruning({ store, clock: world.clock, retention: RETENTION, leads: () => leads, news: (one) => void news.push(one), stopping: stopping.signal });
  await world.clock.advance(120_000);
  expect([news, (await ids()).length]).toEqual([[], 1]);
  [leads, broken] = [true, true];
  await world.clock.advance(3_600_000);
  expect(news.splice(0)).toMatchObject([{ kind: "failed", error: { code: "STORE_FULL" } }]);
  broken = false;
  await world.clock.advance(3_700_000);
  expect([news, await ids()]).toEqual([[{ kind: "pruned", pruned: { runs: 1, arrivals: 1, windows: 0, programs: 1, blobs: 0, bytes: 0 } }], []]);
  stopping.abort();
  await kept;
});
