import { expect, onTestFinished, test } from "vitest";
import type { Data, JsonObject } from "../../base/index.ts";
import type { RunHost } from "../../host/index.ts";
import { type Binding, DEFAULT_POLICY, type Run } from "../../model/index.ts";
import type { Program } from "../../program/index.ts";
import { bodyProgram } from "../../testing/compile-source.ts";
import { CALL } from "../../testing/host-runs.ts";
import { createHostWorld, type HostWorld } from "../../testing/host-world.ts";

const HOUR = 3_600_000;

const record = (more = ""): string => `
const ticket = record("ticket", {
  identity: (pr: any) => pr.id,
  find: async (pr: any) => world.search({ id: pr.id }),
  create: (pr: any) => world.create({ id: pr.id }),
  keep: (t: any) => ({ key: t.key }),
  release: (kept: any) => world.remove({ key: kept.key }),
  ${more}
});`;
const BODY = "await each(await world.list({}) as any, { key: (pr: any) => pr.id }, async (pr: any) => { await ticket.ensure(pr); });";
const SWEEPER = bodyProgram(BODY, record());

type Tool = (args: { readonly [name: string]: Data }) => Data | Promise<Data>;

/** A desk whose `list` gives the ids in `listed`; what happens to its tickets is in `world.called`. */
interface Desk {
  readonly world: HostWorld;
  listed: readonly string[];
  /** What a tool does instead of its work, by tool. */
  readonly faults: Map<string, Tool>;
  /** An hour later. */
  sweep(program?: Program, how?: { readonly inputs?: JsonObject; readonly host?: RunHost }): Promise<Run>;
  bindings(): Promise<readonly Binding[]>;
  removed(): readonly string[];
}

async function createDesk(ids: readonly string[]): Promise<Desk> {
  const faults: Desk["faults"] = new Map();
  const usual: Desk["faults"] = new Map<string, Tool>([
    ["get", () => null],
    ["list", () => desk.listed.map((id) => ({ id }))],
    ["search", () => []],
    ["create", ({ id }) => ({ key: `T-${String(id)}` })],
    ["remove", () => null],
  ]);
  const world = await createHostWorld(Object.fromEntries([...usual].map(([tool, work]) => [tool, (args: { readonly [name: string]: Data }) => (faults.get(tool) ?? work)(args)])));
  onTestFinished(() => world.close());
  const host = world.host(1);
  const desk: Desk = {
    world, listed: ids, faults,
    async sweep(program = SWEEPER, { inputs = {}, host: by = host } = {}) {
      await world.clock.advance(HOUR);
      return (await by.start({ program, inputs, event: CALL, sweep: true })).finished;
    },
    bindings: () => world.store.transact({ durable: false }, (tx) => tx.listBindings({ limit: 99 })),
    removed: () => world.called.flatMap((call) => (call.startsWith("remove") ? [/T-\w+/.exec(call)?.[0] ?? call] : [])),
  };
  return desk;
}

test("what two complete sweeps did not come to is released; the first one only counts, and a run that is no sweep does neither", async () => {
  const desk = await createDesk(["a", "b", "c"]);
  expect((await desk.sweep()).counts.swept).toEqual({ lost: null, missed: 0, orphans: 0, strange: {} });
  desk.listed = ["a"];
  const usual = await (await desk.world.host(2).start({ program: SWEEPER, inputs: {}, event: CALL })).finished;
  expect(usual.counts.swept).toBeUndefined();
  expect((await desk.sweep()).counts.swept).toMatchObject({ missed: 2, orphans: 0 });
  expect(desk.removed()).toEqual([]);
  expect((await desk.sweep()).counts.swept).toMatchObject({ missed: 2, orphans: 2 });
  expect(desk.removed()).toEqual(["T-b", "T-c"]);
  expect((await desk.bindings()).map(({ key, releasedAt }) => [key, releasedAt !== null])).toEqual([["a", false], ["b", true], ["c", true]]);
  expect((await desk.sweep()).counts.swept).toMatchObject({ missed: 0, orphans: 0 });
});

test("who occurs again between two sweeps begins anew; an empty list that is complete releases", async () => {
  const desk = await createDesk(["a"]);
  await desk.sweep();
  for (const listed of [[], ["a"], [], []]) {
    desk.listed = listed;
    expect(desk.removed()).toEqual([]);
    await desk.sweep();
  }
  expect(desk.removed()).toEqual(["T-a"]);
});

const GOES_ON = BODY.replace("(pr: any) => pr.id }", "(pr: any) => pr.id, onError: \"continue\" }");

