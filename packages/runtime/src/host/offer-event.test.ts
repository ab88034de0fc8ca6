import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRedactor, type Data } from "../base/index.ts";
import { DEFAULT_POLICY, type Run, type Wait } from "../model/index.ts";
import { bodyProgram } from "../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../testing/host-world.ts";
import type { EventRequest, Waits } from "../engine/index.ts";
import { type Offer, type OfferedTo, offerEvent, type RunHost } from "./index.ts";
import { createWaits } from "./waits.ts";

const DAY = 86_400_000;
const OPENED = `const found = await waitFor(webhook("github"), { when: (e) => e.body.action === "opened", within: "7d" }); await once("k" + run.id, () => world.send({ got: found?.body ?? null })); return found;`;
const opened = (n = 1): Data => ({ body: { action: "opened", n } });

let world: HostWorld;
let host: RunHost;
beforeEach(async () => { world = await createHostWorld(); host = world.host(1); });
afterEach(() => world.close());

async function parked(body: string): Promise<Run> {
  await world.clock.advance(1);
  const run = await (await host.start({ program: bodyProgram(body), inputs: { any: "" }, event: { kind: "call" } })).finished;
  expect(run.status).toBe("parked");
  return run;
}

const offer = (run: Run, event: Data, more: Partial<Offer> = {}, redactor = createRedactor()): Promise<OfferedTo> => offerEvent(world.store, { redactor, now: () => world.clock.now() }, { runId: run.id, event, ...more });
const goOn = async (run: Run): Promise<Run> => (await host.continue(run.id)).finished;
/** What the store still has of the one wait of a run. */
const leftOf = (run: Run): Promise<unknown> => world.store.transact({ durable: false }, async (tx) => [await tx.getWait(run.id, "waitFor#1"), await tx.nextEvent(run.id, "waitFor#1", 0)]);

