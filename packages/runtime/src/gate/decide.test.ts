import { describe, expect, test } from "vitest";
import type { ApprovalRequest, EffectRequest, PartialData, PlannedEffect, Policy, PolicyRule } from "../model/index.ts";
import { DEFAULT_POLICY } from "../model/index.ts";
import { gateContext, gateEffect, plannedLine, recordIdentity, sampleRequestFor } from "../testing/effect-samples.ts";
import { sampleRequest } from "../testing/store-samples.ts";
import { decide, type Decision, type GateContext } from "./index.ts";

const CREATE = recordIdentity("create");
const create = (rest: Partial<EffectRequest> = {}): EffectRequest => sampleRequestFor(CREATE, undefined, rest);
const ADOPT = sampleRequestFor(recordIdentity("adopt"), { kept: { id: "T-1" }, targetKey: "k" });
const RECREATE = sampleRequestFor(recordIdentity("create", "PR_7", { generation: 2 }));
const UPDATE = sampleRequestFor(recordIdentity("update"));
const ONCE = sampleRequestFor({ kind: "once", scope: "leaks", key: "comment:PR_7", window: null });
const withRules = (...rules: readonly PolicyRule[]): Policy => ({ ...DEFAULT_POLICY, rules });

function short(decision: Decision): string {
  switch (decision.kind) {
    case "perform":
      return decision.grant === null ? "perform" : `perform by ${decision.grant}`;
    case "hold":
      return `hold ${decision.why.kind}`;
    case "refuse":
      return `refuse ${decision.error.code}`;
  }
}

const decided = (request: EffectRequest, context: Partial<GateContext> = {}): string => short(decide(gateEffect(request), gateContext(context)));

describe("faults refuse, in every phase", () => {
  const faults: readonly [string, EffectRequest, Partial<GateContext>, string][] = [
    ["a changed tool", create(), { lockFault: { code: "TOOL_CHANGED", message: "m" } }, "refuse TOOL_CHANGED"],
    ["a tool that is not locked", create(), { lockFault: { code: "NOT_LOCKED", message: "m" } }, "refuse NOT_LOCKED"],
    ["an identity that lives elsewhere", create(), { knownTarget: "https://staging.test/" }, "refuse TARGET_CHANGED"],
    ["a policy that denies", create(), { policy: withRules({ verdict: "deny" }) }, "refuse EFFECT_REFUSED"],
    ["a limit that is reached", create(), { writes: { made: 3, limit: 3 } }, "refuse LIMIT_WRITES"],
  ];
  test.each(faults)("%s", (_name, request, context, expected) => {
    const planned = plannedLine(gateEffect(request));
    for (const phase of ["plan", "apply", "run"] as const) expect(decided(request, { ...context, phase, planned })).toBe(expected);
  });

  test("and their messages name what is meant", () => {
    const decision = decide(gateEffect(create()), gateContext({ writes: { made: 3, limit: 3 } }));
    expect(decision).toMatchObject({ error: { message: "ticket PR_7 would be write 4 of this run, and limits.writes is 3.", hint: expect.stringContaining("limits.writes") } });
  });

  test("but not what does not concern the effect", () => {
    expect(decided(create(), { knownTarget: "https://jira.test/" })).toBe("perform");
    expect(decided(create(), { writes: { made: 2, limit: 3 } })).toBe("perform");
    expect(decided(ADOPT, { writes: { made: 3, limit: 3 }, policy: withRules({ verdict: "allow", action: "adopt" }) })).toBe("perform");
  });
});

describe("what is not certain is held before all else", () => {
  test.each([create({ certainty: "may" }), create({ certainty: "may-many" }), create({ identityKnown: false })])("%#", (request) => {
    for (const phase of ["plan", "apply", "run"] as const) {
      const planned = plannedLine(gateEffect(request));
      expect(decided(request, { phase, planned })).toBe("hold uncertain");
      expect(decided(request, { phase, planned, policy: withRules({ verdict: "deny" }) })).toBe("hold uncertain");
    }
  });

  test("a part of the arguments is unknown and no earlier effect is held", () => {
    const args: PartialData = { value: { title: null }, unknown: [{ path: ["title"], from: ["e"] }] };
    expect(decided(create({ args }))).toBe("hold uncertain");
    expect(decided(create({ args }), { phase: "apply", planned: plannedLine(gateEffect(create({ args }))) })).toBe("hold uncertain");
  });
});

test("a write after a held one waits for it", () => {
  const request = create({ after: "e1" });
  for (const phase of ["plan", "apply", "run"] as const) expect(decided(request, { phase, planned: plannedLine(gateEffect(request)) })).toBe("hold after");
});

