import { describe, expect, test } from "vitest";
import { DEFAULT_POLICY, effectId, type EffectRequest, type RecordAction } from "../model/index.ts";
import { recordIdentity, sampleRequestFor } from "../testing/effect-samples.ts";
import { bindCreated, createEffectsFixture, type EffectsFixture, FIXTURE_KEY, FIXTURE_TIMEOUT_MS } from "../testing/effects-fixture.ts";
import type { Effects } from "./index.ts";

const create = sampleRequestFor(recordIdentity("create"));
const CREATED = effectId(create.identity);
const request = (action: RecordAction, revision: number, args = { title: `r${revision}` }): EffectRequest => sampleRequestFor(recordIdentity(action, "PR_7", { revision }), args);
const adopt = (key: string, targetKey = "t9", generation = 1): EffectRequest => sampleRequestFor(recordIdentity("adopt", key, { generation }), { kept: { key: "T-9" }, targetKey });
const ALLOW = { ...DEFAULT_POLICY, rules: [{ verdict: "allow" as const }], planMaxAgeMs: 1, grantMaxAgeMs: 1, trustHints: false, guard: { count: 99, share: 1 } };

async function boundFixture(): Promise<{ readonly fixture: EffectsFixture; readonly effects: Effects }> {
  const fixture = await createEffectsFixture();
  const effects = await fixture.open({ policy: ALLOW });
  await effects.perform(create);
  await bindCreated(effects, CREATED);
  return { fixture, effects };
}

async function update(effects: Effects, revision: number, title: string, notConverging: string | null = null): Promise<string> {
  const asked = request("update", revision, { title });
  const answer = await effects.perform(asked);
  if (answer.kind === "done") await effects.bind({ kind: "updated", key: FIXTURE_KEY, effect: answer.effect, notConverging });
  return answer.kind;
}

test("an effect is open until the binding knows it; binding completes it, once", async () => {
  const fixture = await createEffectsFixture();
  const effects = await fixture.open();
  expect(await effects.record(FIXTURE_KEY, "jira")).toEqual({ key: FIXTURE_KEY, binding: null, open: null, formerTargets: [], target: "https://jira.test/", now: fixture.clock.now(), restored: false });
  await effects.perform(create);
  expect(await effects.record(FIXTURE_KEY, "jira")).toMatchObject({ binding: null, open: { id: CREATED, status: "done" } });
  const binding = await bindCreated(effects, CREATED);
  expect(binding).toMatchObject({ generation: 1, revision: 1, kept: { key: "T-1" }, target: "https://jira.test/", lastSeenRun: "run-1" });
  expect(await effects.record(FIXTURE_KEY, "jira")).toMatchObject({ binding, open: null });
  expect(await bindCreated(effects, CREATED, { key: "other" })).toEqual(binding);
  expect(await fixture.row(CREATED)).toMatchObject({ completion: '"bound"' });
});

test("A, then B, then A again are three updates (conformance d)", async () => {
  const { fixture, effects } = await boundFixture();
  for (const [index, title] of ["A", "B", "A"].entries()) expect(await update(effects, index + 1, title)).toBe("done");
  expect(fixture.caller.calls.slice(1).map(({ args }) => args)).toEqual([{ title: "A" }, { title: "B" }, { title: "A" }]);
  expect(await fixture.binding()).toMatchObject({ revision: 4 });
  expect(await update(effects, 3, "A")).toBe("done");
  expect(fixture.caller.calls).toHaveLength(4);
  expect(await fixture.binding()).toMatchObject({ revision: 4 });
});

