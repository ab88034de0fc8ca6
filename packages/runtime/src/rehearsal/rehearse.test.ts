import { describe, expect, test } from "vitest";
import { DEFAULT_POLICY, type Policy } from "../model/index.ts";
import { bodyProgram, calledSource } from "../testing/compile-source.ts";
import { createRehearsalStaging } from "../testing/rehearsal-staging.ts";
import { failure } from "./answers.ts";
import type { Fixture } from "./fixture.ts";
import { printFixture } from "./fixture-text.ts";
import { openStage } from "./rehearse.ts";
import type { RehearseOptions } from "./test-types.ts";

const TICKETS = bodyProgram(
  `const { items } = await world.list({ owner: inputs.any });
  log("found " + String(items.length));
  await each(items as { id: string; title: string }[], { key: (item) => item.id, onError: "continue" }, async (item) => {
    const kept = await ticket.ensure(item);
    await once("say:" + item.id, () => world.send({ text: "Tracked as " + kept.key }));
  });
  return { count: items.length };`,
  `const ticket = record("ticket", {
    identity: (item: any) => String(item.id),
    find: async (item) => (await world.search({ label: item.id })).found,
    create: (item) => world.create({ title: item.title }),
    keep: (made) => ({ key: String(made.key) }),
    read: (kept) => world.get({ key: kept.key }),
    same: (actual, item) => actual.title === item.title,
    update: (kept, item) => world.update({ key: kept.key, title: item.title }),
  });`,
);

const read = (tool: string, args: object, value: unknown) => ({ server: "world", tool, class: "read" as const, args: args as never, outcome: { kind: "value" as const, value: value as never, gone: false } });

const FIXTURE: Fixture = {
  version: 1, workflow: "test", phase: "plan", now: Date.UTC(2026, 10, 2, 9), inputs: { any: "acme" }, event: { kind: "call" }, targets: { world: "world.example" },
  calls: [read("list", { owner: "acme" }, { items: [{ id: "1", title: "one" }, { id: "2", title: "two" }] }), read("search", { label: "1" }, { found: [] }), read("search", { label: "2" }, { found: [] })],
  effects: [],
};

const ANSWERS = { "world.create": (_: unknown, nth: number) => ({ key: `T-${nth}` }), "world.send": { ok: true }, "world.get": ({ key }: { key: string }) => ({ title: key === "T-1" ? "one" : "two" }) };

function open(options: RehearseOptions = {}, policy?: Policy, fixture = FIXTURE) {
  return openStage(createRehearsalStaging(TICKETS, { open: printFixture(fixture) }, policy), "test", { fixture: "open", answers: ANSWERS, ...options });
}

