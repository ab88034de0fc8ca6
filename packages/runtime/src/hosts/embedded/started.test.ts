import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { answerRequests } from "../../effects/index.ts";
import { createRedactor } from "../../base/index.ts";
import { DEFAULT_POLICY, type PolicyRule, type Run } from "../../model/index.ts";
import { hashProgram, type Program } from "../../program/index.ts";
import { bodyProgram, calledSource, programOf } from "../../testing/compile-source.ts";
import { createHostWorld, type HostWorld, newsOf } from "../../testing/host-world.ts";

const CALL = { kind: "call" } as const;
const CHILD = calledSource("child", "await world.send({ text: inputs.n }); return { n: inputs.n, event };", "", "limits: { writes: 1 }");

function starter(body: string, child = CHILD, limits = ""): Program {
  const whole = bodyProgram(body, `import child from "./child.ts";`, "checked", { child });
  return limits === "" ? whole : { ...whole, limits: { writes: Number(limits) } };
}

const ONE = `return await start(child, "k", { n: 2 });`;

let world: HostWorld;
beforeEach(async () => void (world = await createHostWorld()));
afterEach(() => world.close());

const runs = (): Promise<readonly Run[]> => world.store.transact({ durable: false }, (tx) => tx.listRuns({ limit: 99 }));
const childrenOf = async (): Promise<readonly Run[]> => (await runs()).filter(({ event }) => event.kind === "started");
const rules = (...made: readonly PolicyRule[]) => ({ policy: { ...DEFAULT_POLICY, rules: made } });

describe("a workflow that is started", () => {
  test("is a run of its own, with its program, its inputs and its limits, driven after the one that started it", async () => {
    const program = starter(ONE);
    const run = await (await world.host(1).start({ program, inputs: {}, event: CALL })).finished;
    const [child, ...others] = await childrenOf();
    expect(others).toEqual([]);
    expect(run).toMatchObject({ status: "succeeded", output: { run: child?.id }, counts: { writes: 1, calls: 0 } });
    expect(child).toMatchObject({
      workflow: "child", scope: "child", rootRunId: child?.id, status: "succeeded", phase: "run", inputs: { n: 2, list: ["a"] }, output: { n: 2, event: null },
      event: { kind: "started", run: run.id, workflow: "test", key: "k" }, programHash: hashProgram(programOf(CHILD)),
    });
    expect(newsOf(world, "run-ended")).toEqual(["test", "child"]);
    expect(world.called).toEqual([`send {"text":2}`]);
  });

  test("is started once for its key: by no later run, no other workflow, whatever the inputs are", async () => {
    const host = world.host(1);
    const run = async (program: Program): Promise<Run> => (await host.start({ program, inputs: {}, event: CALL })).finished;
    const first = await run(starter(ONE));
    const again = await run(starter(`return await start(child, "k", { n: 3 });`));
    const other = await run({ ...starter(ONE), name: "other" });
    expect([again.output, other.output]).toEqual([first.output, first.output]);
    expect([again.counts, other.counts]).toEqual([1, 1].map((replayed) => ({ calls: 0, writes: 0, replayed })));
    expect(await run(starter(`return await start(child, "l", {});`))).toMatchObject({ status: "succeeded", counts: { writes: 1 } });
    expect(world.called).toEqual([`send {"text":2}`, `send {"text":1}`]);
  });

  test("keeps the key over a renaming, and its run keeps the program it was started with", async () => {
    const host = world.host(1);
    await (await host.start({ program: starter(ONE), inputs: {}, event: CALL })).finished;
    const renamed = bodyProgram(`return await start(younger, "k", {});`, `import younger from "./younger.ts";`, "checked", { younger: calledSource("younger", "return 1;", "", `was: "child"`) });
    await (await host.start({ program: renamed, inputs: {}, event: CALL })).finished;
    expect((await childrenOf()).map(({ workflow }) => workflow)).toEqual(["child"]);
  });

  test("may be started in a workflow that is called, whose rules hold for it too, and may start others itself", async () => {
    const modules = {
      leaf: calledSource("leaf", "await world.send({ text: `leaf ${inputs.n}` });"),
      child: calledSource("child", `return await start(leaf, "l", { n: inputs.n + 1 });`, `import leaf from "./leaf.ts";`),
      middle: calledSource("middle", `return await start(child, "k", { n: inputs.n });`, `import child from "./child.ts";`),
    };
    const program = bodyProgram(`return await call(middle, { n: 5 });`, `import middle from "./middle.ts";`, "checked", modules);
    const denied = await (await world.host(1, rules({ verdict: "deny", workflow: "middle" })).start({ program, inputs: {}, event: CALL })).finished;
    expect(denied.error?.code).toBe("EFFECT_REFUSED");
    const run = await (await world.host(2).start({ program, inputs: {}, event: CALL })).finished;
    const [child, leaf] = (await childrenOf()).toSorted((a, b) => (a.workflow < b.workflow ? -1 : 1));
    expect([run.output, child?.output]).toEqual([{ run: child?.id }, { run: leaf?.id }]);
    expect([child, leaf].map((one) => one?.event)).toEqual([{ kind: "started", run: run.id, workflow: "test", key: "k" }, { kind: "started", run: child?.id, workflow: "child", key: "l" }]);
    expect(world.called).toEqual([`send {"text":"leaf 6"}`]);
  });

  test("that fails changes nothing of the run that started it", async () => {
    const host = world.host(1);
    const failing = calledSource("child", `throw fail("no");`);
    expect(await (await host.start({ program: starter(ONE, failing), inputs: {}, event: CALL })).finished).toMatchObject({ status: "succeeded" });
    expect((await childrenOf()).map(({ status }) => status)).toEqual(["failed"]);
  });

  test("waits for whoever drives the store when its starter's process dies, and is not started again", async () => {
    let reached = 0;
    const dying = world.host(1, { news: (one) => { if (one.kind === "run-ended" && reached++ === 0) world.kill(1); } });
    void dying.start({ program: starter(ONE), inputs: {}, event: CALL });
    while (reached === 0) await world.clock.advance(1);
    expect((await childrenOf()).map(({ status }) => status)).toEqual(["queued"]);
    expect((await (await world.host(2).start({ program: starter(ONE), inputs: {}, event: CALL })).finished).status).toBe("succeeded");
    expect([(await childrenOf()).map(({ status }) => status), world.called]).toEqual([["succeeded"], [`send {"text":2}`]]);
  });

  test("by two processes at once is one run", async () => {
    let done = false;
    const both = Promise.all([1, 2].map(async (pid) => (await world.host(pid).start({ program: starter(ONE), inputs: {}, event: CALL })).finished)).finally(() => (done = true));
    while (!done) await world.clock.advance(200);
    const finished = await both;
    expect(new Set(finished.map(({ output }) => JSON.stringify(output))).size).toBe(1);
    expect([(await childrenOf()).length, world.called]).toEqual([1, [`send {"text":2}`]]);
  });
});

