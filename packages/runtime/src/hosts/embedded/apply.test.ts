import { afterEach, describe, expect, test } from "vitest";
import type { Environment } from "../../host/index.ts";
import { DEFAULT_POLICY, type Plan, type Run } from "../../model/index.ts";
import type { Program } from "../../program/index.ts";
import { bodyProgram } from "../../testing/compile-source.ts";
import { createHostWorld, type HostTool, type HostWorld } from "../../testing/host-world.ts";

const HOUR_MS = 3_600_000;
const SEND = bodyProgram('const read = await world.get({}); await once("k", () => world.send({ read }));');

let world: HostWorld;
afterEach(() => world.close());

async function begin(tools: { readonly [tool: string]: HostTool } = {}): Promise<void> {
  const answers = ["first", "second", "third"];
  world = await createHostWorld({ get: () => answers.shift() ?? "more", ...tools });
}

async function plan(program: Program, host = world.host(1)): Promise<Plan> {
  const { run, plan: made } = await host.plan({ program, inputs: {}, event: { kind: "call" }, cancelled: new AbortController().signal });
  expect(run).toMatchObject({ id: made.id, status: "planned", phase: "plan" });
  return made;
}

async function run(program: Program, host = world.host(1)): Promise<Run> {
  return (await host.start({ program, inputs: {}, event: { kind: "call" } })).finished;
}

async function apply(made: Plan, program: Program, host = world.host(1)): Promise<Run> {
  return (await host.apply(made.id, program)).finished;
}

function sent(): readonly string[] {
  return world.called.filter((call) => !/^(get|list|search|lookup) /.test(call));
}

describe("apply", () => {
  test("performs what the plan showed, over the plan's own reads, as the same run", async () => {
    await begin();
    const made = await plan(SEND);
    expect(made.effects.map(({ sign, label, tool, args, target }) => [sign, label, tool, args.value, target])).toEqual([["+", "once k", "send", { read: "first" }, "world.test"]]);
    expect(sent()).toEqual([]);
    const applied = await apply(made, SEND);
    expect(applied).toMatchObject({ id: made.id, rootRunId: made.id, phase: "apply", status: "succeeded", startedAt: made.createdAt, counts: { writes: 1 } });
    expect(world.called).toEqual(["get {}", 'send {"read":"first"}']);
  });

  test("PLAN_APPLIED when it has ended: its run tells the rest", async () => {
    await begin();
    const made = await plan(SEND);
    await apply(made, SEND);
    await expect(world.host(1).apply(made.id, SEND)).rejects.toMatchObject({ code: "PLAN_APPLIED", message: expect.stringContaining("succeeded") as string, hint: expect.stringContaining(`offstage show ${made.id}`) as string });
    expect(sent()).toHaveLength(1);
  });

  test("PLAN_UNKNOWN for a plan of another store, and for a run that is no plan", async () => {
    await begin();
    await expect(world.host(1).apply("elsewhere", SEND)).rejects.toMatchObject({ code: "PLAN_UNKNOWN", hint: expect.stringContaining("store") as string });
    const { id } = await run(SEND);
    await expect(world.host(1).apply(id, SEND)).rejects.toMatchObject({ code: "PLAN_UNKNOWN" });
  });

  test("PLAN_EXPIRED after its time; nothing is written and the plan is as it was", async () => {
    await begin();
    const made = await plan(SEND);
    await world.clock.advance(HOUR_MS + 1);
    await expect(world.host(1).apply(made.id, SEND)).rejects.toMatchObject({ code: "PLAN_EXPIRED", hint: expect.any(String) as string });
    expect(await world.store.transact({ durable: false }, (tx) => tx.getPlan(made.id))).toEqual({ plan: made, appliedAt: null, error: null });
    expect((await world.host(1).get(made.id)).status).toBe("planned");
    expect(sent()).toEqual([]);
  });

  test.each<[string, Partial<Environment>, Program]>([
    ["the workflow", {}, bodyProgram('await once("k", () => world.send({ read: "other" }));')],
    ["offstage.lock", { basis: { classes: "c2", profiles: "f", policy: "" } }, SEND],
    ["a profile", { basis: { classes: "c", profiles: "f2", policy: "" } }, SEND],
    ["the policy", { policy: { ...DEFAULT_POLICY, rules: [{ verdict: "deny", tool: "other" }] } }, SEND],
    ["the target of world", { targetOf: () => "staging.test" }, SEND],
  ])("PLAN_VOID when %s changed since", async (part, changed, program) => {
    await begin();
    const made = await plan(SEND);
    const basis = { ...world.environment(changed).basis, ...(changed.basis === undefined ? {} : { policy: made.basis.policy }) };
    await expect(world.host(1, { ...changed, basis }).apply(made.id, program)).rejects.toMatchObject({ code: "PLAN_VOID", message: expect.stringContaining(`this changed: ${part}`) as string });
    expect(sent()).toEqual([]);
    // What was changed back is the same plan again.
    expect((await apply(made, SEND)).status).toBe("succeeded");
  });

  test("a write that the plan does not have is held, and the rest is made", async () => {
    await begin({ send: () => ({ key: "7" }) });
    const program = bodyProgram('const made = await once("a", () => world.send({})); await once(`b:${made.key}`, () => world.comment({ key: made.key }));');
    const made = await plan(program);
    expect(made.effects.map(({ certainty, identityKnown }) => [certainty, identityKnown])).toEqual([["sure", true], ["may", false]]);
    const applied = await apply(made, program);
    expect(applied).toMatchObject({ status: "pending", held: [{ label: "once b:7", why: expect.stringContaining("the plan does not have it") as string }] });
    expect(world.called).toEqual(["send {}"]);
  });

  test("a state that another run set since the plan read it: the writes stay, STATE_CONFLICT is told, the state is not overwritten", async () => {
    await begin();
    const program = bodyProgram("const last = await cursor.get(); await once(`k${last}`, () => world.send({ last })); await cursor.set(last + 1);", 'const cursor = state("cursor", 0);');
    const made = await plan(program);
    expect((await run(program)).status).toBe("succeeded");
    expect((await run(program)).status).toBe("succeeded");
    expect(await apply(made, program)).toMatchObject({ status: "failed", error: { code: "STATE_CONFLICT" }, counts: { replayed: 1 } });
    expect(sent()).toEqual(['send {"last":0}', 'send {"last":1}']);
    expect((await run(program)).status).toBe("succeeded");
    expect(sent()).toHaveLength(3);
  });

  test("a plan that fails is no plan", async () => {
    await begin();
    const failing = bodyProgram('await world.get({}); throw fail("no");');
    const { run: failed } = await world.host(1).plan({ program: failing, inputs: {}, event: { kind: "call" }, cancelled: new AbortController().signal });
    expect(failed).toMatchObject({ status: "failed", error: { code: "FAILED" } });
    await expect(world.host(1).apply(failed.id, failing)).rejects.toMatchObject({ code: "PLAN_UNKNOWN" });
  });
});

