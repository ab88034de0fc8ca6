import { afterEach, beforeEach, expect, test } from "vitest";
import { createRedactor } from "../../base/index.ts";
import { answerRequests } from "../../effects/index.ts";
import { answerApproval, goOnWithGrant, offerEvent, pruneStore, type RunHost } from "../../host/index.ts";
import { DEFAULT_POLICY, type Policy, type Run } from "../../model/index.ts";
import { bodyProgram } from "../../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../../testing/host-world.ts";

// A run that waited, and was then held for a person: what goes on after the permission does not wait again.

const DAY = 86_400_000;
const APPROVE: Policy = { ...DEFAULT_POLICY, rules: [{ verdict: "approve" }] };
const WAITS = `
  await sleep("14d");
  const said = await approve({ message: "Go?" });
  const heard = await waitFor(webhook("github"));
  await until(time("2027-01-01"));
  return await once("k", () => world.send({ by: said.by, n: heard?.body.n }));`;

let world: HostWorld;
beforeEach(async () => { world = await createHostWorld(); });
afterEach(() => world.close());

const goOn = async (host: RunHost, run: Run): Promise<Run> => (await host.continue(run.id)).finished;
const now = (): number => world.clock.now();

async function untilHeld(host: RunHost, body = WAITS): Promise<Run> {
  const slept = await (await host.start({ program: bodyProgram(body), inputs: { any: "" }, event: { kind: "call" } })).finished;
  await world.clock.advance(14 * DAY);
  const asked = await goOn(host, slept);
  await answerApproval(world.store, asked.waits[0]?.id ?? "", { verdict: "approved", by: "ana", at: now() });
  const waiting = await goOn(host, asked);
  await offerEvent(world.store, { redactor: createRedactor(), now }, { runId: waiting.id, event: { body: { n: 7 } } });
  await goOn(host, waiting);
  await world.clock.advance(400 * DAY);
  return goOn(host, waiting);
}

test("neither the run that goes on, nor the one after that", async () => {
  const host = world.host(1, { policy: APPROVE });
  const held = await untilHeld(host);
  expect(held.status).toBe("pending");
  const again = await goOn(host, held);
  expect(again).toMatchObject({ status: "pending", held: [{ effect: held.held[0]?.effect }] });
  const asked = await world.store.transact({ durable: false }, (tx) => tx.listRequests({ status: ["open"], limit: 9 }));
  await answerRequests(world.store, asked.map(({ id }) => id), { verdict: "approve", by: "kim", now: now(), maxAgeMs: DAY });
  expect(await goOn(host, again)).toMatchObject({ status: "succeeded", rootRunId: held.id });
  expect(world.called).toEqual(['send {"by":"ana","n":7}']);
});

test("what is waited for by other words than before is waited for", async () => {
  world = await createHostWorld({ get: () => (world.called.length > 1 ? 20 : 14) });
  const host = world.host(1, { policy: APPROVE });
  const body = WAITS.replace('sleep("14d")', "until(run.startedAt + (await world.get({})) * 86_400_000)");
  const held = await untilHeld(host, body);
  expect(held.status).toBe("pending");
  expect(await goOn(host, held)).toMatchObject({ status: "parked", waits: [{ kind: "sleep", step: "until#1" }] });
});

test("an event that the filter does not want any more, because it compares with what was read anew, is not taken", async () => {
  world = await createHostWorld({ get: () => (world.called.length > 1 ? 8 : 7) });
  const host = world.host(1, { policy: APPROVE });
  const body = `const n = await world.get({}); const heard = await waitFor(webhook("github"), { when: (e) => e.body.n === n }); return await once("k", () => world.send({ n: heard?.body.n }));`;
  const waiting = await (await host.start({ program: bodyProgram(body), inputs: { any: "" }, event: { kind: "call" } })).finished;
  await offerEvent(world.store, { redactor: createRedactor(), now }, { runId: waiting.id, event: { body: { n: 7 } } });
  const held = await goOn(host, waiting);
  expect(held.status).toBe("pending");
  const again = await goOn(host, held);
  expect(again).toMatchObject({ status: "parked", waits: [{ kind: "event" }] });
  await offerEvent(world.store, { redactor: createRedactor(), now }, { runId: again.id, event: { body: { n: 8 } } });
  expect((await goOn(host, again)).status).toBe("pending");
});