test("an update that did not take is left alone until its arguments change, or until it did", async () => {
  const { fixture, effects } = await boundFixture();
  await effects.perform(request("update", 1, { title: "B" }));
  const { argsHash, id } = (await fixture.row(effectId(recordIdentity("update", "PR_7", { revision: 1 })))) ?? { argsHash: "", id: "" };
  await effects.bind({ kind: "updated", key: FIXTURE_KEY, effect: id, notConverging: argsHash });
  expect(await effects.perform(request("update", 2, { title: "B" }))).toMatchObject({ kind: "failed", error: { code: "NOT_CONVERGING" } });
  expect(await fixture.row(effectId(recordIdentity("update", "PR_7", { revision: 2 })))).toBeNull();
  await effects.bind({ kind: "seen", key: FIXTURE_KEY, goneSince: null });
  expect(await effects.perform(request("update", 2, { title: "B" }))).toMatchObject({ kind: "failed" });
  await effects.bind({ kind: "seen", key: FIXTURE_KEY, goneSince: null, converged: true });
  expect(await update(effects, 2, "B")).toBe("done");
  expect(await update(effects, 3, "C", "h")).toBe("done");
  expect(await update(effects, 4, "D")).toBe("done");
  expect(fixture.caller.calls).toHaveLength(5);
});

describe("adoption", () => {
  test("calls nothing and binds at once", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open({ policy: ALLOW });
    const answer = await effects.perform(adopt("PR_7"));
    expect(answer).toMatchObject({ kind: "done", value: { kept: { key: "T-9" }, targetKey: "t9" } });
    expect(await effects.record(FIXTURE_KEY, "jira")).toMatchObject({ open: null, binding: { adopted: true, targetKey: "t9", kept: { key: "T-9" }, generation: 1, revision: 1 } });
    expect(fixture.caller.calls).toEqual([]);
    expect(await fixture.row(answer.effect)).toMatchObject({ status: "done", tool: null });
  });

  test("needs a person by default, in a run; a target is adopted once", async () => {
    const fixture = await createEffectsFixture();
    expect(await (await fixture.open()).perform(adopt("PR_7"))).toMatchObject({ kind: "held", why: { kind: "approval" } });
    const effects = await fixture.open({ policy: ALLOW });
    await effects.perform(adopt("PR_7"));
    expect(await effects.perform(adopt("PR_8"))).toMatchObject({ kind: "failed", error: { code: "AMBIGUOUS_RECORD", message: expect.stringContaining("ticket PR_7") } });
    expect(await fixture.binding("PR_8")).toBeNull();
    expect(await effects.perform(adopt("PR_8", "t8"))).toMatchObject({ kind: "done" });
  });

  test("a target that somebody else adopted meanwhile is not reopened", async () => {
    const { fixture, effects } = await boundFixture();
    await effects.bind({ kind: "released", key: FIXTURE_KEY, effect: null });
    await effects.perform(adopt("PR_8", "t1"));
    expect(await effects.perform(request("reopen", 1))).toMatchObject({ kind: "failed", error: { code: "AMBIGUOUS_RECORD" } });
    expect(fixture.caller.calls).toHaveLength(1);
  });
});

describe("binding", () => {
  test("says only what the ledger knows to be done, for the same identity and generation", async () => {
    const { effects, fixture } = await boundFixture();
    fixture.caller.answer = () => ({ kind: "error", refused: false, error: { code: "SERVER_TIMEOUT", message: "m" } });
    const { effect } = await effects.perform(request("update", 1));
    await expect(effects.bind({ kind: "updated", key: FIXTURE_KEY, effect, notConverging: null })).rejects.toMatchObject({ code: "BUG" });
    await expect(effects.bind({ kind: "updated", key: { ...FIXTURE_KEY, key: "PR_8" }, effect: CREATED, notConverging: null })).rejects.toMatchObject({ code: "BUG" });
    await expect(effects.bind({ kind: "updated", key: FIXTURE_KEY, effect: "nothing", notConverging: null })).rejects.toMatchObject({ code: "EFFECT_UNKNOWN" });
  });

  test("a target that another identity has is refused", async () => {
    const { effects, fixture } = await boundFixture();
    const other = sampleRequestFor(recordIdentity("create", "PR_8"));
    const { effect } = await effects.perform(other);
    const change = { kind: "bound", key: { ...FIXTURE_KEY, key: "PR_8" }, effect, generation: 1, kept: { key: "T-1" }, targetKey: "t1", adopted: false, server: "jira" } as const;
    await expect(effects.bind(change)).rejects.toMatchObject({ code: "AMBIGUOUS_RECORD" });
    expect(await fixture.binding("PR_8")).toBeNull();
    await expect(effects.bind({ ...change, generation: 2 })).rejects.toMatchObject({ code: "BUG" });
  });

  test("keeps the target of the effect, not the one that the server has by now", async () => {
    const fixture = await createEffectsFixture();
    await (await fixture.open()).perform(create);
    const moved = await fixture.open({ targetOf: () => "https://staging.test/" });
    expect(await bindCreated(moved, CREATED)).toMatchObject({ target: "https://jira.test/" });
  });
});

