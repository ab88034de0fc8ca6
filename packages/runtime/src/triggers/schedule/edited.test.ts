import { afterEach, beforeEach, expect, test } from "vitest";
import { createRedactor } from "../../base/index.ts";
import { answerApproval, bringEvent, type Environment, type ServedWorkflow, serveWorkflow, serveWorkflows } from "../../host/index.ts";
import { DEFAULT_POLICY, type Policy, type Run } from "../../model/index.ts";
import { changePauses } from "../../state/index.ts";
import { programOf } from "../../testing/compile-source.ts";
import { createHostWorld, type HostTool, type HostWorld } from "../../testing/host-world.ts";
import { createSchedules } from "./index.ts";

// Workflows that are edited while they are served.

const MINUTE = 60_000;

let world: HostWorld;
let send: HostTool;
let workflows: readonly ServedWorkflow[];
let environment: Environment;
let policy: Policy;
let stop: () => Promise<void>;
beforeEach(async () => {
  send = () => null;
  policy = DEFAULT_POLICY;
  world = await createHostWorld({ send: (args) => send(args) });
  environment = world.environment({ policyNow: () => policy, timeoutMs: () => 100 * MINUTE });
});
afterEach(async () => {
  await stop();
  await world.close();
});

/** `says` is written before and after the world answers. */
const source = (says: string, { name = "tick", on = 'every("1m")', was = "" } = {}): string => `
import { workflow, every, once } from "offstage";
import { world } from "#servers";
export default workflow({ name: "${name}", ${was === "" ? "" : `was: "${was}", `}on: [${on}] }, async ({ event }) => {
  const at = event?.kind === "schedule" ? event.at.slice(11, 16) : "";
  await once(\`first \${at}\`, () => world.send({ says: "${says}", at }));
  await once(\`then \${at}\`, () => world.send({ says: "${says} too", at }));
});`;

async function edit(...sources: readonly string[]): Promise<void> {
  workflows = await Promise.all(sources.map((text) => serveWorkflow(programOf(text), environment)));
}

async function serve(...sources: readonly string[]): Promise<void> {
  await edit(...sources);
  const stopping = new AbortController();
  const host = world.host(1, environment);
  const served = (): readonly ServedWorkflow[] => workflows;
  const ended = serveWorkflows({ store: world.store, host, environment, workflows: served, sources: [createSchedules(world.store, environment, served)], news: () => undefined, stopping: stopping.signal });
  stop = async () => {
    stopping.abort();
    await ended;
    await host.leave(AbortSignal.abort());
  };
  await world.clock.advance(0);
}

const runs = async (): Promise<readonly Run[]> => (await world.runs()).toReversed();
const said = (): readonly string[] => world.called.filter((call) => call.startsWith("send")).map((call) => `${/"at":"(.*?)"/.exec(call)?.[1]} ${/"says":"(.*?)"/.exec(call)?.[1]}`);

/** The first write waits until it is let go. */
function held(): () => void {
  let go = (): void => undefined;
  send = ({ at, says }) => (at === "09:01" && !String(says).endsWith("too") ? new Promise<null>((resolve) => void (go = () => resolve(null))) : null);
  return () => go();
}

test("a run that goes on ends by the program that it began with, and what waited behind it begins with the new one", async () => {
  const go = held();
  await serve(source("old"));
  await world.clock.advance(2.2 * MINUTE);
  await edit(source("new"));
  go();
  await world.clock.advance(MINUTE / 2);
  expect(said()).toEqual(["09:01 old", "09:01 old too", "09:02 new", "09:02 new too"]);
  expect(new Set((await runs()).map(({ programHash }) => programHash)).size).toBe(2);
});