test("what a person said last holds: a later denial of the same is not undone by an earlier approval", async () => {
  const host = world.host(1, { policy: APPROVE });
  const program = bodyProgram(`const said = await approve({ message: "Go?", show: { what: 1 } }); return await once("k", () => world.send({ said: said.outcome }));`);
  const begin = async (): Promise<Run> => (await host.start({ program, inputs: { any: "" }, event: { kind: "call" } })).finished;
  const asked = await begin();
  await answerApproval(world.store, asked.waits[0]?.id ?? "", { verdict: "approved", by: "ana", at: now() });
  const held = await goOn(host, asked);
  expect(held.status).toBe("pending");
  const wait = await world.store.transact({ durable: true }, async (tx) => {
    const [last] = await tx.listWaits({ kind: "approval", limit: 1 });
    if (last?.kind !== "approval") throw new Error("no answer is kept");
    await tx.putWait({ ...last, id: "later", runId: "other", since: last.since + 1, status: "over", answer: { verdict: "denied", by: "bob", at: now() } });
    return last;
  });
  expect(wait.answer).toMatchObject({ verdict: "approved" });
  const again = await goOn(host, held);
  const requests = await world.store.transact({ durable: false }, (tx) => tx.listRequests({ status: ["open"], limit: 9 }));
  expect([again.status, requests.map(({ args }) => args)]).toEqual(["pending", [{ said: "denied" }]]);
});

const HOUR = 3_600_000;
/** An item that is at its end, and a write besides, each once an hour. */
const HOURLY = 'await each(["a"], { key: (x) => x }, async (x) => { await once(x, () => world.send({ x }), { for: "1h" }); }); await once("b", () => world.send({ x: "b" }), { for: "1h" });';
const QUEUE = { kind: "queue", body: 1, attempt: 1 } as const;

test("a write that is made once an hour is not made again by a run that is tried again in the next hour", async () => {
  let down = true;
  const { calls } = world.environment();
  const host = world.host(1, { retryMs: DAY, calls: { ...calls, read: (asked) => (down ? Promise.resolve({ kind: "error", error: { code: "SERVER_UNREACHABLE", message: "" }, gone: false }) : calls.read(asked)) } });
  await world.clock.advance(HOUR - (now() % HOUR) - 1);
  await (await host.start({ program: bodyProgram(`${HOURLY} await world.get({});`), inputs: {}, event: QUEUE })).finished;
  for (let hour = 0; hour < 2; hour++) {
    await world.clock.advance(HOUR);
    await host.work();
    down = false;
  }
  expect([world.called, (await world.runs()).map(({ status }) => status)]).toEqual([['send {"x":"a"}', 'send {"x":"b"}', "get {}"], ["succeeded", "failed", "failed"]]);
  // To another run it is another hour.
  await (await host.start({ program: bodyProgram(HOURLY), inputs: {}, event: QUEUE })).finished;
  expect(world.called.slice(3)).toEqual(['send {"x":"a"}', 'send {"x":"b"}']);
});

test("a write that is made once an hour, and was asked for, is made when it is permitted later; until then what was written in its hour is known, whatever is removed", async () => {
  const host = world.host(1, { policy: { ...DEFAULT_POLICY, rules: [{ verdict: "approve", tool: "create" }] } });
  await (await host.start({ program: bodyProgram(`${HOURLY} await once("c", () => world.create({}), { for: "1h" });`), inputs: {}, event: QUEUE })).finished;
  await world.clock.advance(100 * DAY);
  await pruneStore({ store: world.store, clock: world.clock, retention: { runsMs: 2 * DAY, eventsMs: 7 * DAY }, stopping: new AbortController().signal, pauseMs: 0 });
  const open = await world.store.transact({ durable: false }, (tx) => tx.listRequests({ status: ["open"], limit: 9 }));
  await answerRequests(world.store, open.map(({ id }) => id), { verdict: "approve", by: "kim", now: now(), maxAgeMs: DAY, permitted: (tx, granted) => goOnWithGrant(tx, world.environment(), granted) });
  await host.work();
  expect(world.called).toEqual(['send {"x":"a"}', 'send {"x":"b"}', "create {}"]);
});
