import { afterEach, beforeEach, expect, test } from "vitest";
import { OffstageError } from "../../base/index.ts";
import { type RunHost, serveWorkflow, serveWorkflows, type ServeNews } from "../../host/index.ts";
import type { Run } from "../../model/index.ts";
import type { Store } from "../../state/index.ts";
import { programOf } from "../../testing/compile-source.ts";
import { createHostWorld, type HostTool, type HostWorld } from "../../testing/host-world.ts";
import { createSchedules } from "./index.ts";

const MINUTE = 60_000;

interface Process {
  readonly host: RunHost;
  readonly news: readonly ServeNews[];
  readonly ended: Promise<void>;
  /** As SIGTERM does; `now` aborted: as a second one. */
  stop(now?: AbortSignal): Promise<void>;
}

let world: HostWorld;
let send: HostTool;
const living = new Map<number, Process>();
const DAY = 1_440 * MINUTE;
beforeEach(async () => {
  send = () => null;
  world = await createHostWorld({ send: (args) => send(args) });
});
afterEach(async () => {
  for (const one of living.values()) await one.stop(AbortSignal.abort());
  living.clear();
  await world.close();
});

/** A workflow that tells the world what it is and for which time it runs. */
const BODY = 'await once(`${event?.kind === "schedule" ? event.at : ""}`, () => world.send({ at: event?.kind === "schedule" ? event.at.slice(11, 16) : null }));';
const source = (on: string, body = BODY, name = "tick"): string => `
import { workflow, every, cron, once, sleep } from "offstage";
import { world } from "#servers";
export default workflow({ name: "${name}", description: "", on: [${on}], inputs: {} }, async ({ event, run }) => { ${body} });`;

async function serve(pid: number, ...sources: readonly string[]): Promise<Process> {
  const environment = world.environment({ timeoutMs: () => DAY });
  const workflows = await Promise.all(sources.map((text) => serveWorkflow(programOf(text), environment)));
  const [host, store] = [world.host(pid, { timeoutMs: () => DAY }), world.storeOf(pid)];
  const [news, stopping] = [[] as ServeNews[], new AbortController()];
  const schedules = createSchedules(store, environment, () => workflows);
  const ended = serveWorkflows({ store, host, environment, workflows: () => workflows, sources: [schedules], news: (one) => void news.push(one), stopping: stopping.signal });
  const made: Process = {
    host, news, ended,
    async stop(now = new AbortController().signal) {
      living.delete(pid);
      stopping.abort();
      await ended;
      await host.leave(now);
      await host.close();
    },
  };
  living.set(pid, made);
  await world.clock.advance(0);
  return made;
}

function kill(pid: number): void {
  living.delete(pid);
  world.kill(pid);
}

const runs = (): Promise<readonly Run[]> => world.store.transact({ durable: false }, async (tx) => (await tx.listRuns({ limit: 99 })).toReversed());
const sent = (): readonly string[] => world.called.map((call) => /\d\d:\d\d/.exec(call)?.[0] ?? call);

test("a process that has nothing to drive ends when a newer version has its store", async () => {
  let newer = false;
  const store: Store = { ...world.store, transact: (how, body) => (newer && how.reads !== true ? Promise.reject(new OffstageError("STORE_NEWER", "Newer.")) : world.store.transact(how, body)) };
  let ended: unknown = null;
  serveWorkflows({ store, host: world.host(1, {}, store), environment: world.environment(), workflows: () => [], sources: [], news: () => undefined, stopping: new AbortController().signal }).catch((error: unknown) => (ended = error));
  await world.clock.advance(MINUTE);
  expect(ended).toBeNull();
  newer = true;
  await world.clock.advance(6_000);
  expect(ended).toMatchObject({ code: "STORE_NEWER" });
});

test("each planned time starts one run, which is told the time; what the filter does not want starts none", async () => {
  await serve(1, source('every("1m", { when: (event) => !event.at.includes(":02:") })'));
  await world.clock.advance(3 * MINUTE + 6_000);
  expect(sent()).toEqual(["09:01", "09:03"]);
  expect((await runs()).map(({ event, status }) => [event, status])).toEqual(["01", "03"].map((minute) => [{ kind: "schedule", at: `2026-11-02T09:${minute}:00.000Z` }, "succeeded"]));
});

