import { describe, expect, test } from "vitest";
import { type ApprovalRequest, DEFAULT_POLICY, effectId, type EffectRequest, type Plan, type PlannedEffect, type Policy } from "../model/index.ts";
import { endRestoreDoubt } from "../state/index.ts";
import { recordIdentity, sampleRequestFor } from "../testing/effect-samples.ts";
import { bindCreated, createEffectsFixture } from "../testing/effects-fixture.ts";
import { samplePlan, sampleRun } from "../testing/store-samples.ts";
import { answerRequests, type Effects } from "./index.ts";

const HOUR = 3_600_000;
const once = (key: string, args: EffectRequest["args"]["value"] = { body: "x" }, rest: Partial<EffectRequest> = {}): EffectRequest => sampleRequestFor({ kind: "once", scope: "leaks", key, window: null }, args, { label: key, ...rest });
const APPROVE: Policy = { ...DEFAULT_POLICY, rules: [{ verdict: "approve" }] };
const planOf = (effects: readonly PlannedEffect[]): Plan => ({ ...samplePlan("run-1"), effects });
const kinds = async (effects: Effects, ...requests: readonly EffectRequest[]): Promise<readonly string[]> => {
  const answers: string[] = [];
  for (const request of requests) { const answer = await effects.perform(request); answers.push(answer.kind === "held" ? `held ${answer.why.kind}` : answer.kind === "refused" ? answer.error.code : answer.kind); }
  return answers;
};

describe("a plan", () => {
  test("performs nothing, leaves no row and no question, and lists what it held", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open({ run: { phase: "plan" }, fence: null });
    const adopt = sampleRequestFor(recordIdentity("adopt"), { kept: null, targetKey: "t" });
    const unknown = { value: { body: null }, unknown: [{ path: ["body"], from: ["e"] }] };
    expect(await kinds(effects, once("a"), adopt, once("b", null, { args: unknown, after: effectId(once("a").identity) }), once("?", null, { identityKnown: false, certainty: "may" }))).toEqual(["held planning", "held approval", "held after", "held uncertain"]);
    expect(fixture.caller.calls).toEqual([]);
    expect(await fixture.tx(async (tx) => [await tx.listEffects({ limit: 9 }), await tx.listRequests({ limit: 9 })])).toEqual([[], []]);
    expect(effects.plannedEffects().map(({ label, sign, certainty, identityKnown, tool, why }) => [label, sign, certainty, identityKnown, tool, why.kind])).toEqual([
      ["a", "+", "sure", true, "create_issue", "planning"], ["ticket PR_7", "=", "sure", true, null, "approval"], ["b", "+", "sure", true, "create_issue", "after"], ["?", "+", "may", false, "create_issue", "uncertain"],
    ]);
  });

  test("has one line an effect, however often it is asked, and one each for identities that are not known yet", async () => {
    const effects = await (await createEffectsFixture()).open({ run: { phase: "plan" } });
    const unknown = (step: string): EffectRequest => once("?", { body: step }, { identityKnown: false, step });
    await kinds(effects, once("a"), once("a"), unknown("x#1"), unknown("x#2"));
    expect(effects.plannedEffects()).toHaveLength(3);
  });

  test("says of an effect that is asked for twice what the first time says that is certain: that is when an apply performs it", async () => {
    const effects = await (await createEffectsFixture()).open({ run: { phase: "plan" } });
    await kinds(effects, once("a", { n: 0 }, { certainty: "may", step: "x#0" }), once("a", { n: 1 }, { step: "x#1" }), once("a", { n: 2 }, { step: "x#2" }), once("a", { n: 3 }, { certainty: "may", step: "x#3" }));
    expect(effects.plannedEffects().map(({ step, args }) => [step, args.value])).toEqual([["x#1", { n: 1 }]]);
  });

  test("is in the order of the text, loops in the order of their keys, whatever came first", async () => {
    const effects = await (await createEffectsFixture()).open({ run: { phase: "plan" } });
    const steps = ["first#1", "each#1[PR_10]/b#1", "each#1[PR_9]/b#1", "each#1[PR_10]/a#1", "each#1[PR_9]/a#1", "last#1"];
    await kinds(effects, ...steps.map((step) => once(step, {}, { step })));
    expect(effects.plannedEffects().map(({ step }) => step)).toEqual(["first#1", "each#1[PR_9]/b#1", "each#1[PR_9]/a#1", "each#1[PR_10]/b#1", "each#1[PR_10]/a#1", "last#1"]);
  });

  test("shows signs and what cannot be undone", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open({ run: { phase: "plan" } });
    for (const [action, sign] of [["update", "~"], ["release", "-"], ["reopen", "~"]] as const) {
      const request = sampleRequestFor(recordIdentity(action, action));
      const call = request.call === null ? null : { ...request.call, class: { ...request.call.class, undo: "none" } };
      await effects.perform({ ...request, call });
      expect(effects.plannedEffects().at(-1)).toMatchObject({ sign, undo: "none" });
    }
  });

  test("meets the limits that its apply would meet", async () => {
    const effects = await (await createEffectsFixture()).open({ run: { phase: "plan", maxWrites: 2 } });
    expect(await kinds(effects, once("a"), once("b"), once("b"), once("c"))).toEqual(["held planning", "held planning", "held planning", "LIMIT_WRITES"]);
  });
});