test.for([
  ["a list that could not be read, which was caught", "list", `try { ${BODY} } catch { log("never mind"); }`, { lost: "the workflow caught that something could not be read", missed: 3 }],
  ["a list that could not be read and that ended the run", "list", BODY, undefined],
  ["an item that came to nothing before it came to its record", "get", GOES_ON.replace("await ticket", 'if (pr.id === "b") await world.get({}); await ticket'), { lost: "each#1[b] ended before it came to its record", missed: 2 }],
  ["an item that left its record out because something could not be read", "get", BODY.replace("await ticket.ensure(pr);", 'try { if (pr.id === "b") await world.get({}); await ticket.ensure(pr); } catch { log("next"); }'), { lost: "each#1[b] ended before it came to its record", missed: 2 }],
] as const)("a sweep that may not have seen everything releases nothing and is no witness: %s", async ([, broken, body, told]) => {
  const desk = await createDesk(["a", "b", "c"]);
  await desk.sweep();
  desk.listed = ["a", "b"];
  desk.faults.set(broken, () => { throw new Error("the server is down"); });
  for (let time = 0; time < 3; time++) expect((await desk.sweep(bodyProgram(body, record()))).counts.swept).toEqual(told === undefined ? undefined : { ...told, orphans: 0, strange: {} });
  expect(desk.removed()).toEqual([]);
  expect((await desk.bindings()).map(({ missedSweeps }) => missedSweeps)).toEqual([0, 0, 0]);
});

test("a sweep that may have failed releases nothing and is no witness: whether it did is known only when what is held was made", async () => {
  const desk = await createDesk(["a", "b"]);
  await desk.sweep();
  desk.listed = ["a"];
  const host = desk.world.host(2, { policy: { ...DEFAULT_POLICY, rules: [{ verdict: "approve", tool: "send" }] } });
  const program = bodyProgram(`${BODY} const sent: any = await once("gate", () => world.send({})); if (sent.stop === true) fail("stop");`, record());
  for (let time = 0; time < 3; time++) expect((await desk.sweep(program, { host })).counts.swept).toMatchObject({ lost: expect.stringContaining("may have ended early") as string, missed: 1, orphans: 0 });
  expect([desk.removed(), (await desk.bindings()).map(({ missedSweeps }) => missedSweeps)]).toEqual([[], [0, 0]]);
});

test("a sweep whose end lost a state to another run failed, and is no witness", async () => {
  const desk = await createDesk(["a"]);
  const program = bodyProgram(`await sweeps.set((await sweeps.get()) + 1); ${BODY}`, `const sweeps = state("sweeps", 0); ${record()}`);
  await desk.sweep(program);
  desk.listed = [];
  desk.faults.set("list", async () => {
    await desk.world.store.transact({ durable: false }, async (tx) => tx.putState("test", "sweeps", "", "9", (await tx.getState("test", "sweeps", ""))?.version ?? 0));
    return [];
  });
  for (let time = 0; time < 2; time++) expect(await desk.sweep(program)).toMatchObject({ status: "failed", error: { code: "STATE_CONFLICT" } });
  expect([desk.removed(), (await desk.bindings()).map(({ missedSweeps }) => missedSweeps)]).toEqual([[], [0]]);
});

const REPOS = (body: string): string => `await each(["r"], { key: (r) => r, onError: "continue" }, async (r) => { ${body} });`;

test.for([
  ["an item that came to one record and not to the others, because something could not be read", "list", REPOS(`await ticket.ensure({ id: "a" }); try { ${BODY} } catch { log("no list"); }`), "each#1[r] may have ended before it came to all of its records"],
  ["an item that failed at the first of its records", "get", REPOS(BODY), "each#1[r]/each#2[a] may have ended before it came to all of its records"],
  ["an item that failed at one of its records in a function of its own", "get", `const visit = async (pr: any) => { await ticket.ensure(pr); }; ${REPOS('await visit({ id: "a" }); await visit({ id: "b" });')}`, "each#1[r] may have ended before it came to all of its records"],
  ["a record that was left out because the one before it could not be kept", "get", 'try { await ticket.ensure({ id: "a" }); await ticket.ensure({ id: "b" }); } catch { log("never mind"); }', "the workflow caught that a record could not be kept"],
  ["items that were not begun because one failed", "get", `try { ${BODY} } catch { log("never mind"); }`, "each#1[a] may have ended before it came to all of its records"],
] as const)("who failed at one record may have left out others: %s", async ([, broken, body, lost]) => {
  const desk = await createDesk(["a", "b"]);
  const program = bodyProgram(body, record("read: (kept: any) => world.get({ key: kept.key }),"));
  await desk.sweep(program);
  desk.faults.set(broken, () => { throw new Error("down"); });
  for (let time = 0; time < 3; time++) expect((await desk.sweep(program)).counts.swept).toMatchObject({ lost, missed: 1, orphans: 0 });
  expect(desk.removed()).toEqual([]);
});

