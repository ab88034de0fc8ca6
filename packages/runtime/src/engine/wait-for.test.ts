import { describe, expect, it, test } from "vitest";
import { type Data, UnsafeInteger } from "../base/index.ts";
import type { Program } from "../program/index.ts";
import { bodyProgram } from "../testing/compile-source.ts";
import { FakeWorld } from "../testing/fake-ports.ts";
import { type FakeRun, runBody, runProgram } from "../testing/fake-run.ts";
import type { FakeTool } from "../testing/fake-tool.ts";
import { runNative } from "../testing/native-run.ts";

const DAY = 86_400_000;
const TOOLS: { readonly [name: string]: FakeTool } = { get: { effect: "read", answer: () => ({ n: 1 }) }, send: { effect: "write", answer: () => ({ ok: true }) } };
const OPENED = `const found = await waitFor(webhook("github"), { when: (e) => e.body.action === "opened", within: "7d" }); return found === null ? null : found.body.n;`;

const hook = (body: Data): Data => ({ kind: "webhook", source: "github", headers: {}, body });
const actions = (...all: readonly string[]): readonly Data[] => all.map((action, index) => hook({ action, n: index + 1 }));

describe.each([["interpreted", runProgram], ["by Node", runNative]] as const)("waitFor, %s", (_, drive) => {
  const runIn = async (world: FakeWorld, body: string): Promise<FakeRun["result"]> => (await drive(bodyProgram(body), world)).result;
  const waiting = async (body: string): Promise<FakeWorld> => {
    const world = new FakeWorld(TOOLS);
    expect((await runIn(world, body)).end).toBe("parked");
    return world;
  };

  it("parks the run until an event comes, and gives it", async () => {
    const world = new FakeWorld(TOOLS);
    expect(await runIn(world, OPENED)).toMatchObject({ end: "parked", waits: [{ kind: "event", step: "waitFor#1", label: "an event of the webhook github", until: 1_000_000 + 7 * DAY }] });
    world.waits.offer("waitFor#1", hook({ action: "opened", n: 7 }));
    expect(await runIn(world, OPENED)).toMatchObject({ end: "completed", output: 7 });
  });

  it("takes the first for which the filter holds, in the order in which they came, and the rest is nobody's", async () => {
    const world = await waiting(OPENED);
    for (const event of actions("closed", "opened", "opened")) world.waits.offer("waitFor#1", event);
    expect((await runIn(world, OPENED)).output).toBe(2);
  });

  it("looks at each event once, however often it goes on", async () => {
    const body = `const found = await waitFor(queue("jobs"), { when: (e) => { log(e.body); return e.body === "c"; } }); await sleep("1h"); return found?.body ?? "none";`;
    const world = await waiting(body);
    const offer = (text: string): void => world.waits.offer("waitFor#1", { kind: "queue", body: text, attempt: 1 });
    for (const text of ["a", "b", "c"]) {
      offer(text);
      expect((await runIn(world, body)).end).toBe("parked");
    }
    world.now += DAY;
    expect((await runIn(world, body)).output).toBe("c");
    expect(world.logs).toEqual(["a", "b", "c"]);
    expect([...world.journal.keys()].filter((key) => key.startsWith("waitFor"))).toHaveLength(2);
  });

  it("gives null when none came in time; one that came in time counts, however late the run goes on", async () => {
    const [none, some] = [await waiting(OPENED), await waiting(OPENED)];
    some.waits.offer("waitFor#1", hook({ action: "opened", n: 5 }));
    for (const world of [none, some]) world.now += 9 * DAY;
    expect([(await runIn(none, OPENED)).output, (await runIn(some, OPENED)).output]).toEqual([null, 5]);
  });

  it("a filter that fails is the error of the step, which can be caught, and stays it", async () => {
    const body = `let code = ""; try { await waitFor(webhook("github"), { when: (e) => { if (e.body.n === 2) fail("odd"); return false; } }); } catch (error) { code = (error as any).code + (error as any).message; } await sleep("1h"); return code;`;
    const world = await waiting(body);
    for (const event of actions("a", "b", "c")) world.waits.offer("waitFor#1", event);
    expect((await runIn(world, body)).waits).toMatchObject([{ kind: "sleep" }]);
    world.waits.offered.clear();
    world.now += DAY;
    expect(await runIn(world, body)).toMatchObject({ end: "completed", output: "FAILEDodd" });
  });

  it("each of the branches that wait for one source gets the event, and may judge it by itself", async () => {
    const body = `return await parallel({ first: async () => (await waitFor(webhook("github"), { when: (e) => e.body.n === 1 }))?.body.n, any: async () => (await waitFor(webhook("github")))?.body.n });`;
    const world = await waiting(body);
    for (const key of ["parallel#1[first]/waitFor#1", "parallel#1[any]/waitFor#2"]) for (const event of actions("x", "y").toReversed()) world.waits.offer(key, event);
    expect((await runIn(world, body)).output).toEqual({ first: 1, any: 2 });
  });

  it("the time that the filter is told is that of each look", async () => {
    const body = `const from = now(); const found = await waitFor(webhook("github"), { when: () => now() > from + duration("1d") }); return found?.body.n ?? 0;`;
    const world = await waiting(body);
    const [first, second] = actions("x", "y");
    world.waits.offer("waitFor#1", first ?? null);
    expect((await runIn(world, body)).end).toBe("parked");
    world.now += 2 * DAY;
    world.waits.offer("waitFor#1", second ?? null);
    expect((await runIn(world, body)).output).toBe(2);
    // A key of its own: what a killed process noted for the first is not the second's.
    expect([...world.journal.keys()]).toContain("waitFor#1/seen/2/now#2");
  });

  it("an event is frozen data, its members its own, whatever they are called", async () => {
    const body = `const found = await waitFor(webhook("github")); return found === null ? null : [Object.keys(found.body), found.headers["constructo"] ?? "none"];`;
    const world = await waiting(body);
    world.waits.offer("waitFor#1", { kind: "webhook", source: "github", headers: {}, body: JSON.parse('{"__proto__": 1, "constructor": 2, "toString": 3}') as Data });
    expect(await runIn(world, body)).toMatchObject({ error: null, output: [["__proto__", "constructor", "toString"], "none"] });
  });
});