test("a plan meets the day's limit that its apply would meet", async () => {
  const fixture = await createEffectsFixture();
  const policy: Policy = { ...DEFAULT_POLICY, limits: [{ perDay: 3 }] };
  await (await fixture.open()).perform(once("done"));
  expect(await kinds(await fixture.open({ policy, run: { id: "run-2", phase: "plan" } }), once("a"), once("b"), once("b"), once("c"))).toEqual(["held planning", "held planning", "held planning", "LIMIT_WRITES_PER_DAY"]);
});

describe("an apply", () => {
  test("performs exactly the plan, again after a crash, and nothing else", async () => {
    const fixture = await createEffectsFixture();
    const planning = await fixture.open({ run: { phase: "plan" } });
    await kinds(planning, once("a"), once("b"));
    const applying = await fixture.open({ run: { phase: "apply" }, plan: planOf(planning.plannedEffects()) });
    expect(await kinds(applying, once("a"), once("b", { body: "changed" }), once("c"))).toEqual(["done", "held not-in-plan", "held not-in-plan"]);
    expect(await fixture.tx((tx) => tx.listRequests({ limit: 9 }))).toEqual([]);
    const resumed = await fixture.open({ lease: true, run: { phase: "apply" }, plan: planOf(planning.plannedEffects()) });
    expect(await kinds(resumed, once("a"), once("b"))).toEqual(["done", "done"]);
    expect(fixture.caller.calls.map(({ args }) => args)).toEqual([{ body: "x" }, { body: "x" }]);
  });

  test("lets a plan's unknown parts be what they came to be", async () => {
    const fixture = await createEffectsFixture();
    const planning = await fixture.open({ run: { phase: "plan" } });
    await planning.perform(once("b", null, { args: { value: { body: null, n: 1 }, unknown: [{ path: ["body"], from: ["e"] }] } }));
    const applying = await fixture.open({ run: { phase: "apply" }, plan: planOf(planning.plannedEffects()) });
    expect(await kinds(applying, once("b", { body: "T-1", n: 2 }), once("b", { body: "T-1", n: 1 }))).toEqual(["held not-in-plan", "done"]);
  });
});