test("a list that was read in part releases nothing, also where a part is enough", async () => {
  const desk = await createDesk(["a", "b"]);
  await desk.sweep();
  desk.listed = ["a"];
  const { rulebook } = desk.world.environment();
  const paging = { max: null, first: () => ({}), items: (page: unknown) => page as never, more: () => false, next: () => ({}) };
  const host = desk.world.host(6, { rulebook: { ...rulebook, tools: { ...rulebook.tools, paging: () => paging } } });
  const program = bodyProgram(BODY.replace("world.list({})", 'world.list.pages({}, { max: 1, truncate: "allow" })'), record());
  for (let time = 0; time < 3; time++) expect((await desk.sweep(program, { host })).counts.swept).toMatchObject({ lost: "world.list: read 1 pages, and there are more", missed: 1, orphans: 0 });
  expect(desk.removed()).toEqual([]);
});

test("a sweep that goes on after it was parked knows of items whose record failed, also where that was caught", async () => {
  const desk = await createDesk(["a", "b"]);
  const program = bodyProgram(`${BODY.replace("await ticket.ensure(pr);", 'try { await ticket.ensure(pr); } catch { log("later"); }')} await sleep("5m");`, record("read: (kept: any) => world.get({ key: kept.key }),"));
  desk.faults.set("get", ({ key }) => { if (key === "T-b") throw new Error("down"); return {}; });
  for (let time = 0; time < 4; time++) {
    const { id } = await desk.sweep(program);
    await desk.world.clock.advance(HOUR);
    await desk.world.host(5).work();
    expect((await desk.world.store.transact({ durable: false }, (tx) => tx.getRun(id)))?.counts.swept).toMatchObject({ lost: null, missed: 0 });
  }
  expect(desk.removed()).toEqual([]);
});

test("an item that failed at its record was still visited", async () => {
  const desk = await createDesk(["a", "b"]);
  const program = bodyProgram(GOES_ON, record("read: (kept: any) => world.get({ key: kept.key }),"));
  await desk.sweep(program);
  desk.faults.set("get", ({ key }) => { if (key === "T-b") throw new Error("down"); return {}; });
  for (let time = 0; time < 3; time++) expect(await desk.sweep(program)).toMatchObject({ status: "partial", counts: { swept: { lost: null, missed: 0 } } });
  expect(desk.removed()).toEqual([]);
});

test("bindings of other inputs, of other workflows and of records that the workflow has no more are left alone; the last are told", async () => {
  const desk = await createDesk(["a"]);
  await desk.sweep(SWEEPER, { inputs: { any: "other" } });
  desk.listed = ["b"];
  await desk.sweep();
  desk.listed = [];
  const without = bodyProgram("await world.list({});");
  for (let time = 0; time < 3; time++) expect((await desk.sweep(without)).counts.swept).toMatchObject({ missed: 0, orphans: 0, strange: { ticket: 1 } });
  expect(desk.removed()).toEqual([]);
  for (let time = 0; time < 3; time++) await desk.sweep();
  expect(desk.removed()).toEqual(["T-b"]);
});

test("releaseAfter and releaseWhen are waited for and asked", async () => {
  const desk = await createDesk(["a", "b"]);
  const program = bodyProgram(BODY, record('releaseAfter: "5h", releaseWhen: (kept: any) => kept.key !== "T-b",'));
  await desk.sweep(program);
  desk.listed = [];
  for (let hour = 1; hour <= 4; hour++) await desk.sweep(program);
  expect(desk.removed()).toEqual([]);
  await desk.sweep(program);
  await desk.sweep(program);
  expect(desk.removed()).toEqual(["T-a"]);
});

test("more than the guard allows waits for a person; the run that goes on with the grant is no witness of its own", async () => {
  const ids = Array.from({ length: 8 }, (_, index) => `p${index}`);
  const desk = await createDesk(ids);
  await desk.sweep();
  desk.listed = [];
  await desk.sweep();
  const held = await desk.sweep();
  expect(held).toMatchObject({ status: "pending", counts: { swept: { orphans: 8 } } });
  expect([desk.removed().length, held.held.length]).toEqual([5, 3]);
  const continued = await (await desk.world.host(3).continue(held.id)).finished;
  expect(continued).toMatchObject({ sweep: true, status: "pending" });
  expect((await desk.bindings()).filter(({ releasedAt }) => releasedAt === null).map(({ missedSweeps }) => missedSweeps)).toEqual([2, 2, 2]);
});