test("what waits for a workflow that was taken away stays, and begins when it is there again", async () => {
  const go = held();
  await serve(source("old"), source("other", { name: "other", on: 'every("50m")' }));
  await world.clock.advance(2.2 * MINUTE);
  await edit(source("other", { name: "other", on: 'every("50m")' }));
  go();
  await world.clock.advance(MINUTE / 2);
  expect(said()).toEqual(["09:01 old", "09:01 old too"]);
  expect(await world.store.transact({ durable: false }, (tx) => tx.countWaitingArrivals({ workflows: ["tick"], limit: 9 }))).toBe(1);
  await edit(source("new"));
  await world.clock.advance(1_000);
  expect(said().slice(2)).toEqual(["09:02 new", "09:02 new too"]);
});

test("a renamed workflow waits for the run that goes on, takes what waited for its former name, and keeps the past of its schedules", async () => {
  const go = held();
  const on = 'every("1m", { missed: "all" })';
  await serve(source("old", { on }));
  await world.clock.advance(2.2 * MINUTE);
  await edit(source("new", { name: "tock", was: "tick", on }));
  await world.clock.advance(MINUTE);
  expect(said()).toEqual(["09:01 old"]);
  go();
  await world.clock.advance(MINUTE / 2);
  // One waited for either name.
  expect(said()).toEqual(["09:01 old", "09:01 old too", "09:02 new", "09:02 new too", "09:03 new", "09:03 new too"]);
  expect((await runs()).map(({ workflow, scope }) => `${workflow} ${scope}`)).toEqual(["tick tick", "tock tick", "tock tick"]);
});

test("the past of a renamed schedule is that of its former name: a time that passed meanwhile is not missed, and none comes twice", async () => {
  await serve(source("old", { on: 'every("1m", { missed: "all" })' }));
  await world.clock.advance(MINUTE);
  await stop();
  await world.clock.advance(3 * MINUTE);
  await serve(source("new", { name: "tock", was: "tick", on: 'every("1m", { missed: "all" })' }));
  await world.clock.advance(1_000);
  expect(said().filter((one) => !one.endsWith("too"))).toEqual(["09:01 old", "09:02 new", "09:03 new", "09:04 new"]);
});

test("a workflow is renamed while its run waits for a server, and then for a person, and others wait behind it: everything goes on once, in order, what began by its old program and what waited by the new one", async () => {
  let down = true;
  const { calls } = environment;
  environment = world.environment({ retryMs: 60 * MINUTE, calls: { ...calls, read: (asked) => (down ? Promise.resolve({ kind: "error", error: { code: "SERVER_UNREACHABLE", message: "" }, gone: false }) : calls.read(asked)) } });
  const asks = (says: string, name: string, was = ""): string => `import { workflow, webhook, once, approve } from "offstage"; import { world } from "#servers";
    export default workflow({ name: "${name}", ${was === "" ? "" : `was: "${was}", `}on: [webhook("hub")] }, async ({ event }) => {
      const at = event?.kind === "webhook" ? event.body as string : "";
      await once.perRun(() => world.send({ says: "${says} begins", at }));
      await world.get({});
      const said = await approve({ message: at });
      await once(at, () => world.send({ says: "${says} " + said.outcome, at }));
    });`;
  const bring = async (at: string): Promise<number> => (await bringEvent(world.store, { ...environment, redactor: createRedactor() }, workflows, { topic: "webhook:hub", id: at, event: { kind: "webhook", source: "hub", headers: {}, body: at } })).arrivals.length;
  const brief = async (): Promise<readonly string[]> => (await runs()).map(({ workflow, status }) => `${workflow} ${status}`).toSorted();
  const approve = async (): Promise<void> => {
    const [asked] = await world.store.transact({ durable: false }, (tx) => tx.listWaits({ kind: "approval", status: ["open"], limit: 9 }));
    await answerApproval(world.store, asked?.id ?? "", { verdict: "approved", by: "kim", at: world.clock.now() });
    await world.clock.advance(2_000);
  };
  await serve(asks("old", "tick"));
  for (const at of ["1", "2"]) expect(await bring(at)).toBe(1);
  await world.clock.advance(1_000);
  await edit(asks("new", "tock", "tick"));
  expect([await bring("3"), await bring("2"), await brief()]).toEqual([1, 0, ["tick failed", "tick parked"]]);
  down = false;
  await world.clock.advance(MINUTE);
  expect(await brief()).toEqual(["tick failed", "tick parked"]);
  expect(said()).toEqual(["1 old begins"]);
  for (let run = 0; run < 3; run++) await approve();
  expect(said()).toEqual(["1 old begins", "1 old approved", "2 new begins", "2 new approved", "3 new begins", "3 new approved"]);
  expect(await brief()).toEqual(["tick failed", "tick succeeded", "tock succeeded", "tock succeeded"]);
});