describe("approval", () => {
  test("is asked once; newer arguments replace the question", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open({ policy: APPROVE });
    await kinds(effects, once("a"), once("a"));
    const open = (): Promise<readonly unknown[]> => fixture.tx(async (tx) => (await tx.listRequests({ limit: 9 })).map(({ status, args }) => [status, args]));
    expect(await open()).toEqual([["open", { body: "x" }]]);
    await effects.perform(once("a", { body: "y" }));
    expect(await open()).toEqual([["open", { body: "y" }], ["replaced", { body: "x" }]]);
  });

  test("a grant permits exactly what was shown, once, until it expires", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open({ policy: APPROVE });
    await kinds(effects, once("a"), once("b"));
    const [grant] = await answerRequests(fixture.store, ["request-1"], { verdict: "approve", by: "kim", now: fixture.clock.now(), maxAgeMs: HOUR });
    expect(grant).toMatchObject({ status: "approved", answeredBy: "kim", expiresAt: fixture.clock.now() + HOUR });
    const next = await fixture.open({ policy: APPROVE, run: { id: "run-2", rootRunId: "run-1" } });
    expect(await kinds(next, once("a"), once("b"))).toEqual(["done", "held approval"]);
    expect(await fixture.tx((tx) => tx.getRequest("request-1"))).toMatchObject({ status: "used" });
    await answerRequests(fixture.store, ["request-2"], { verdict: "approve", by: "kim", now: fixture.clock.now(), maxAgeMs: HOUR });
    await fixture.clock.advance(HOUR);
    expect(await kinds(next, once("b"))).toEqual(["held approval"]);
    expect(fixture.caller.calls).toHaveLength(1);
  });

  test("a grant for older arguments is replaced", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open({ policy: APPROVE });
    await effects.perform(once("a"));
    await answerRequests(fixture.store, ["request-1"], { verdict: "approve", by: "kim", now: fixture.clock.now(), maxAgeMs: HOUR });
    expect(await kinds(effects, once("a", { body: "y" }), once("a"))).toEqual(["held approval", "held approval"]);
    expect(fixture.caller.calls).toEqual([]);
  });

  test("what was denied is not asked again with the same arguments", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open({ policy: APPROVE });
    await effects.perform(once("a"));
    await answerRequests(fixture.store, ["request-1"], { verdict: "deny", by: "kim", now: 5, maxAgeMs: HOUR });
    expect(await effects.perform(once("a"))).toMatchObject({ kind: "held", why: { kind: "denied", detail: "kim said no" } });
    await effects.perform(once("a", { body: "y" }));
    expect((await fixture.tx((tx) => tx.listRequests({ limit: 9 }))).map(({ status }) => status)).toEqual(["open", "denied"]);
  });

  test("a no holds it whatever asked, until it is taken back", async () => {
    const fixture = await createEffectsFixture();
    await (await fixture.open({ policy: APPROVE })).perform(once("a"));
    await answerRequests(fixture.store, ["request-1"], { verdict: "deny", by: "kim", now: 5, maxAgeMs: HOUR });
    const effects = await fixture.open();
    expect(await kinds(effects, once("a"))).toEqual(["held denied"]);
    await answerRequests(fixture.store, ["request-1"], { verdict: "approve", by: "kim", now: fixture.clock.now(), maxAgeMs: HOUR });
    expect(await kinds(effects, once("a"))).toEqual(["done"]);
  });

  test("is closed when the write is permitted by other means", async () => {
    const fixture = await createEffectsFixture();
    await (await fixture.open({ policy: APPROVE })).perform(once("a"));
    expect(await kinds(await fixture.open(), once("a"))).toEqual(["done"]);
    expect(await fixture.tx((tx) => tx.listRequests({ status: ["open"], limit: 9 }))).toEqual([]);
  });

  test("several people of a group have to permit it, each counts once, and whoever started the run is none of them", async () => {
    const fixture = await createEffectsFixture();
    const approvers = { groups: { oncall: ["ada", "bob", "cat"] }, fourEyes: true };
    const policy: Policy = { ...DEFAULT_POLICY, rules: [{ verdict: "approve", by: ["oncall"], count: 2 }], approvers };
    await fixture.tx((tx) => tx.putRun(sampleRun({ event: { kind: "call", by: "cat" } })));
    expect(await (await fixture.open({ policy })).perform(once("a"))).toMatchObject({ why: { detail: "rule 1 of the policy asks for 2 people of oncall" } });
    const say = (by: string, verdict: "approve" | "deny" = "approve"): Promise<readonly ApprovalRequest[]> => answerRequests(fixture.store, ["request-1"], { verdict, by, why: `by ${by}`, way: "api", now: fixture.clock.now(), maxAgeMs: HOUR, approvers });
    for (const by of ["eve", "oncall", "cat", "toString"]) await expect(say(by)).rejects.toMatchObject({ code: "ANSWER_NOT_ALLOWED" });
    expect(await say("ada")).toMatchObject([{ status: "open", answeredBy: null, answers: [{ by: "ada" }] }]);
    expect(await say("ada")).toMatchObject([{ status: "open", answers: [{ by: "ada" }] }]);
    const effects = await fixture.open({ policy });
    expect(await kinds(effects, once("a"))).toEqual(["held approval"]);
    expect(await say("bob")).toMatchObject([{ status: "approved", answeredBy: "bob", answers: [{ by: "ada", why: "by ada", way: "api", verdict: "approve" }, { by: "bob" }] }]);
    // Somebody left the group since, or more are asked for.
    const stricter = await fixture.open({ policy: { ...policy, approvers: { ...approvers, groups: { oncall: ["bob"] } } } });
    expect(await kinds(stricter, once("a"))).toEqual(["held approval"]);
  });

  test("a plan that one person applies is no permission where others have to be asked", async () => {
    const fixture = await createEffectsFixture();
    const policy: Policy = { ...DEFAULT_POLICY, rules: [{ verdict: "approve", by: ["ada"] }] };
    const planning = await fixture.open({ policy, run: { phase: "plan" } });
    await planning.perform(once("a"));
    const plan = planOf(planning.plannedEffects());
    const applying = (changed: Policy): Promise<Effects> => fixture.open({ policy: changed, plan, run: { phase: "apply" } });
    expect(await kinds(await applying(policy), once("a"))).toEqual(["held approval"]);
    expect(await fixture.tx((tx) => tx.listRequests({ limit: 9 }))).toMatchObject([{ status: "open", by: ["ada"] }]);
    expect(await kinds(await applying({ ...policy, rules: [{ verdict: "approve" }] }), once("a"))).toEqual(["done"]);
  });

  test("is answered once", async () => {
    const fixture = await createEffectsFixture();
    await (await fixture.open({ policy: APPROVE })).perform(once("a"));
    const answer = { verdict: "deny", by: "kim", now: 5, maxAgeMs: HOUR } as const;
    expect(await answerRequests(fixture.store, ["request-1"], answer)).toMatchObject([{ id: "request-1", status: "denied" }]);
    expect(await answerRequests(fixture.store, ["request-1"], answer)).toEqual([]);
    await expect(answerRequests(fixture.store, ["request-9"], answer)).rejects.toMatchObject({ code: "REQUEST_UNKNOWN" });
  });
});