test("a poisoned integer may be carried, and one that the filter uses ends the item, for good", async () => {
  const events = [hook({ id: new UnsafeInteger("9007199254740993") })];
  const carried = new FakeWorld(TOOLS);
  const body = (filter: string): Program => bodyProgram(`const all = await each(["a"], { key: (x) => x, onError: "continue" }, async () => (await waitFor(webhook("github"), { when: (e) => ${filter} }))?.body.id); await sleep("1h"); return all;`);
  for (const [world, filter, output] of [[carried, "e.body !== null", [new UnsafeInteger("9007199254740993")]], [new FakeWorld(TOOLS), "e.body.id > 5", [null]]] as const) {
    await runProgram(body(filter), world);
    for (const event of events) world.waits.offer("each#1[a]/waitFor#1", event);
    expect((await runProgram(body(filter), world)).result.waits).toMatchObject([{ kind: "sleep" }]);
    world.now += DAY;
    expect((await runProgram(body(filter), world)).result.output).toEqual(output);
  }
});

test("each look at an event may take as many steps as any stretch between two calls", async () => {
  const world = new FakeWorld(TOOLS);
  const program = bodyProgram(`return (await waitFor(webhook("github"), { when: (e) => range(1500).filter((x) => range(1500).length > x).length > 0 && e.body === 9 }))?.body ?? 0;`);
  await runProgram(program, world);
  for (let n = 0; n < 10; n++) world.waits.offer("waitFor#1", hook(n));
  expect((await runProgram(program, world)).result).toMatchObject({ error: null, output: 9 });
});

test("it is not known in a plan: what hangs on it may be written, and nothing is waited for", async () => {
  const { result, ports, world } = await runBody(`
    const found = await waitFor(webhook("github"), { when: (e) => e.body.n > 1 });
    const after = await world.get({});
    if (found !== null) await once("k", () => world.send({}));
    return [found, after];`, TOOLS, { phase: "plan" });
  expect(result).toMatchObject({ end: "completed", output: [null, null] });
  expect(ports.requests.map(({ certainty }) => certainty)).toEqual(["may"]);
  expect([world.called(), world.waits.rows.size]).toEqual([[], 0]);
});

test("nor after a held write, which has to come first", async () => {
  const { result, world } = await runBody(`await once("a", () => world.send({})); return await waitFor(webhook("github"));`, TOOLS, { holds: () => true });
  expect(result).toMatchObject({ end: "completed", output: null, held: [{ label: "once a" }] });
  expect(world.waits.rows.size).toBe(0);
});

test("a time of a wrong kind is refused", async () => {
  const { result } = await runBody(`const x: any = 1; await waitFor(webhook("github"), { within: x });`, TOOLS);
  expect(result).toMatchObject({ end: "failed", error: { code: "TYPE_ERROR", message: expect.stringMatching(/duration/) as string } });
});

test("a filter that never ends ends the run, not the process", async () => {
  const world = new FakeWorld(TOOLS);
  const program = bodyProgram(`await waitFor(webhook("github"), { when: () => range(4000).flatMap(() => range(4000)).length > 0 });`);
  await runProgram(program, world);
  world.waits.offer("waitFor#1", hook(1));
  expect((await runProgram(program, world)).result).toMatchObject({ end: "failed", error: { code: expect.stringMatching(/^LIMIT_/) as string } });
});

test("killed anywhere, what the filter decided is decided, and what follows is written once", async () => {
  const program = bodyProgram(`const found = await waitFor(webhook("github"), { when: (e) => e.body.action === "opened" }); await once("k", () => world.send({ n: found?.body.n })); return found?.body.n;`);
  let died = 0;
  for (let at = 1; at <= 24; at++) {
    const world = new FakeWorld(TOOLS);
    await runProgram(program, world);
    for (const event of actions("closed", "edited", "opened", "opened")) world.waits.offer("waitFor#1", event);
    died += await runProgram(program, world, { diesAt: at }).then(() => 0, () => 1);
    for (const [id, entry] of world.ledger.entries) if (entry.status === "intended") world.ledger.entries.delete(id);
    const { result } = await runProgram(program, world);
    expect({ at, output: result.output, sent: world.called() }).toEqual({ at, output: 3, sent: ["send"] });
  }
  expect(died).toBeGreaterThan(8);
});