test("what another run comes to while the sweep goes on occurs, and is not released", async () => {
  const desk = await createDesk(["a", "b"]);
  const program = bodyProgram(BODY, record("releaseWhen: async (kept: any) => (await world.get({ key: kept.key })) === null,"));
  await desk.sweep(program);
  desk.listed = [];
  await desk.sweep(program);
  // While it is asked about the first one, the second one comes back.
  desk.faults.set("get", async ({ key }) => {
    desk.faults.delete("get");
    await desk.world.store.transact({ durable: false }, async (tx) => {
      const binding = await tx.getBinding({ scope: "test", record: "ticket", key: "b" });
      if (binding !== null) await tx.putBinding({ ...binding, lastSeenAt: desk.world.clock.now() });
    });
    return key === "T-a" ? null : 0;
  });
  expect((await desk.sweep(program)).counts.swept).toMatchObject({ missed: 2, orphans: 2 });
  expect(desk.removed()).toEqual(["T-a"]);
  expect((await desk.bindings()).map(({ key, missedSweeps }) => [key, missedSweeps])).toEqual([["a", 1], ["b", 1]]);
});

test("a sweep that is killed in its releases goes on with them: each is made once, and its absences count once", async () => {
  const desk = await createDesk(["a", "b", "c"]);
  await desk.sweep();
  desk.listed = [];
  await desk.sweep();
  const dying = desk.world.host(7);
  desk.faults.set("remove", ({ key }) => { if (key === "T-b") { desk.world.kill(7); return new Promise<never>(() => undefined); } return null; });
  void desk.sweep(SWEEPER, { host: dying });
  for (let turn = 0; turn < 5 && desk.removed().length < 2; turn++) await desk.world.clock.advance(HOUR);
  desk.faults.clear();
  await desk.world.host(8).work();
  expect(desk.removed()).toEqual(["T-a", "T-b", "T-c"]);
  const [run] = await desk.world.store.transact({ durable: false }, (tx) => tx.listRuns({ limit: 1 }));
  expect(run).toMatchObject({ status: "needs-attention" });
  expect((await desk.bindings()).map(({ key, releasedAt, missedSweeps }) => [key, releasedAt !== null, missedSweeps])).toEqual([["a", true, 1], ["b", false, 2], ["c", true, 1]]);
});

test("the plan of a sweep says what it would release, touches nothing, and is no witness; its apply releases that", async () => {
  const desk = await createDesk(["a", "b"]);
  await desk.sweep();
  desk.listed = ["a"];
  const host = desk.world.host(4, { policy: { ...DEFAULT_POLICY, rules: [{ verdict: "approve", workflow: "*" }] } });
  const planned = async (): Promise<readonly string[]> => {
    // Later than the last sweep saw anything, or nothing would be missed.
    await desk.world.clock.advance(HOUR);
    return (await desk.world.host(4).plan({ program: SWEEPER, inputs: {}, event: CALL, sweep: true, cancelled: new AbortController().signal })).plan.effects.map(({ sign, label }) => `${sign} ${label}`);
  };
  for (let time = 0; time < 3; time++) expect(await planned()).toEqual([]);
  await desk.sweep();
  expect(await planned()).toEqual(["- ticket b"]);
  expect(desk.removed()).toEqual([]);
  const { plan } = await host.plan({ program: SWEEPER, inputs: {}, event: CALL, sweep: true, cancelled: new AbortController().signal });
  expect(await (await host.apply(plan.id, SWEEPER)).finished).toMatchObject({ status: "succeeded", sweep: true });
  expect(desk.removed()).toEqual(["T-b"]);
});

test("a plan says that it may release what a releaseWhen that is not known yet decides about; its apply asks", async () => {
  const asks = record("releaseWhen: async (kept: any) => (await world.get({ key: kept.key })) === null,");
  const [quick, sleepy] = [bodyProgram(BODY, asks), bodyProgram(`${BODY} await sleep("1m");`, asks)];
  const desk = await createDesk(["a", "b"]);
  await desk.sweep(quick);
  desk.listed = ["b"];
  desk.faults.set("get", () => 0);
  await desk.sweep(quick);
  await desk.world.clock.advance(HOUR);
  const host = desk.world.host(2);
  const { plan } = await host.plan({ program: sleepy, inputs: {}, event: CALL, sweep: true, cancelled: new AbortController().signal });
  expect(plan.effects.map(({ sign, label, certainty }) => `${certainty} ${sign} ${label}`)).toEqual(["may - ticket a"]);
  const { finished } = await host.apply(plan.id, sleepy);
  expect([(await finished).status, desk.removed()]).toEqual(["parked", []]);
  desk.faults.delete("get");
  await desk.world.clock.advance(60_000);
  await host.work();
  expect(desk.removed()).toEqual(["T-a"]);
});