describe("limits, guard, pause, lock", () => {
  test("limits.writes counts what was or may have been sent, over a crash; not what failed, nor what was done before", async () => {
    const fixture = await createEffectsFixture();
    await (await fixture.open({ run: { id: "run-0" } })).perform(once("old"));
    fixture.caller.answer = ({ args }) => (args as { body: string }).body === "no" ? { kind: "error", refused: true, error: { code: "TOOL_FAILED", message: "m" } } : (args as { body: string }).body === "lost" ? { kind: "error", refused: false, error: { code: "SERVER_TIMEOUT", message: "m" } } : { kind: "value", value: 1 };
    const limited = (): Promise<Effects> => fixture.open({ run: { maxWrites: 2 } });
    expect(await kinds(await limited(), once("old"), once("n", { body: "no" }), once("l", { body: "lost" }))).toEqual(["done", "failed", "ambiguous"]);
    expect(await kinds(await limited(), once("a"), once("b"), once("a"))).toEqual(["done", "LIMIT_WRITES", "done"]);
  });

  test("a day's limit counts what was or may have been sent today, of all runs and processes; not what failed or was done before, and what is no longer today", async () => {
    const fixture = await createEffectsFixture();
    const policy: Policy = { ...DEFAULT_POLICY, limits: [{ perDay: 3, server: "jira", place: "offstage.yaml:4" }, { perDay: 9 }] };
    fixture.caller.answer = ({ args }) => (args as { body: string }).body === "no" ? { kind: "error", refused: true, error: { code: "TOOL_FAILED", message: "m" } } : (args as { body: string }).body === "lost" ? { kind: "error", refused: false, error: { code: "SERVER_TIMEOUT", message: "m" } } : { kind: "value", value: 1 };
    expect(await kinds(await fixture.open({ policy }), once("a"), once("n", { body: "no" }), once("l", { body: "lost" }))).toEqual(["done", "failed", "ambiguous"]);
    const other = await fixture.open({ policy, lease: true, run: { id: "run-2" } });
    expect(await kinds(other, once("a"), once("b"), once("c"), once("b"))).toEqual(["done", "done", "LIMIT_WRITES_PER_DAY", "done"]);
    expect(await other.perform(once("c"))).toMatchObject({ error: { message: "c would be one write too many today: the policy permits 3 (jira) a day, offstage.yaml:4.", hint: expect.stringContaining("policy.limits") as string } });
    expect(await kinds(await fixture.open({ policy: { ...policy, limits: [{ perDay: 4, server: "jira" }] } }), once("c"))).toEqual(["done"]);
    await fixture.clock.advance(24 * HOUR);
    expect(await kinds(other, once("d"))).toEqual(["done"]);
  });

  test("a day's limit holds for writes of several runs side by side, and one of another server or workflow is not counted", async () => {
    const fixture = await createEffectsFixture();
    const limits: Policy["limits"] = [{ perDay: 2, workflow: "leaks", tool: "create_issue" }];
    const [one, two] = [await fixture.open({ policy: { ...DEFAULT_POLICY, limits } }), await fixture.open({ policy: { ...DEFAULT_POLICY, limits }, run: { id: "run-2" } })];
    await fixture.tx(async (t) => { for (const id of ["run-1", "run-2"]) await t.putRun(sampleRun({ id, workflow: "leaks" })); });
    const answers = await Promise.all([one, two, one, two].map((effects, index) => effects.perform(once(`k${index}`))));
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(["done", "done", "refused", "refused"]);
    expect(await kinds(await fixture.open({ policy: { ...DEFAULT_POLICY, limits }, run: { workflow: "other" } }), once("x"))).toEqual(["done"]);
    expect(await kinds(await fixture.open({ policy: { ...DEFAULT_POLICY, limits: [{ perDay: 0, server: "wiki" }] } }), once("y"), sampleRequestFor(recordIdentity("adopt"), { kept: null, targetKey: "t" }))).toEqual(["done", "held approval"]);
  });

  test("limits.writes holds for writes side by side", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open({ run: { maxWrites: 2 } });
    const answers = await Promise.all(["a", "b", "c", "d"].map((key) => effects.perform(once(key))));
    expect(answers.map(({ kind }) => kind).toSorted()).toEqual(["done", "done", "refused", "refused"]);
  });

  test("the guard counts updates and releases of one record in this run, over a crash", async () => {
    const fixture = await createEffectsFixture();
    const policy: Policy = { ...DEFAULT_POLICY, guard: { count: 2, share: 0 } };
    const effects = await fixture.open({ policy });
    await effects.perform(sampleRequestFor(recordIdentity("create")));
    await bindCreated(effects, effectId(recordIdentity("create")));
    const update = (key: string): EffectRequest => sampleRequestFor(recordIdentity("update", key, { revision: 1 }));
    expect(await kinds(effects, update("PR_7"), sampleRequestFor(recordIdentity("reopen", "PR_1")))).toEqual(["done", "done"]);
    expect(await kinds(await fixture.open({ policy }), sampleRequestFor(recordIdentity("release", "PR_8")), update("PR_9"))).toEqual(["done", "held guard"]);
    expect(await fixture.tx((tx) => tx.listRequests({ limit: 9 }))).toHaveLength(1);
    expect(await kinds(await fixture.open({ policy, run: { id: "run-2" } }), update("PR_9"))).toEqual(["done"]);
  });

  test("the pause switch works at once and asks nobody", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open();
    await fixture.tx((tx) => tx.putMeta("paused", ["server:jira"]));
    expect(await kinds(effects, once("a"))).toEqual(["held paused"]);
    await fixture.tx((tx) => tx.putMeta("paused", []));
    expect(await kinds(effects, once("a"))).toEqual(["done"]);
    expect(await fixture.tx((tx) => tx.listRequests({ limit: 9 }))).toEqual([]);
  });

  test("a tool that changed stops the write", async () => {
    const fixture = await createEffectsFixture();
    const effects = await fixture.open({ lockFault: (server, tool) => ({ code: "TOOL_CHANGED", message: `${server}.${tool}` }) });
    expect(await effects.perform(once("a"))).toMatchObject({ kind: "refused", error: { code: "TOOL_CHANGED", message: "jira.create_issue" } });
    expect([fixture.caller.calls, await fixture.row(effectId(once("a").identity))]).toEqual([[], null]);
  });

  test("in a restored store a once that is not there waits for a person; one that is there is done", async () => {
    const fixture = await createEffectsFixture();
    await (await fixture.open()).perform(once("a"));
    await fixture.tx((tx) => tx.putMeta("epoch", 2));
    const restored = await fixture.open({ epoch: 2 });
    expect(await kinds(restored, once("a"), once("b"), sampleRequestFor(recordIdentity("create")))).toEqual(["done", "held approval", "done"]);
  });

  test("who says that nothing was lost speaks of the restores until then", async () => {
    const fixture = await createEffectsFixture();
    await fixture.tx((tx) => tx.putMeta("epoch", 2));
    await endRestoreDoubt(fixture.store, { by: "ana", now: 5 });
    expect(await kinds(await fixture.open({ epoch: 2 }), once("a"))).toEqual(["done"]);
    await fixture.tx((tx) => tx.putMeta("epoch", 3));
    expect(await kinds(await fixture.open({ epoch: 3 }), once("b"))).toEqual(["held approval"]);
  });
});
