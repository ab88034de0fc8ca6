import { afterEach, expect, test } from "vitest";
import { answerRequests } from "../../effects/index.ts";
import type { Notice, NoticeMaker, RunHost } from "../../host/index.ts";
import { DEFAULT_POLICY, type LedgerEntry, type Policy } from "../../model/index.ts";
import { bodyProgram } from "../../testing/compile-source.ts";
import { dyingStore } from "../../testing/dying-store.ts";
import { createHostWorld, type HostTool, type HostWorld, newsOf } from "../../testing/host-world.ts";
import { startIn } from "../../testing/host-runs.ts";

// People are told of what waits for them: once, through a tool, by whoever drives the store.

const MINUTE = 60_000;
const APPROVE: Policy = { ...DEFAULT_POLICY, rules: [{ verdict: "approve", tool: "send" }] };
const SECRET_LINK = "https://o.example/approve/power";
const maker: NoticeMaker = {
  server: "other", tool: "post", recipients: ["ada", "bob"], most: 2,
  kept: ({ label, count }: Notice, to) => ({ to, text: `${label} ${count} [link]` }),
  sent: ({ label, count }: Notice, to) => ({ to, text: `${label} ${count} ${SECRET_LINK}` }),
};
const manySends = (count: number): ReturnType<typeof bodyProgram> => bodyProgram(`await each([${Array.from({ length: count }, (_, n) => `"${n}"`).join()}], { key: (x) => x }, async (x) => { await once(x, () => world.send({ text: x })); }); return 1;`);

let world: HostWorld;
afterEach(() => world.close());

async function setUp(post: HostTool = (args) => args): Promise<RunHost> {
  world = await createHostWorld({ post });
  return world.host(1, { policy: APPROVE, notices: maker });
}
const posted = (): readonly string[] => world.called.filter((call) => call.startsWith("post"));
const ledger = (store = world.store): Promise<readonly LedgerEntry[]> => store.transact({ durable: false, reads: true }, (tx) => tx.listEffects({ rootRunId: "offstage.approvals", limit: 99 }));

test("each of those who are to be told gets one message of a request, by the run that opened it or whoever drives next; what its reader could use is nowhere kept", async () => {
  const host = await setUp();
  await (await startIn(world, host, manySends(1))).finished;
  await host.work();
  await startIn(world, world.host(2, { policy: APPROVE, notices: maker }), manySends(1)).then(({ finished }) => finished);
  expect(posted()).toEqual(["ada", "bob"].map((to) => `post ${JSON.stringify({ to, text: `once 0 1 ${SECRET_LINK}` })}`));
  const entries = await ledger();
  expect(entries.map(({ status, args, outcome }) => [status, args, outcome])).toEqual(["bob", "ada"].map((to) => ["done", { to, text: "once 0 1 [link]" }, { kind: "done", value: null, unreadable: false }]));
});

test("questions of workflows are told of too", async () => {
  const host = await setUp();
  await (await startIn(world, host, bodyProgram('await approve({ message: "Deploy?" }); return 1;'))).finished;
  expect(posted()).toHaveLength(2);
  expect(posted()[0]).toContain("Deploy?");
});

test("of many that are opened at once one message says how many they are; new ones are told later, and none again", async () => {
  const host = await setUp();
  await (await startIn(world, host, manySends(20))).finished;
  expect(posted().filter((call) => call.includes('"ada"')).map((call) => /(\d+) https/.exec(call)?.[1])).toEqual(["1", "1", "18"]);
  await (await startIn(world, host, manySends(21))).finished;
  expect(posted().filter((call) => call.includes('"ada"'))).toHaveLength(3);
  await world.clock.advance(10 * MINUTE);
  await host.work();
  expect(posted().filter((call) => call.includes('"ada"'))).toHaveLength(4);
});

test("one of which nobody knows whether it was sent is not sent again, and that is said", async () => {
  const host = await setUp(() => { throw new Error("the connection broke"); });
  await (await startIn(world, host, manySends(1))).finished;
  const before = posted().length;
  await world.clock.advance(1_000 * MINUTE);
  await host.work();
  expect([before, posted().length]).toEqual([2, 2]);
  expect(newsOf(world, "run-waiting")).toEqual(["ada", "bob"].map((name) => expect.stringMatching(new RegExp(`^Could not tell ${name} of once 0: .*the connection broke.* It is not sent again\\.`)) as unknown));
});

