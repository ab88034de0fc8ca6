import { afterEach, expect, test } from "vitest";
import { answerRequests } from "../../effects/index.ts";
import { goOnWithGrant } from "../../host/index.ts";
import { type ApprovalRequest, DEFAULT_POLICY, type Policy } from "../../model/index.ts";
import type { Program } from "../../program/index.ts";
import { bodyProgram } from "../../testing/compile-source.ts";
import { dyingStore } from "../../testing/dying-store.ts";
import { createHostWorld, type HostWorld } from "../../testing/host-world.ts";
import { startIn } from "../../testing/host-runs.ts";

// What a person permits while a run goes on: it is made once, by that run or by one that continues it.

const DAY = 86_400_000;
const APPROVE: Policy = { ...DEFAULT_POLICY, rules: [{ verdict: "approve", tool: "send" }] };
/** Two writes of two items, and in the second one something in between. */
const twoItems = (between: string): Program => bodyProgram(`await each(["a", "b"], { key: (x) => x }, async (x) => { if (x === "b") { ${between} } await once(x, () => world.send({ text: x })); }); return 1;`);
const TWO = twoItems("await world.get({});");

let world: HostWorld;
afterEach(() => world.close());

const requests = (): Promise<readonly ApprovalRequest[]> => world.store.transact({ durable: false, reads: true }, (tx) => tx.listRequests({ limit: 99 }));

/** Permits all that is open and has the runs go on, as whoever answers does. */
async function permit(which = /./): Promise<void> {
  await world.clock.advance(1);
  const open = (await requests()).filter(({ status, label }) => status === "open" && which.test(label));
  const environment = world.environment();
  await answerRequests(world.store, open.map(({ id }) => id), { verdict: "approve", by: "ada", now: world.clock.now(), maxAgeMs: 9 * DAY, permitted: (tx, granted) => goOnWithGrant(tx, environment, granted) });
}

test("behind the effect already: the run's end begins one that continues it, and nothing is asked again", async () => {
  let gets = 0;
  world = await createHostWorld({ get: async () => { if (gets++ === 0) await permit(); return null; } });
  const host = world.host(1, { policy: APPROVE });
  const run = await (await startIn(world, host, TWO)).finished;
  expect(run).toMatchObject({ status: "pending", held: [{ label: "once a" }, { label: "once b" }] });
  await host.work();
  expect(world.called.filter((call) => call.startsWith("send"))).toEqual(['send {"text":"a"}']);
  const [next, ...others] = await world.runs();
  expect([next?.rootRunId, next?.status, others.length]).toEqual([run.id, "pending", 1]);
  expect((await requests()).map(({ label, status, continuedBy }) => [label, status, continuedBy])).toEqual(expect.arrayContaining([["once a", "used", next?.id], ["once b", "open", null]]));
  await permit();
  await host.work();
  expect((await world.runs())[0]?.status).toBe("succeeded");
  expect(world.called.filter((call) => call.startsWith("send"))).toHaveLength(2);
});

test("before it comes to the effect: the run makes it itself, and none continues it", async () => {
  let gets = 0;
  world = await createHostWorld({ get: async () => { if (++gets === 2) await permit(/b$/); return null; } });
  const host = world.host(1, { policy: APPROVE });
  const held = await (await startIn(world, host, TWO)).finished;
  await (await host.continue(held.id)).finished;
  await host.work();
  expect(world.called).toEqual(["get {}", "get {}", 'send {"text":"b"}']);
  expect(await world.runs()).toHaveLength(2);
});

test("a run that is to be parked goes on with it at once, and is parked then", async () => {
  let gets = 0;
  world = await createHostWorld({ get: async () => { if (gets++ === 0) await permit(); return null; } });
  const host = world.host(1, { policy: APPROVE });
  const run = await (await startIn(world, host, twoItems('await world.get({}); await sleep("1d");'))).finished;
  await host.work();
  expect(world.called).toEqual(["get {}", 'send {"text":"a"}']);
  expect(await world.runs()).toMatchObject([{ id: run.id, status: "parked" }]);
});