describe("planning", () => {
  test("permits nothing, and says what would need a person in a run", () => {
    expect(decided(create(), { phase: "plan" })).toBe("hold planning");
    expect(decided(create(), { phase: "plan", policy: withRules({ verdict: "allow" }) })).toBe("hold planning");
    expect(decided(ADOPT, { phase: "plan" })).toBe("hold approval");
  });

  test("does not mind that writes are paused", () => {
    expect(decided(create(), { phase: "plan", paused: ["*"] })).toBe("hold planning");
  });
});

describe("applying permits exactly the plan", () => {
  const applied = (request: EffectRequest, line: Partial<PlannedEffect> | null, context: Partial<GateContext> = {}): string =>
    decided(request, { phase: "apply", planned: line === null ? null : plannedLine(gateEffect(request), line), ...context });

  test("its own lines, those that a run would hold included", () => {
    expect(applied(create(), {})).toBe("perform");
    expect(applied(ADOPT, {})).toBe("perform");
    expect(applied(RECREATE, {})).toBe("perform");
    expect(applied(UPDATE, {}, { changes: { made: 99, bindings: 100 } })).toBe("perform");
    expect(applied(create(), {}, { policy: withRules({ verdict: "approve" }) })).toBe("perform");
  });

  test("but whoever started it permits nothing to himself where somebody else has to: by a plan neither", () => {
    const policy = { ...withRules({ verdict: "approve" }), approvers: { groups: {}, fourEyes: true } };
    expect(applied(create(), {}, { policy })).toMatch(/^hold approval/);
    expect(applied(create(), {}, { policy: { ...policy, rules: [] } })).toBe("perform");
  });

  test.each([
    ["no line", null],
    ["another effect's line", { id: "other" }],
    ["an identity that the plan did not know", { identityKnown: false }],
    ["another tool", { tool: "delete_issue" }],
    ["another server", { server: "github" }],
    ["another target", { target: "https://staging.test/" }],
    ["other arguments", { knownHash: "0".repeat(64) }],
  ] satisfies readonly (readonly [string, Partial<PlannedEffect> | null])[])("not: %s", (_name, line) => {
    expect(applied(create(), line)).toBe("hold not-in-plan");
  });

  test("what the plan did not know may be anything, what it knew may not", () => {
    const planned = { value: { title: "memory leak", body: null }, unknown: [{ path: ["body"], from: ["e"] }] };
    const line = plannedLine(gateEffect(sampleRequestFor(CREATE, null, { args: planned })));
    const now = (args: PartialData["value"]): string => decided(sampleRequestFor(CREATE, args), { phase: "apply", planned: line });
    expect(now({ title: "memory leak", body: "T-1" })).toBe("perform");
    expect(now({ title: "another", body: "T-1" })).toBe("hold not-in-plan");
    expect(now({ title: "memory leak", body: "T-1", labels: [] })).toBe("hold not-in-plan");
    expect(now({ title: "memory leak" })).toBe("hold not-in-plan");
  });

  test("a grant adds nothing to a plan", () => {
    const grant = sampleRequest("g", { effect: gateEffect(create()).id, argsHash: gateEffect(create()).argsHash ?? "", status: "approved", expiresAt: 99_999 });
    expect(applied(create(), null, { answers: [grant] })).toBe("hold not-in-plan");
  });

  test("pausing holds it", () => {
    expect(applied(create(), {}, { paused: ["*"] })).toBe("hold paused");
  });
});

describe("running permits what the policy allows", () => {
  test("without a policy: all but adoptions, new generations and what the guard stops", () => {
    expect(decided(create())).toBe("perform");
    expect(decided(ONCE)).toBe("perform");
    expect(decided(UPDATE)).toBe("perform");
    expect(decided(ADOPT)).toBe("hold approval");
    expect(decided(RECREATE)).toBe("hold approval");
  });

  test("the first rule that matches decides", () => {
    const approve: PolicyRule = { verdict: "approve", server: "jira" };
    const allow: PolicyRule = { verdict: "allow", tool: "create_*" };
    expect(decided(create(), { policy: withRules(approve, allow) })).toBe("hold approval");
    expect(decided(create(), { policy: withRules(allow, approve) })).toBe("perform");
    expect(decided(create(), { policy: withRules({ verdict: "deny", tool: "delete_*" }, allow) })).toBe("perform");
    expect(decided(ADOPT, { policy: withRules({ verdict: "allow", action: "adopt" }) })).toBe("perform");
  });

  test("the guard: updates and releases beyond the larger of 5 and 10 % of the bindings", () => {
    const at = (made: number, bindings: number): string => decided(UPDATE, { changes: { made, bindings } });
    expect([at(4, 0), at(5, 0), at(5, 50), at(5, 60), at(6, 60), at(9, 100), at(10, 100)]).toEqual(["perform", "hold guard", "hold guard", "perform", "hold guard", "perform", "hold guard"]);
    expect(decided(UPDATE, { changes: { made: 5, bindings: 0 }, policy: withRules({ verdict: "allow" }) })).toBe("hold guard");
    expect(decided(create(), { changes: { made: 99, bindings: 0 } })).toBe("perform");
    expect(decided(sampleRequestFor(recordIdentity("release")), { changes: { made: 5, bindings: 0 } })).toBe("hold guard");
    expect(decided(sampleRequestFor(recordIdentity("reopen")), { changes: { made: 5, bindings: 0 } })).toBe("perform");
  });

  test.each(["*", "workflow:leak-tickets", "server:jira"])("paused: %s", (name) => {
    expect(decided(create(), { paused: [name] })).toBe("hold paused");
  });

  test("paused under the name that the workflow had", () => {
    expect([decided(create(), { paused: ["workflow:leaks"], formerly: "leaks" }), decided(create(), { paused: ["workflow:leaks"] })]).toEqual(["hold paused", "perform"]);
  });

  test("a called workflow that is paused holds its writes, whoever calls it", () => {
    const inner = { ...create(), within: ["inner"] };
    expect([decided(inner, { paused: ["workflow:inner"] }), decided(create(), { paused: ["workflow:inner"] })]).toEqual(["hold paused", "perform"]);
  });

  test("what is paused elsewhere does not matter", () => {
    expect(decided(create(), { paused: ["workflow:other", "server:github", "jira"] })).toBe("perform");
  });

  test("a once of which a restored store knows nothing waits for a person, whatever the policy allows", () => {
    expect(decided(ONCE, { forgotten: true, policy: withRules({ verdict: "allow" }) })).toBe("hold approval");
  });
});