describe("a rehearsal", () => {
  test("answers reads from the fixture and writes as the test says, over the real gate and ledger", async () => {
    const run = await (await open()).run();
    expect(run).toMatchObject({ status: "succeeded", output: { count: 2 }, error: null, failures: [], held: [], log: ["found 2"] });
    expect(run.effects).toEqual([
      { label: "ticket 1", action: "create", tool: "world.create", args: { title: "one" }, identity: "test/ticket/1, generation 1, create", status: "done" },
      { label: "once say:1", action: "call", tool: "world.send", args: { text: "Tracked as T-1" }, identity: "test/once/say:1", status: "done" },
      { label: "ticket 2", action: "create", tool: "world.create", args: { title: "two" }, identity: "test/ticket/2, generation 1, create", status: "done" },
      { label: "once say:2", action: "call", tool: "world.send", args: { text: "Tracked as T-2" }, identity: "test/once/say:2", status: "done" },
    ]);
    expect(run.calls.map(({ tool, from }) => `${tool} ${from}`)).toEqual(["world.list fixture", "world.search fixture", "world.create test", "world.get test", "world.send test", "world.search fixture", "world.create test", "world.get test", "world.send test"]);
  });

  test("again over the same store has no effects: what was written is read and left alone", async () => {
    const run = await (await open()).run();
    const again = await run.again();
    expect([again.status, again.effects, again.output]).toEqual(["succeeded", [], { count: 2 }]);
    const drifted = await run.again({ answers: { "world.get": { title: "renamed" }, "world.update": {} } });
    expect(drifted.effects.map(({ label, action }) => `${label} ${action}`)).toEqual(["ticket 1 update", "ticket 2 update"]);
  });

  test("plans: effects are shown and no write is made", async () => {
    const plan = await (await open({ answers: {} })).plan();
    expect(plan.status).toBe("planned");
    expect(plan.effects[1]).toEqual({ label: "once say:1", action: "call", tool: "world.send", args: { text: "(known after apply)" }, identity: "test/once/say:1", status: "planned" });
    expect(plan.effects).toHaveLength(4);
  });

  test("a call that is not recorded fails it, with the nearest recorded one as a difference and what to do", async () => {
    const changed = { ...FIXTURE, calls: FIXTURE.calls.map((call) => (call.tool === "search" ? { ...call, args: { label: `old-${(call.args as { label: string }).label}` } } : call)) };
    await expect((await open({}, undefined, changed)).run()).rejects.toMatchObject({
      code: "CALL_UNMATCHED",
      message: 'Nothing is recorded for this call of world.search:\n  world.search({"label":"1"})\n  The nearest one is calls[1] of fixtures/test/open.json:\n    - label: "old-1"\n    + label: "1"\n(and 1 more call that nobody can answer)',
      hint: 'Say in the test what it answers, answers: { "world.search": … }, or record it again: offstage record test --case open',
    });
  });

  test("a write that nobody answers fails it and says both ways out", async () => {
    await expect((await open({ answers: {} })).run()).rejects.toMatchObject({
      code: "CALL_UNMATCHED",
      message: expect.stringMatching(/^Nobody says what the write world\.create answers:\n {2}world\.create\(\{"title":"one"\}\)\n {2}fixtures\/test\/open\.json has no call of world\.create\./) as string,
      hint: 'Say in the test what it answers, answers: { "world.create": … }, or record a real run: offstage record test --case open --live',
    });
  });

  test("even when the workflow catches the error: a test does not pass by what nobody said", async () => {
    const caught = bodyProgram("try { await world.get({ key: 1 }); } catch (error) { return 1; } return 2;");
    await expect((await openStage(createRehearsalStaging(caught), "test", {})).run()).rejects.toMatchObject({ code: "CALL_UNMATCHED" });
  });

  test.each([
    ["fails", "needs-attention", "ambiguous"],
    ["refuses", "partial", "failed"],
  ] as const)("a write that %s", async (kind, status, effect) => {
    const run = await (await open({ answers: { ...ANSWERS, "world.create": failure(kind, "502") } })).run();
    expect([run.status, run.effects.map((one) => one.status)]).toEqual([status, [effect, effect]]);
  });

  test("a policy that asks for a person holds the write until the test approves it", async () => {
    const run = await (await open({}, { ...DEFAULT_POLICY, rules: [{ verdict: "approve", tool: "create" }] })).run();
    expect([run.status, run.effects, run.held.map(({ label }) => label)]).toEqual(["pending", [], ["ticket 1", "once say:1", "ticket 2", "once say:2"]]);
    const approved = await run.approve();
    expect([approved.status, approved.effects.length]).toEqual(["succeeded", 4]);
    await expect(approved.approve()).rejects.toMatchObject({ code: "REQUEST_UNKNOWN" });
  });

  test("inputs of the test are over the fixture's; one that the workflow does not have is refused", async () => {
    await expect((await open({ inputs: { any: "other" } })).run()).rejects.toMatchObject({ message: expect.stringContaining('- owner: "acme"\n    + owner: "other"') as string });
    await expect((await open({ inputs: { nope: 1 } })).run()).rejects.toMatchObject({ code: "INPUT_INVALID", hint: "It has: any." });
  });

  test("a run that is started is an effect, and is not run", async () => {
    const child = calledSource("child", `await world.send({ text: "never" });`);
    const starter = bodyProgram(`const made = await start(child, "k", { n: 2 }); return made.run.length > 0;`, `import child from "./child.ts";`, "checked", { child });
    const stage = await openStage(createRehearsalStaging(starter, {}), "test", {});
    const effect = { label: "start child k", action: "start", tool: "offstage.start.child", args: { workflow: "child", key: "k", inputs: { n: 2, list: ["a"] } }, identity: "child/start/k", status: "done" };
    const planned = await stage.plan();
    expect(planned.effects).toEqual([{ ...effect, status: "planned" }]);
    const run = await stage.run();
    expect([run.status, run.output, run.effects, run.calls]).toEqual(["succeeded", true, [effect], []]);
    const again = await run.again({ after: "1h" });
    expect([again.status, again.effects, again.calls]).toEqual(["succeeded", [], []]);
  });

  test("a fixture that is not there names those that are", async () => {
    await expect(open({ fixture: "closed" })).rejects.toMatchObject({ code: "FIXTURE_MISSING", message: "There is no fixtures/test/closed.json.", hint: "There are: open. Record it: offstage record test --case closed" });
  });

  test("a fixture of another workflow is refused", async () => {
    await expect(open({}, undefined, { ...FIXTURE, workflow: "else" })).rejects.toMatchObject({ code: "FIXTURE_INVALID", message: expect.stringContaining("recorded from the workflow else") as string });
  });

  test("the clock stands at the fixture's instant, and at another one when the test says so", async () => {
    const clock = bodyProgram("return iso(now());");
    const at = async (options: RehearseOptions) => (await (await openStage(createRehearsalStaging(clock, { open: printFixture(FIXTURE) }), "test", options)).run()).output;
    expect(await at({ fixture: "open" })).toBe("2026-11-02T09:00:00.000Z");
    expect(await at({ fixture: "open", now: "2030-01-01T00:00:00Z" })).toBe("2030-01-01T00:00:00.000Z");
    const run = await (await openStage(createRehearsalStaging(clock), "test", { now: "2030-01-01T00:00:00Z" })).run();
    expect((await run.again({ after: "90m" })).output).toBe("2030-01-01T01:30:00.000Z");
  });

  test("knows which recorded calls nobody made; writes do not count while nothing was run", async () => {
    const write = { ...read("remove", {}, {}), class: "write" as const };
    const stage = await open({}, undefined, { ...FIXTURE, calls: [...FIXTURE.calls, read("lookup", { id: 1 }, {}), write] });
    await stage.plan();
    expect(stage.unused()).toEqual(["world.lookup"]);
    await stage.run();
    expect(stage.unused()).toEqual(["world.lookup", "world.remove"]);
    const live = await open({}, undefined, { ...FIXTURE, phase: "run", calls: [...FIXTURE.calls, read("lookup", { id: 1 }, {})] });
    await live.plan();
    expect(live.unused()).toEqual([]);
  });
});