test("a parked run is woken by it; a grant that nobody uses begins nothing again", async () => {
  world = await createHostWorld();
  const host = world.host(1, { policy: APPROVE });
  const run = await (await startIn(world, host, twoItems('await sleep("1d");'))).finished;
  expect(run.status).toBe("parked");
  await permit();
  await host.work();
  expect([world.called, (await world.runs()).map(({ status }) => status)]).toEqual([['send {"text":"a"}'], ["parked"]]);
  const [used] = await requests();
  await world.store.transact({ durable: true }, async (tx) => { if (used !== undefined) await tx.putRequest({ ...used, id: "unused", effect: "e".repeat(64), status: "approved", continuedBy: null }); });
  await world.clock.advance(DAY);
  await host.work();
  await host.work();
  expect((await world.runs()).map(({ status }) => status)).toEqual(["pending", "pending"]);
});

test("a run that a person ended is not continued", async () => {
  world = await createHostWorld({ get: async () => { await permit(); await host.askToEnd((await world.runs())[0]?.id ?? ""); return null; } });
  const host = world.host(1, { policy: APPROVE });
  await (await startIn(world, host, TWO)).finished;
  await host.work();
  expect((await world.runs()).map(({ status }) => status)).toEqual(["cancelled"]);
  expect(world.called).toEqual(["get {}"]);
});

test("one that a person ended is not begun again by what is permitted later: whatever comes to the same next uses it", async () => {
  world = await createHostWorld();
  const host = world.host(1, { policy: APPROVE });
  const run = await (await startIn(world, host, twoItems('await sleep("1d");'))).finished;
  await host.askToEnd(run.id);
  await host.work();
  await permit();
  await host.work();
  expect([world.called, (await world.runs()).map(({ status }) => status)]).toEqual([[], ["cancelled"]]);
  await (await startIn(world, host, twoItems('await sleep("1d");'))).finished;
  expect(world.called).toEqual(['send {"text":"a"}']);
});

test.each([["the run that started it", "started"], ["it with an event that came before", "webhook"]] as const)("where whoever started a run may not answer it, neither may whoever started %s", async (_, kind) => {
  world = await createHostWorld();
  const host = world.host(1, { policy: APPROVE });
  const first = await (await startIn(world, host, TWO)).finished;
  const [asked] = (await requests()).filter(({ label }) => label === "once a");
  const answer = (by: string) => answerRequests(world.store, [asked?.id ?? ""], { verdict: "approve", by, now: world.clock.now(), maxAgeMs: DAY, approvers: { groups: {}, fourEyes: true } });
  await world.store.transact({ durable: true }, async (tx) => {
    await tx.putRun({ ...first, id: "parent", rootRunId: "grand", event: { kind: "call" } });
    await tx.putRun({ ...first, id: "grand", rootRunId: "grand", event: { kind: "call", by: "ada" } });
    await tx.putRun({ ...first, event: kind === "started" ? { kind, run: "parent", workflow: "p", key: "k" } : { kind, source: "shop", headers: {}, body: null, by: "ada" } });
  });
  await expect(answer("ada")).rejects.toMatchObject({ code: "ANSWER_NOT_ALLOWED" });
  expect(await answer("bob")).toHaveLength(1);
});

test("killed at any of its transactions, before or after, each write is made once, in one run that continues the first", async () => {
  for (let at = 4; at <= 12; at++) {
    for (const after of [false, true]) {
      let permitted = false;
      const answerOnce = async (): Promise<null> => { if (!permitted) { permitted = true; await permit(); } return null; };
      world = await createHostWorld({ get: answerOnce });
      const dying = world.host(1, { policy: APPROVE }, dyingStore(world, at, after));
      void startIn(world, dying, TWO).then(({ finished }) => finished).catch(() => undefined);
      for (let turn = 0; turn < 200; turn++) await Promise.resolve();
      await new Promise((resolve) => setImmediate(resolve));
      world.mistakeForDead(1);
      const host = world.host(2, { policy: APPROVE });
      await host.work();
      await permit();
      await host.work();
      const sent = world.called.filter((call) => call.startsWith("send")).toSorted();
      const runs = await world.runs();
      const doubt = runs.flatMap(({ ambiguous }) => ambiguous).length;
      expect(new Set(sent).size, `${at} ${String(after)}`).toBe(sent.length);
      const isWhole = runs.length === 0 || doubt > 0 || (sent.length === 2 && runs[0]?.status === "succeeded");
      expect(isWhole, `${at} ${String(after)}: ${sent.join()} ${String(runs[0]?.status)}`).toBe(true);
      expect(runs.length, `${at} ${String(after)}`).toBeLessThanOrEqual(3);
      expect(runs.filter(({ status }) => ["queued", "running"].includes(status))).toEqual([]);
      await world.close();
    }
  }
  world = await createHostWorld();
});