test("a policy that changes counts for the next write of a run that goes on", async () => {
  const go = held();
  await serve(source("old"));
  await world.clock.advance(MINUTE);
  policy = { ...DEFAULT_POLICY, rules: [{ verdict: "deny" }] };
  go();
  await world.clock.advance(MINUTE / 2);
  expect(said()).toEqual(["09:01 old"]);
  expect((await runs()).map(({ status, error }) => [status, error?.code])).toEqual([["failed", "EFFECT_REFUSED"]]);
});

test("a run that goes on is judged by the name that its workflow has now, and a day's limit goes on counting, under whichever name it stands", async () => {
  const renamed = new Map<string, string>();
  environment = world.environment({ policyNow: () => policy, timeoutMs: () => 100 * MINUTE, nameNow: (name) => renamed.get(name) ?? name });
  const go = held();
  policy = { ...DEFAULT_POLICY, limits: [{ perDay: 3, workflow: "tick" }] };
  await serve(source("old"));
  await world.clock.advance(MINUTE);
  await edit(source("new", { name: "tock", was: "tick" }));
  renamed.set("tick", "tock");
  policy = { ...policy, rules: [{ verdict: "approve", workflow: "tock" }] };
  go();
  await world.clock.advance(MINUTE / 2);
  expect([said(), (await runs()).map(({ workflow, status }) => `${workflow} ${status}`)]).toEqual([["09:01 old"], ["tick pending"]]);
  policy = { ...DEFAULT_POLICY, limits: [{ perDay: 3, workflow: "tick" }] };
  await world.clock.advance(MINUTE);
  expect([said(), (await runs()).map(({ workflow, status }) => `${workflow} ${status}`)]).toEqual([["09:01 old", "09:02 new", "09:02 new too"], ["tick pending", "tock succeeded"]]);
  policy = { ...DEFAULT_POLICY, limits: [{ perDay: 3, workflow: "tock" }] };
  await world.clock.advance(MINUTE);
  expect([said().slice(3), (await runs()).map(({ workflow, status }) => `${workflow} ${status}`)]).toEqual([[], ["tick pending", "tock succeeded", "tock failed"]]);
});

test("a workflow that was paused stays so when it is renamed", async () => {
  await serve(source("old"));
  await world.store.transact({ durable: true }, (tx) => changePauses(tx, { add: ["workflow:tick"] }));
  await edit(source("new", { name: "tock", was: "tick" }));
  await world.clock.advance(MINUTE + 1_000);
  expect([said(), (await runs()).map(({ workflow, status }) => `${workflow} ${status}`)]).toEqual([[], ["tock pending"]]);
});

test("while two versions are served over one store, an event that only the new one listens to waits until that leads", async () => {
  await serve(source("old"));
  const other = await serveWorkflow(programOf(source("other", { name: "other", on: 'webhook("hub"), every("50m")' }).replace("workflow, every", "workflow, webhook, every")), environment);
  await bringEvent(world.store, { ...environment, redactor: createRedactor() }, [other], { topic: "webhook:hub", id: "1", event: { kind: "webhook", source: "hub", headers: {}, body: null } });
  await world.clock.advance(2_000);
  expect(await runs()).toEqual([]);
  workflows = [...workflows, other];
  await world.clock.advance(2_000);
  expect((await runs()).map(({ workflow, status }) => `${workflow} ${status}`)).toEqual(["other succeeded"]);
});