describe("an apply that was interrupted", () => {
  const TWO = bodyProgram('await each(["a", "b"], { key: (x) => x, onError: "continue" }, async (x) => { const read = await world.get({}); await once(x, () => world.send({ x, read })); });');

  /** Planned, and applied by a process that dies while its first write is under way. */
  async function interrupted(): Promise<Plan> {
    await begin({ send: () => (sent().length === 1 ? new Promise(() => undefined) : null) });
    const made = await plan(TWO);
    const handle = await world.host(1).apply(made.id, TWO);
    handle.finished.catch(() => undefined);
    await world.clock.advance(1);
    expect(sent()).toEqual(['send {"x":"a","read":"first"}']);
    world.kill(1);
    return made;
  }

  test("is continued by giving it again, however late: it stays the plan it was", async () => {
    const made = await interrupted();
    await world.clock.advance(24 * HOUR_MS);
    // What is begun is not looked at again: neither its age nor what it was made under.
    const next = world.host(2, { basis: { classes: "c2", profiles: "f2", policy: "y2" } });
    expect(await apply(made, TWO, next)).toMatchObject({ id: made.id, phase: "apply", status: "needs-attention", ambiguous: [{ label: "once a" }] });
    expect(sent()).toEqual([expect.stringContaining('"a"'), 'send {"x":"b","read":"second"}']);
    await expect(next.apply(made.id, TWO)).rejects.toMatchObject({ code: "PLAN_APPLIED", message: expect.stringContaining("needs-attention") as string });
  });

  test("is continued by any other run of the store", async () => {
    const made = await interrupted();
    const next = world.host(2);
    await run(SEND, next);
    expect(await next.get(made.id)).toMatchObject({ phase: "apply", status: "needs-attention" });
    expect(sent().filter((call) => call.includes('"a"'))).toHaveLength(1);
  });

  test("writes nothing else than its plan when the workflow was changed meanwhile: a run carries its program", async () => {
    const made = await interrupted();
    const next = world.host(2);
    expect((await apply(made, SEND, next)).programHash).toBe(made.basis.program);
    expect(sent().some((call) => call.includes('"k"'))).toBe(false);
    expect(sent()).toHaveLength(2);
  });
});