describe("an event that is offered", () => {
  test("is looked at by the run that waits for it, which goes on with it once", async () => {
    const run = await parked(OPENED);
    expect(await offer(run, { headers: { "X-GitHub-Event": "pull_request" }, ...(opened(7) as object) })).toMatchObject({ topic: "webhook:github", steps: ["waitFor#1"] });
    const ended = await goOn(run);
    expect(ended).toMatchObject({ id: run.id, status: "succeeded", output: { kind: "webhook", source: "github", headers: { "x-github-event": "pull_request" }, body: { action: "opened", n: 7 } } });
    expect(world.called).toEqual(['send {"got":{"action":"opened","n":7}}']);
    expect(await leftOf(run)).toEqual([null, null]);
  });

  test("of another kind than the filter wants leaves the run waiting, as long as before", async () => {
    const run = await parked(OPENED);
    await offer(run, { body: { action: "closed" } });
    const again = await goOn(run);
    expect(again).toMatchObject({ status: "parked", waits: run.waits });
    // Only that it came is kept.
    expect(await leftOf(run)).toMatchObject([{ status: "open" }, { event: null }]);
    // It is looked at once: nothing is due any more.
    expect(await world.store.transact({ durable: false }, (tx) => tx.dueRuns(world.clock.now(), 9))).toEqual([]);
    await offer(run, opened());
    expect((await goOn(run)).status).toBe("succeeded");
  });

  test("twice, by what it holds or by its id, is one", async () => {
    const run = await parked(OPENED);
    const [once, twice] = await Promise.all([offer(run, { body: 1 }), offer(run, { body: 1 })]);
    expect([once.steps, twice.steps, once.id === twice.id]).toEqual([["waitFor#1"], [], true]);
    await goOn(run);
    expect((await offer(run, { body: 1 })).steps).toEqual([]);
    expect((await offer(run, { body: 2 }, { id: "d-1" })).steps).toEqual(["waitFor#1"]);
    expect((await offer(run, opened(), { id: "d-1" })).steps).toEqual([]);
    expect((await goOn(run)).status).toBe("parked");
  });

  test("under an id of its own is one for the whole run: what waits later does not get it again", async () => {
    const run = await parked(`const all = []; for (const n of range(3)) { const e = await waitFor(webhook("github")); all.push(e?.body); } return all;`);
    await offer(run, { body: 1 }, { id: "d-1" });
    await goOn(run);
    // Whoever offered it was killed before it heard so, and offers it again; the source sends again what it sent.
    expect((await offer(run, { body: 1 }, { id: "d-1" })).steps).toEqual([]);
    expect((await offer(run, { body: 1 }, { id: "d-2" })).steps).toEqual(["for#1[1]/waitFor#1"]);
    await goOn(run);
    // Two that hold the same, and nothing else to tell them: each counts where one is waited for.
    expect((await offer(run, { body: 1 })).steps).toEqual(["for#1[2]/waitFor#1"]);
    expect(await goOn(run)).toMatchObject({ status: "succeeded", output: [1, 1, 1] });
    expect(await world.store.transact({ durable: false }, (tx) => tx.rememberEvent(run.id, "webhook:github", "d-1"))).toBe(true);
  });

  test("several while the run sleeps are looked at in the order in which they came", async () => {
    const run = await parked(OPENED);
    for (const event of [{ body: 1 }, { body: { action: "closed" } }, opened(2), opened(1)]) await offer(run, event);
    expect(await goOn(run)).toMatchObject({ output: { body: { n: 2 } } });
  });

  test("while another process drives the run is not lost", async () => {
    // The event comes while the run reads, after it began to wait in the other branch.
    await world.close();
    let during: (() => Promise<unknown>) | null = null;
    world = await createHostWorld({ get: async () => { await during?.(); return 1; } });
    host = world.host(1);
    const run = await parked(`return await parallel({ event: async () => (await waitFor(webhook("github")))?.body, slow: async () => { await sleep("1h"); return await world.get({}); } });`);
    await world.clock.advance(DAY);
    during = () => offer(run, { body: "in between" });
    expect(await goOn(run)).toMatchObject({ status: "succeeded", output: { event: "in between", slow: 1 } });
  });

  test("is there after the process that stored it is killed: whoever drives the store next goes on", async () => {
    const run = await parked(OPENED);
    await offer(run, opened());
    world.kill(1);
    host = world.host(2);
    await (await host.start({ program: bodyProgram("return 1;"), inputs: {}, event: { kind: "call" } })).finished;
    expect((await host.get(run.id)).status).toBe("succeeded");
  });

  test("goes to every step of the run that waits for its source; two sources have to be told apart", async () => {
    const run = await parked(`return await parallel({ a: async () => (await waitFor(webhook("github")))?.body, b: async () => (await waitFor(webhook("github")))?.body, c: async () => (await waitFor(queue("jobs")))?.attempt });`);
    await expect(offer(run, { body: 1 })).rejects.toMatchObject({ code: "USAGE", message: expect.stringContaining("queue:jobs, webhook:github") as string, hint: expect.stringContaining("--topic queue:jobs") as string });
    expect((await offer(run, { body: 1 }, { topic: "webhook:github" })).steps).toEqual(["parallel#1[a]/waitFor#1", "parallel#1[b]/waitFor#2"]);
    expect((await goOn(run)).waits).toMatchObject([{ kind: "event", label: "a message of the queue jobs" }]);
    await expect(offer(run, { body: 1 }, { topic: "webhook:github" })).rejects.toMatchObject({ code: "EVENT_UNWANTED", hint: "It waits for: queue:jobs." });
    expect((await offer(run, { body: 1, attempt: 3 })).topic).toBe("queue:jobs");
    expect(await goOn(run)).toMatchObject({ status: "succeeded", output: { a: 1, b: 1, c: 3 } });
  });

  test("a resource that changed needs no more than being named", async () => {
    const run = await parked(`return (await waitFor(resource(world, "world://x")))?.uri ?? "";`);
    await offer(run, {});
    expect((await goOn(run)).output).toBe("world://x");
  });

  test("holds no secret any more when it is stored", async () => {
    const redactor = createRedactor();
    redactor.register("hunter2-hunter2", "TOKEN");
    const run = await parked(`return (await waitFor(webhook("github")))?.body ?? "";`);
    expect((await offer(run, { body: ["x hunter2-hunter2"], headers: { "hunter2-hunter2": "" } }, { id: "hunter2-hunter2" }, redactor)).id).toBe("[redacted TOKEN]");
    expect((await goOn(run)).output).toEqual(["x [redacted TOKEN]"]);
  });

  test("of 10 MiB is carried; more is refused", async () => {
    const run = await parked(`const found = await waitFor(webhook("github")); return found?.body.length ?? 0;`);
    await expect(offer(run, { body: "x".repeat(10 << 20) })).rejects.toMatchObject({ code: "EVENT_INVALID", message: expect.stringContaining("10 MiB") as string });
    await offer(run, { body: "x".repeat((10 << 20) - 200) });
    expect(await goOn(run)).toMatchObject({ error: null, output: (10 << 20) - 200 });
  });
});