test.each([
  ["put forward: what is left out comes at the end of the gap", "2027-03-28T00:59:58Z", ["2027-03-28T01:00:00.000Z"]],
  ["put back: what comes twice is run once", "2027-10-31T00:29:58Z", ["2027-10-31T00:30:00.000Z"]],
])("a time of a day in Berlin on which clocks are %s, also when another process takes over in between", async (_what, from, times) => {
  const on = source('cron("30 2 * * *", { timezone: "Europe/Berlin", missed: "all" })');
  await world.clock.advance(Date.parse(from) - world.clock.now());
  await serve(1, on);
  await world.clock.advance(3_000);
  kill(1);
  await world.clock.advance(60 * MINUTE - 3_000);
  await serve(2, on);
  await world.clock.advance(6_000);
  expect((await runs()).map(({ event }) => (event.kind === "schedule" ? event.at : null))).toEqual(times);
  expect(world.called).toHaveLength(1);
});

test("a sweep is told to its run, and no other one is", async () => {
  await serve(1, source('every("1m", { sweep: true }), every("7m")'));
  await world.clock.advance(7 * MINUTE + 30_000);
  expect((await runs()).map(({ sweep }) => sweep).filter((sweep) => !sweep)).toHaveLength(1);
});

test("two processes on one store start one run for each time, and the other goes on when the first is killed", async () => {
  await serve(1, source('every("1m")'));
  const second = await serve(2, source('every("1m")'));
  await world.clock.advance(MINUTE + 6_000);
  kill(1);
  await world.clock.advance(2 * MINUTE);
  expect(sent()).toEqual(["09:01", "09:02", "09:03"]);
  expect(second.news.map(({ kind }) => kind)).toEqual(["listening", "followed", "led", "arrived", "started", "arrived", "started"]);
});

test("a process that was killed in a run is followed by one that ends that run, and no write is made twice", async () => {
  send = () => new Promise(() => undefined);
  await serve(1, source('every("1m")'));
  await world.clock.advance(MINUTE);
  expect(sent()).toEqual(["09:01"]);
  kill(1);
  send = () => null;
  await serve(2, source('every("1m")'));
  await world.clock.advance(90_000);
  expect((await runs()).map(({ status }) => status)).toEqual(["needs-attention", "succeeded"]);
  expect(sent()).toEqual(["09:01", "09:02"]);
});

test("while a run goes on the newest time of its schedule waits; those before it are dropped, and it is said why", async () => {
  let go = (): void => undefined;
  send = ({ at }) => (at === "09:01" ? new Promise<null>((resolve) => void (go = () => resolve(null))) : null);
  const { news } = await serve(1, source('every("1m")'));
  await world.clock.advance(3.5 * MINUTE);
  expect(sent()).toEqual(["09:01"]);
  go();
  await world.clock.advance(1_000);
  expect(sent()).toEqual(["09:01", "09:03"]);
  expect(news.flatMap((one) => (one.kind === "dropped" ? [`${one.arrival.id}: ${one.arrival.why}`] : []))).toEqual(["2026-11-02T09:02:00.000Z: a later time of the same schedule came before it could start"]);
});

test("with replace a newer event cancels the run that goes on, after the call that is under way", async () => {
  let go = (): void => undefined;
  send = ({ at }) => (at === "09:01" ? new Promise<null>((resolve) => void (go = () => resolve(null))) : null);
  await serve(1, source('every("1m", { overlap: "replace" })', `${BODY} await once(run.id, () => world.send({ at: "rest" }));`));
  await world.clock.advance(2 * MINUTE);
  go();
  await world.clock.advance(1_000);
  expect((await runs()).map(({ status }) => status)).toEqual(["cancelled", "succeeded"]);
  expect(sent()).toEqual(["09:01", "09:02", 'send {"at":"rest"}']);
});

test("with replace a parked run, and one that has no turn yet, end too; a run that takes long holds up nothing that comes meanwhile", async () => {
  let go = (): void => undefined;
  send = ({ at }) => (at === "long" ? new Promise<null>((resolve) => void (go = () => resolve(null))) : null);
  const { news } = await serve(1, source('every("1m", { overlap: "replace" })', `await sleep("10h"); ${BODY}`, "nap"), source('cron("1 9 * * *", { timezone: "UTC" })', 'await once("long", () => world.send({ at: "long" }));', "long"), source('every("1m", { overlap: "replace" })'));
  await world.clock.advance(5 * MINUTE);
  expect(news.flatMap((one) => (one.kind === "arrived" && one.arrival.workflow === "tick" ? [one.arrival.id.slice(11, 16)] : []))).toEqual(["09:01", "09:02", "09:03", "09:04", "09:05"]);
  expect(news.filter(({ kind }) => kind === "failed")).toEqual([]);
  go();
  await world.clock.advance(1_000);
  expect((await runs()).map(({ workflow, status }) => `${workflow} ${status}`).toSorted()).toEqual(["long succeeded", "nap cancelled", "nap parked", "tick cancelled", "tick succeeded"]);
});