test("one that was provably not sent is tried again, ever more rarely, as long as somebody is asked", async () => {
  let down = true;
  world = await createHostWorld();
  const calls = { ...world.environment().calls, call: async (...[, tool, args]: Parameters<ReturnType<HostWorld["environment"]>["calls"]["call"]>) => {
    world.called.push(`${tool} ${JSON.stringify(args)}`);
    return down ? { kind: "error", error: { code: "SERVER_UNREACHABLE", message: "it is down" }, refused: true, gone: false } as const : { kind: "value", value: null, gone: false } as const;
  } };
  const host = world.host(1, { policy: APPROVE, notices: { ...maker, recipients: ["ada"] }, calls });
  const run = await (await startIn(world, host, manySends(1))).finished;
  for (let minute = 0; minute < 8; minute++) { await host.work(); await world.clock.advance(MINUTE); }
  expect(posted()).toHaveLength(4);
  down = false;
  await world.clock.advance(10 * MINUTE);
  await world.host(2, { policy: APPROVE, notices: { ...maker, recipients: ["ada"] }, calls }).work();
  await host.close();
  expect(await ledger()).toMatchObject([{ runId: run.id }]);
});

test("a policy that holds the message asks nobody for it: it is a fault, and the run is as it was", async () => {
  world = await createHostWorld();
  const host = world.host(1, { policy: { ...DEFAULT_POLICY, rules: [{ verdict: "approve" }] }, notices: maker });
  expect(await (await startIn(world, host, manySends(1))).finished).toMatchObject({ status: "pending" });
  expect([posted(), newsOf(world, "run-waiting")]).toEqual([[], [expect.stringMatching(/^Could not tell ada, bob of once 0: the policy holds the message itself/)]]);
  expect(await world.store.transact({ durable: false, reads: true }, (tx) => tx.listRequests({ limit: 9 }))).toMatchObject([{ label: "once 0" }]);
});

test("a dry run tells nobody, of what waited before it neither; that is told of after it", async () => {
  const host = await setUp();
  await (await startIn(world, world.host(2, { policy: APPROVE }), manySends(1))).finished;
  await world.host(3, { policy: APPROVE, notices: maker, dryRun: true }).work();
  expect(posted()).toEqual([]);
  await host.work();
  expect(posted()).toHaveLength(2);
});

test("what is answered before is not told of any more, and a message that hangs holds up no run", async () => {
  let release = (): void => undefined;
  const hangs = new Promise<null>((resolve) => { release = () => resolve(null); });
  const host = await setUp(() => hangs);
  const first = startIn(world, host, manySends(1)).then(({ finished }) => finished);
  await expect.poll(async () => (await world.runs())[0]?.status).toBe("pending");
  const other = await startIn(world, host, bodyProgram("return await world.get({});"));
  void host.work();
  await expect.poll(async () => (await world.runs()).find(({ id }) => id === other.id)?.status).toBe("succeeded");
  const open = await world.store.transact({ durable: false, reads: true }, (tx) => tx.listRequests({ status: ["open"], limit: 9 }));
  await answerRequests(world.store, open.map(({ id }) => id), { verdict: "deny", by: "ada", now: world.clock.now(), maxAgeMs: MINUTE });
  release();
  await first;
  expect(posted().length).toBeLessThanOrEqual(2);
});

test("killed at any of its transactions, before or after, no message is sent twice, and what is missing then is in doubt", async () => {
  for (let at = 7; at <= 19; at += 2) {
    for (const after of [false, true]) {
      world = await createHostWorld({ post: (args) => args });
      const dying = world.host(1, { policy: APPROVE, notices: maker }, dyingStore(world, at, after));
      void startIn(world, dying, manySends(3)).then(({ finished }) => finished).catch(() => undefined);
      for (let turn = 0; turn < 60; turn++) await new Promise((resolve) => setImmediate(resolve));
      world.mistakeForDead(1);
      await world.host(2, { policy: APPROVE, notices: maker }).work();
      const doubt = (await ledger()).filter(({ status }) => status !== "done").length;
      const runs = await world.runs();
      expect(new Set(posted()).size, `${at} ${String(after)}`).toBe(posted().length);
      const whole = (runs.length === 0 && posted().length === 0) || posted().length + doubt >= 6;
      expect(whole, `${at} ${String(after)}: ${posted().length} sent, ${doubt} in doubt`).toBe(true);
      expect(doubt).toBeLessThanOrEqual(1);
      await world.close();
    }
  }
  world = await createHostWorld();
});