test("a plan shows what may follow an event; its apply waits for one, and writes what it says as far as that was shown", async () => {
  const program = bodyProgram(`const found = await waitFor(webhook("github"), { within: "7d" }); await once("always", () => world.send({ n: 1 })); if (found !== null) await once("found", () => world.send({ n: 2 }));`);
  const { plan } = await host.plan({ program, inputs: { any: "" }, event: { kind: "call" }, cancelled: new AbortController().signal });
  expect(plan.effects.map(({ label, certainty }) => [label, certainty])).toEqual([["once always", "sure"], ["once found", "may"]]);
  const applied = await (await host.apply(plan.id, program)).finished;
  expect(applied).toMatchObject({ phase: "apply", status: "parked", waits: [{ kind: "event" }] });
  await offer(applied, { body: 1 });
  expect(await goOn(applied)).toMatchObject({ id: applied.id, status: "succeeded", held: [] });
  expect(world.called).toEqual(['send {"n":1}', 'send {"n":2}']);
});

describe("the time of a wait", () => {
  test("the last instant before its end is in time, its end is not, whenever the run is driven", async () => {
    const [soon, late] = [await parked(OPENED), await parked(OPENED)];
    await world.clock.advance(7 * DAY - 2);
    await offer(soon, opened());
    await world.clock.advance(2);
    await expect(offer(late, opened())).rejects.toMatchObject({ code: "EVENT_UNWANTED", message: expect.stringContaining("until") as string });
    await world.clock.advance(30 * DAY);
    expect([(await goOn(soon)).output, (await goOn(late)).output]).toMatchObject([{ body: { n: 1 } }, null]);
  });

  test("is over for good once the run has said so, whatever another clock says", async () => {
    const run = await parked(`const found = await waitFor(webhook("github"), { within: "1d" }); await sleep("1d"); return found;`);
    await world.clock.advance(DAY);
    expect((await goOn(run)).waits).toMatchObject([{ kind: "sleep" }]);
    await expect(offerEvent(world.store, { redactor: createRedactor(), now: () => 0 }, { runId: run.id, event: { body: 1 } })).rejects.toMatchObject({ code: "EVENT_UNWANTED" });
    await world.clock.advance(DAY);
    expect((await goOn(run)).output).toBeNull();
  });

  test("is over once a process stored so, though it was killed then and the clock of the next one is behind", async () => {
    const run = await parked(OPENED);
    const at = (now: number): Waits => createWaits({ store: world.store, run, fence: null, clock: { ...world.clock, now: () => now }, journal: { flush: () => Promise.resolve() }, newId: () => "w", approvers: () => DEFAULT_POLICY.approvers });
    const wait = (await world.store.transact({ durable: false }, (tx) => tx.getWait(run.id, "waitFor#1"))) as Extract<Wait, { readonly kind: "event" }>;
    const request: EventRequest = { step: wait.step, hash: wait.hash, label: wait.label, topic: wait.topic, source: wait.source, withinMs: 7 * DAY };
    expect((await at(0).event(request, 0)).kind).toBe("open");
    for (const now of [(wait.until ?? 0), 0]) expect(await at(now).event(request, 0)).toEqual({ kind: "over", value: null });
  });

  test("without within it waits for ever", async () => {
    const run = await parked(`return (await waitFor(webhook("github")))?.body ?? 0;`);
    expect(run.waits).toMatchObject([{ until: null }]);
    await world.clock.advance(4_000 * DAY);
    expect((await goOn(run)).status).toBe("parked");
  });
});

describe("an event that nobody waits for", () => {
  test("is refused: no such run, a run at its end, a run that waits for something else", async () => {
    const run = await parked(`await sleep("1d"); return 1;`);
    await expect(offer({ ...run, id: "none" }, {})).rejects.toMatchObject({ code: "RUN_UNKNOWN" });
    await expect(offer(run, { body: 1 })).rejects.toMatchObject({ code: "EVENT_UNWANTED", hint: expect.stringContaining(`offstage show ${run.id}`) as string });
    await world.clock.advance(DAY);
    await goOn(run);
    await expect(offer(run, { body: 1 })).rejects.toMatchObject({ code: "EVENT_UNWANTED", message: expect.stringContaining("at its end, succeeded") as string });
  });

  test("leaves nothing behind when its run ends otherwise", async () => {
    const run = await parked(OPENED);
    await offer(run, { body: 1 });
    await host.cancel(run.id);
    expect(await leftOf(run)).toEqual([null, null]);
  });
});