test("targets of older generations that were created are former, adopted ones are not", async () => {
  const { effects } = await boundFixture();
  const bindNext = async (generation: number): Promise<void> => {
    const { effect } = await effects.perform(sampleRequestFor(recordIdentity("create", "PR_7", { generation })));
    await effects.bind({ kind: "bound", key: FIXTURE_KEY, effect, generation, kept: null, targetKey: `t${generation}`, adopted: false, server: "jira" });
  };
  await bindNext(2);
  expect((await effects.record(FIXTURE_KEY, "jira")).formerTargets).toEqual(["t1"]);
  await effects.bind({ kind: "released", key: FIXTURE_KEY, effect: null });
  await effects.perform(adopt("PR_7", "t9", 3));
  await bindNext(4);
  expect((await effects.record(FIXTURE_KEY, "jira")).formerTargets).toEqual(["t1", "t2"]);
  expect((await effects.bindings("leaks", "ticket")).map(({ generation }) => generation)).toEqual([4]);
});

test("a look at an identity waits for its write that is in flight here", async () => {
  const fixture = await createEffectsFixture();
  const effects = await fixture.open();
  let answer: () => void = () => undefined;
  fixture.caller.answer = () => new Promise((resolve) => { answer = () => resolve({ kind: "value", value: 1 }); });
  const sent = effects.perform(create);
  const view = effects.record(FIXTURE_KEY, "jira");
  const entry = effects.entry(create.identity);
  await fixture.clock.advance(1);
  answer();
  await sent;
  expect([(await view).open?.status, (await entry)?.status]).toEqual(["done", "done"]);
});

describe("settling", () => {
  const unanswered = async (): Promise<{ readonly fixture: EffectsFixture; readonly effects: Effects }> => {
    const fixture = await createEffectsFixture();
    fixture.caller.answer = () => ({ kind: "error", refused: false, error: { code: "SERVER_TIMEOUT", message: "m" } });
    const effects = await fixture.open();
    await effects.perform(create);
    return { fixture, effects };
  };

  test("what is found is done, for ever", async () => {
    const { effects } = await unanswered();
    expect(await effects.settle(CREATED, { kind: "found", value: { key: "T-5" } })).toMatchObject({ status: "done", settledBy: "found", outcome: { value: { key: "T-5" }, unreadable: false } });
    expect(await effects.settle(CREATED, { kind: "absent", askedAt: 9e15, provesAfterMs: 0 })).toMatchObject({ status: "done" });
  });

  test("what is not found failed only when that proves it; then it may be attempted again in the same run", async () => {
    const { fixture, effects } = await unanswered();
    const deadline = fixture.clock.now() + FIXTURE_TIMEOUT_MS;
    for (const [askedAt, provesAfterMs] of [[deadline, 0], [deadline + 40, 40], [deadline + 9e9, null]] as const) expect((await effects.settle(CREATED, { kind: "absent", askedAt, provesAfterMs })).status).toBe("ambiguous");
    expect(await effects.settle(CREATED, { kind: "absent", askedAt: deadline + 41, provesAfterMs: 40 })).toMatchObject({ status: "failed", settledBy: "absent", outcome: { error: { code: "EFFECT_ABSENT" } } });
    fixture.caller.answer = () => ({ kind: "value", value: 1 });
    expect(await effects.perform(create)).toMatchObject({ kind: "done", replayed: false });
  });

  test("an effect that nobody knows", async () => {
    await expect((await unanswered()).effects.settle("nothing", { kind: "found", value: null })).rejects.toMatchObject({ code: "EFFECT_UNKNOWN" });
  });
});