test("a parked run goes on at its instant, and does not keep other workflows waiting", async () => {
  await serve(1, source('every("1m")', 'await sleep("90s"); await once("nap", () => world.send({ at: "nap" }));', "nap"), source('every("1m")'));
  await world.clock.advance(2 * MINUTE + 1_000);
  expect(sent()).toEqual(["09:01", "09:02"]);
  await world.clock.advance(30_000);
  expect(world.called.filter((call) => call.includes("nap"))).toHaveLength(1);
});

test("times that passed while nothing ran start one run, none or each, as the schedule says", async () => {
  const on = ["", ', { missed: "skip" }', ', { missed: "all" }'].map((options, index) => source(`every("10m"${options})`, `await once(event?.kind === "schedule" ? event.at : "", () => world.send({ at: event?.kind === "schedule" ? "${"oSa"[index]}" + event.at.slice(11, 16) : null }));`, `w${index}`));
  const first = await serve(1, ...on);
  await world.clock.advance(MINUTE);
  await first.stop();
  await world.clock.advance(31 * MINUTE);
  await serve(2, ...on);
  await world.clock.advance(1_000);
  expect(new Set(world.called.map((call) => /"at":"(.*)"/.exec(call)?.[1]))).toEqual(new Set(["a09:10", "a09:20", "a09:30", "o09:30"]));
  expect(world.called).toHaveLength(4);
});

test("one that stops lets the run that goes on come to its end, and begins none", async () => {
  let go = (): void => undefined;
  send = () => new Promise<null>((resolve) => void (go = () => resolve(null)));
  const one = await serve(1, source('every("1m")'), source('every("1m")', undefined, "other"));
  await world.clock.advance(MINUTE);
  const stopped = one.stop();
  go();
  await stopped;
  expect((await runs()).map(({ status }) => status).toSorted()).toEqual(["queued", "succeeded"]);
});

test("one that is told to stop at once leaves the run after its call; the next process goes on with it, and makes no write twice", async () => {
  let go = (): void => undefined;
  send = ({ at }) => (at === "one" ? new Promise<null>((resolve) => void (go = () => resolve(null))) : null);
  const text = source('every("1m")', 'await once("1", () => world.send({ at: "one" })); await once("2", () => world.send({ at: "two" }));');
  const first = await serve(1, text);
  await world.clock.advance(MINUTE);
  const stopped = first.stop(AbortSignal.abort());
  go();
  await stopped;
  expect((await runs()).map(({ status }) => status)).toEqual(["running"]);
  await serve(2, text);
  await world.clock.advance(1_000);
  expect((await runs()).map(({ status }) => status)).toEqual(["succeeded"]);
  expect(world.called).toEqual(['send {"at":"one"}', 'send {"at":"two"}']);
});

test("while a run goes on, a parked one that is due is no reason to look at the store without pause", async () => {
  send = ({ at }) => (at === "stuck" ? new Promise(() => undefined) : null);
  const { transact } = world.store;
  let looks = 0;
  world.storeOf = () => ({ ...world.store, transact: (how, body) => ((looks += 1), transact(how, body)) });
  await serve(1, source('every("1m")', 'await sleep("30s"); await once("nap", () => world.send({ at: "nap" }));', "nap"), source('every("1m", { when: (event) => event.at.includes("09:01") })', 'await sleep("10s"); await once("stuck", () => world.send({ at: "stuck" }));', "stuck"));
  await world.clock.advance(MINUTE + 20_000);
  expect(sent()).toEqual(['send {"at":"stuck"}']);
  looks = 0;
  await world.clock.advance(MINUTE);
  expect(looks).toBeLessThan(1_000);
  kill(1);
});

test("jitter puts a run off, the same for the same time in every process", async () => {
  await serve(1, source('every("1m", { jitter: "30s" })'));
  await serve(2, source('every("1m", { jitter: "30s" })'));
  await world.clock.advance(MINUTE);
  expect(sent()).toEqual([]);
  await world.clock.advance(30_000 + 1_000);
  expect(sent()).toEqual(["09:01"]);
});

test("a trigger that fails on an event starts nothing, and its arrival says why", async () => {
  const { news } = await serve(1, source('every("1m", { key: (event) => (event.at as any).nothing.at })'));
  await world.clock.advance(MINUTE);
  expect(news.find(({ kind }) => kind === "dropped")).toMatchObject({ arrival: { why: expect.stringContaining("its trigger failed: ") as unknown } });
  expect(await runs()).toEqual([]);
});