describe("the gate", () => {
  test("starts nothing while planning, and an apply starts exactly what the plan has", async () => {
    const host = world.host(1);
    const program = starter(`const more = (await world.get({})) === null ? [] : ["extra"]; await start(child, "k", { n: 2 }); await each(more, { key: (x) => x }, (x) => start(child, x, {})); return 1;`);
    const { plan } = await host.plan({ program, inputs: {}, event: CALL, cancelled: new AbortController().signal });
    expect(plan.effects.map(({ label, server, tool, target }) => [label, server, tool, target])).toEqual([["start child k", "offstage", "start.child", "store"]]);
    expect(await runs()).toHaveLength(1);
    const planned = plan.effects[0];
    expect(planned?.args.value).toEqual({ workflow: "child", key: "k", inputs: { n: 2, list: ["a"] } });
    expect(await (await host.apply(plan.id, program)).finished).toMatchObject({ status: "succeeded", counts: { writes: 1 } });
    expect([(await childrenOf()).length, world.called]).toEqual([1, ["get {}", `send {"text":2}`]]);
  });

  test("denies, holds for a person and counts a start as it does a write", async () => {
    const denied = await (await world.host(1, rules({ verdict: "deny", tool: "start.child" })).start({ program: starter(ONE), inputs: {}, event: CALL })).finished;
    expect(denied).toMatchObject({ status: "failed", error: { code: "EFFECT_REFUSED", message: "The policy denies start child k (offstage.start.child): rule 1 of the policy." } });
    const host = world.host(2, rules({ verdict: "approve", action: "start" }));
    const held = await (await host.start({ program: starter(ONE), inputs: {}, event: CALL })).finished;
    expect(held).toMatchObject({ status: "pending", held: [{ label: "start child k", waits: true }] });
    const [request] = await world.store.transact({ durable: false }, (tx) => tx.listRequests({ status: ["open"], limit: 9 }));
    expect(request).toMatchObject({ server: "offstage", tool: "start.child", target: "store", args: { workflow: "child", key: "k", inputs: { n: 2, list: ["a"] } } });
    expect(await childrenOf()).toEqual([]);
    await answerRequests(world.store, [request?.id ?? ""], { verdict: "approve", by: "ada", now: world.clock.now(), maxAgeMs: 1000 });
    expect(await (await host.continue(held.id)).finished).toMatchObject({ status: "succeeded", output: { run: (await childrenOf())[0]?.id } });
    const limited = await (await world.host(3).start({ program: starter(`await start(child, "a", {}); await start(child, "b", {});`, CHILD, "1"), inputs: {}, event: CALL })).finished;
    expect(limited).toMatchObject({ status: "failed", error: { code: "LIMIT_WRITES" }, counts: { writes: 1 } });
    expect((await childrenOf()).map(({ event }) => event.kind === "started" && event.key)).toEqual(["a", "k"]);
  });

  test("asks after a restore whether a key was started before, and pauses with the workflow", async () => {
    await world.store.transact({ durable: true }, (tx) => tx.putMeta("paused", ["workflow:test"]));
    expect(await (await world.host(1).start({ program: starter(ONE), inputs: {}, event: CALL })).finished).toMatchObject({ held: [{ why: "paused: workflow:test" }] });
    await world.store.transact({ durable: true }, async (tx) => {
      await tx.putMeta("paused", []);
      await tx.putMeta("epoch", 2);
      await tx.putMeta("restored-at", 1);
    });
    expect(await (await world.host(2).start({ program: starter(ONE), inputs: {}, event: CALL })).finished).toMatchObject({ status: "pending", held: [{ why: expect.stringContaining("restored from a backup") as string }] });
  });

  test("refuses a secret among the inputs, and starts nothing", async () => {
    const redactor = createRedactor();
    redactor.register("correct-horse", "TOKEN");
    const program = starter(`return await start(child, "k", { list: ["correct-horse"] });`);
    const run = await (await world.host(1, { redactor }).start({ program, inputs: {}, event: CALL })).finished;
    expect([run.error?.code, await childrenOf()]).toEqual(["SECRET_IN_INPUT", []]);
  });
});