describe("a grant", () => {
  const effect = gateEffect(ADOPT);
  const grant = (rest: Partial<ApprovalRequest> = {}): ApprovalRequest => sampleRequest("g", { effect: effect.id, argsHash: effect.argsHash ?? "", tool: null, status: "approved", expiresAt: 10_001, ...rest });

  test("permits exactly its effect with exactly its arguments until it expires", () => {
    expect(decided(ADOPT, { answers: [grant()] })).toBe("perform by g");
    expect(decided(ADOPT, { answers: [grant({ expiresAt: 10_000 })] })).toBe("hold approval");
    expect(decided(ADOPT, { answers: [grant({ argsHash: "0" })] })).toBe("hold approval");
    expect(decided(ADOPT, { answers: [grant({ effect: "0" })] })).toBe("hold approval");
  });

  test("permits it where it was shown to go, and nowhere else; one of which that is not known permits nothing", () => {
    const once = gateEffect(ONCE);
    const asked = (rest: Partial<ApprovalRequest>): string => decided(ONCE, { policy: withRules({ verdict: "approve" }), answers: [grant({ effect: once.id, argsHash: once.argsHash ?? "", tool: "create_issue", ...rest })] });
    expect(asked({})).toBe("perform by g");
    for (const elsewhere of [{ target: "https://staging.test/" }, { tool: "delete_issue" }, { server: "github" }, { server: "", tool: null, target: "" }]) expect(asked(elsewhere)).toBe("hold approval");
  });

  test.each(["open", "replaced", "used"] as const)("not when it is %s", (status) => {
    expect(decided(ADOPT, { answers: [grant({ status })] })).toBe("hold approval");
  });

  test("lifts the guard and a restored store's doubt, never a fault", () => {
    const update = gateEffect(UPDATE);
    expect(decided(UPDATE, { changes: { made: 9, bindings: 0 }, answers: [grant({ effect: update.id, argsHash: update.argsHash ?? "", tool: "create_issue" })] })).toBe("perform by g");
    expect(decided(ADOPT, { answers: [grant()], policy: withRules({ verdict: "deny" }) })).toBe("refuse EFFECT_REFUSED");
    expect(decided(ADOPT, { answers: [grant()], paused: ["*"] })).toBe("hold paused");
  });

  test("a no holds exactly its effect with exactly its arguments, in every phase, whatever the policy allows", () => {
    const no = grant({ status: "denied", answeredBy: "kim", answeredAt: 9_000 });
    expect(decide(effect, gateContext({ answers: [no] }))).toEqual({ kind: "hold", why: { kind: "denied", detail: "kim said no" } });
    expect(decided(ADOPT, { answers: [no], policy: withRules({ verdict: "allow" }) })).toBe("hold denied");
    expect(decided(ADOPT, { answers: [no], phase: "plan" })).toBe("hold denied");
    expect(decided(ADOPT, { answers: [{ ...no, argsHash: "0" }] })).toBe("hold approval");
    expect(decided(ADOPT, { answers: [{ ...no, effect: "0" }] })).toBe("hold approval");
  });

  test("a plan is a newer word than a no from before it, not than one from after it", () => {
    const applying = (answeredAt: number): string => decided(ADOPT, { phase: "apply", planned: plannedLine(effect), plannedAt: 9_000, answers: [grant({ status: "denied", answeredAt })] });
    expect([applying(8_999), applying(9_000), applying(9_500)]).toEqual(["perform", "hold denied", "hold denied"]);
  });
});