test("a resource is answered as server.read, a prompt as server.prompt", async () => {
  const program = bodyProgram('return [await world.read("file:///x"), (await world.prompt("greet", { who: "you" })).text];');
  const run = await (await openStage(createRehearsalStaging(program), "test", { answers: { "world.read": ({ uri }: { uri: string }) => uri, "world.prompt": { text: "hello", messages: [] } } })).run();
  expect([run.output, run.calls.map(({ tool }) => tool)]).toEqual([["file:///x", "hello"], ["world.read", "world.prompt"]]);
});

test("a model is answered as model.ask", async () => {
  const program = bodyProgram('return await ask({ prompt: "Is " + inputs.any + " a bug?", schema: { type: "object", properties: { bug: { type: "boolean" } }, required: ["bug"] }, maxTokens: 20 });');
  const run = await (await openStage(createRehearsalStaging(program), "test", { inputs: { any: "this" }, answers: { "model.ask": ({ prompt }: { prompt: string }) => ({ bug: prompt === "Is this a bug?" }) } })).run();
  expect(run).toMatchObject({ status: "succeeded", output: { bug: true }, calls: [{ tool: "model.ask", class: "read" }] });
});

test("sleeping takes no time: the clock moves on to the instant, and the run goes on", async () => {
  const program = bodyProgram('const from = now(); await sleep("3d"); await world.send({ late: true }); return now() - from;');
  const stage = await openStage(createRehearsalStaging(program), "test", { answers: { "world.send": null } });
  const run = await stage.run();
  expect([run.status, run.output, run.effects.length, run.waits]).toEqual(["succeeded", 3 * 86_400_000, 1, []]);
  await expect(run.resume()).rejects.toMatchObject({ code: "USAGE", message: expect.stringContaining("succeeded") as string });
});

test.each([
  ["looking again", 'const at = now(); const found = await poll({ every: "1h", max: 9 }, async () => { const x: any = await world.get({}); return x === "there" ? "found" : undefined; }); return [found, now() - at];', ["found", 2 * 3_600_000]],
  ["waiting for an instant", 'const at = now(); await until(at + 5000); return now() - at;', 5000],
])("%s takes no time either", async (_, body, output) => {
  const stage = await openStage(createRehearsalStaging(bodyProgram(body)), "test", { answers: { "world.get": (_args: unknown, nth: number) => (nth === 3 ? "there" : "not yet") } });
  expect(await stage.run()).toMatchObject({ status: "succeeded", output });
});