test("who cancels the run when it is over stops driving: the one that is under way and those that wait go on in the next process", async () => {
  const program = starter(`await start(child, "a", { n: 1 }); await start(child, "b", { n: 2 });`, calledSource("child", "await world.get({}); await world.send({ text: inputs.n });"));
  let reached: () => void = () => undefined;
  const driven = new Promise<void>((resolve) => (reached = resolve));
  let answer: () => void = () => undefined;
  await world.close();
  world = await createHostWorld({ get: () => new Promise((resolve) => { reached(); answer = () => resolve(1); }) });
  const host = world.host(1);
  const handle = await host.start({ program, inputs: {}, event: CALL });
  await driven;
  await host.cancel(handle.id);
  answer();
  expect((await handle.finished).status).toBe("succeeded");
  expect((await childrenOf()).map(({ status }) => status)).toEqual(["queued", "running"]);
  expect(world.called).toEqual(["get {}"]);
  await host.close();
  const next = world.host(2);
  const other = next.start({ program: programOf(calledSource("other", "return 1;")), inputs: {}, event: CALL }).then(({ finished }) => finished);
  for (let done = false; !done; answer()) {
    await world.clock.advance(1);
    done = (await childrenOf()).every(({ status }) => status === "succeeded");
  }
  expect((await other).status).toBe("succeeded");
  expect(world.called.filter((call) => call.startsWith("send"))).toEqual([`send {"text":1}`, `send {"text":2}`]);
});

test("a host that drives no started runs leaves them, and drives one that is asked for", async () => {
  const host = world.host(1, { drivesStarted: false });
  await (await host.start({ program: starter(ONE), inputs: {}, event: CALL })).finished;
  const [child] = await childrenOf();
  expect([child?.status, world.called]).toEqual(["queued", []]);
  expect(await (await host.continue(child?.id ?? "")).finished).toMatchObject({ status: "succeeded" });
});