test("no time passes in which a person could have answered", async () => {
  const program = bodyProgram('return await parallel({ slept: async () => { await sleep("3d"); return "slept"; }, said: async () => { const { outcome } = await approve({ message: "Send it?", within: "1d" }); return outcome; } });');
  const open = async () => (await openStage(createRehearsalStaging(program), "test", {})).run();
  const parked = await open();
  expect(parked.status).toBe("parked");
  expect(await parked.approve()).toMatchObject({ status: "succeeded", output: { slept: "slept", said: "approved" } });
  expect(await (await open()).resume({ after: "1d" })).toMatchObject({ status: "succeeded", output: { slept: "slept", said: "timeout" } });
});

test("a workflow that asks a person is parked until the test answers, or lets the time pass", async () => {
  const program = bodyProgram('const answer = await approve({ message: "Send it?", show: null, within: "1d", onTimeout: "deny" }); return answer.outcome;');
  const open = async () => (await openStage(createRehearsalStaging(program), "test", {})).run();
  const parked = await open();
  expect([parked.status, parked.waits.map(({ kind }) => kind)]).toEqual(["parked", ["approval"]]);
  expect((await parked.approve()).output).toBe("approved");
  expect((await (await open()).deny()).output).toBe("denied");
  expect((await (await open()).resume({ after: "2d" })).output).not.toBe("approved");
});

test("a workflow that waits for an event is parked until the test offers one, or lets the time pass", async () => {
  const program = bodyProgram('const found = await waitFor(webhook("github"), { when: (e) => e.headers["x-by"] === "ada", within: "1d" }); return found === null ? "nobody" : found.body.n;');
  const open = async () => (await openStage(createRehearsalStaging(program), "test", {})).run();
  const parked = await open();
  expect([parked.status, parked.waits.map(({ kind }) => kind)]).toEqual(["parked", ["event"]]);
  expect((await parked.offer({ headers: { "X-By": "bob" }, body: { n: 1 } })).status).toBe("parked");
  const ended = await parked.offer({ headers: { "X-By": "ada" }, body: { n: 2 } }, { after: "1h", topic: "webhook:github" });
  expect([ended.status, ended.output]).toEqual(["succeeded", 2]);
  await expect(ended.offer({ body: 1 })).rejects.toMatchObject({ code: "EVENT_UNWANTED" });
  await expect((await open()).offer({ number: 1 })).rejects.toMatchObject({ code: "EVENT_INVALID" });
  expect((await (await open()).resume({ after: "2d" })).output).toBe("nobody");
});

describe("equal calls", () => {
  const program = bodyProgram("return [await world.get({ n: 1 }), await world.get({ n: 1 }), await world.get({ n: 1 })];");
  const fixture = printFixture({ ...FIXTURE, inputs: {}, calls: [read("get", { n: 1 }, "first"), read("get", { n: 1 }, "second")] });
  const output = async (options: RehearseOptions) => (await (await openStage(createRehearsalStaging(program, { open: fixture }), "test", { fixture: "open", ...options })).run()).output;

  test("are answered in the recorded order, and the last answer repeats", async () => {
    expect(await output({})).toEqual(["first", "second", "second"]);
  });

  test("with repeats: fail, one call too many fails", async () => {
    await expect(output({ repeats: "fail" })).rejects.toMatchObject({ code: "CALL_UNMATCHED", message: expect.stringContaining("less often") as string });
  });

  test("an answer of the test that is undefined leaves the call to the fixture", async () => {
    expect(await output({ answers: { "world.get": (_: unknown, nth: number) => (nth === 2 ? "mine" : undefined) } })).toEqual(["first", "mine", "second"]);
  });

  test("an answer that throws, or is named like no tool, is the test's fault", async () => {
    await expect(output({ answers: { "world.get": () => { throw new Error("oops"); } } })).rejects.toMatchObject({ message: expect.stringContaining("oops") as string });
    await expect(output({ answers: { get: 1 } })).rejects.toMatchObject({ code: "USAGE", hint: expect.stringContaining("server.tool") as string });
  });
});
