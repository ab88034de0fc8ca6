import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Data } from "../base/index.ts";
import { DEFAULT_POLICY, type EffectRequest, type PolicyRule, type RecordAction } from "../model/index.ts";
import { gateContext, gateEffect, plannedLine, recordIdentity, sampleRequestFor } from "../testing/effect-samples.ts";
import { sampleRequest } from "../testing/store-samples.ts";
import { decide, type GateContext, type GateEffect } from "./index.ts";
import { matchPolicy } from "./policy-match.ts";

const requests: fc.Arbitrary<EffectRequest> = fc
  .record({
    action: fc.constantFrom<RecordAction | "once" | "step">("create", "adopt", "update", "release", "reopen", "once", "step"),
    generation: fc.integer({ min: 1, max: 2 }), title: fc.constantFrom("a", "b"), certainty: fc.constantFrom("sure" as const, "sure" as const, "may" as const), identityKnown: fc.constantFrom(true, true, false),
    after: fc.constantFrom(null, null, "e1"), unknown: fc.constantFrom(false, false, true), server: fc.constantFrom("jira", "github"),
  })
  .map(({ action, generation, title, unknown, server, ...rest }) => {
    const identity = action === "once" ? { kind: "once" as const, scope: "leaks", key: "k", window: null } : action === "step" ? { kind: "step" as const, rootRun: "r", step: "s" } : recordIdentity(action, "PR_7", { generation });
    const request = sampleRequestFor(identity, { title, n: 1 }, { ...rest, server });
    const call = request.call === null ? null : { ...request.call, server };
    return { ...request, call, args: unknown ? { value: { title: null, n: 1 }, unknown: [{ path: ["title"], from: ["e"] }] } : request.args };
  });

const NIGHT = { days: [0, 1, 2, 3, 4, 5, 6], from: 0, to: 1, timezone: "UTC" };
const DAY = { ...NIGHT, from: 1, to: 1_440 };

const named = { verdict: fc.constantFrom("allow" as const, "deny" as const, "approve" as const, "wait" as const), action: fc.constantFrom("create" as const, "adopt" as const, "update" as const, "recreate" as const, "call" as const), server: fc.constantFrom("jira", "git*") };
const conditions = {
  args: fc.constantFrom({ title: { is: ["a"] } }, { title: { is: ["A"] } }, { n: { over: 0 } }, { none: { given: false } }, { none: { is: ["x"] } }),
  when: fc.constantFrom(NIGHT, NIGHT, DAY), outside: fc.constantFrom(DAY, DAY, NIGHT),
};

const rules: fc.Arbitrary<PolicyRule> = fc.oneof(fc.record(named, { requiredKeys: ["verdict"] }), fc.record({ verdict: named.verdict, ...conditions }, { requiredKeys: ["verdict"] }));

const cases: fc.Arbitrary<{ readonly effect: GateEffect; readonly context: GateContext }> = fc
  .record({
    request: requests, other: requests, planned: fc.constantFrom("same", "other", "none"), phase: fc.constantFrom("plan" as const, "apply" as const, "run" as const), rules: fc.array(rules, { maxLength: 3 }),
    made: fc.integer({ min: 0, max: 3 }), limit: fc.option(fc.integer({ min: 1, max: 3 })), changes: fc.constantFrom(0, 4, 5, 8), paused: fc.constantFrom<readonly string[]>([], [], [], ["*"], ["server:jira"], ["workflow:other"]), fault: fc.boolean(),
    elsewhere: fc.boolean(), forgotten: fc.constantFrom(true, false, false), plannedAt: fc.constantFrom(null, 4, 9), grant: fc.constantFrom("none", "open", "approved", "denied", "expired", "other-args", "elsewhere"),
  })
  .map((x) => {
    const effect = gateEffect(x.request);
    const status = x.grant === "open" || x.grant === "denied" ? x.grant : "approved";
    const answer = sampleRequest("g", { ...shown(effect), ...(x.grant === "elsewhere" ? { target: "https://staging.test/" } : {}), effect: effect.id, argsHash: x.grant === "other-args" ? "0" : (effect.argsHash ?? ""), status, expiresAt: x.grant === "expired" ? 1 : 99_999 });
    return {
      effect,
      context: gateContext({
        phase: x.phase, policy: { ...DEFAULT_POLICY, rules: x.rules }, planned: x.planned === "none" ? null : plannedLine(x.planned === "same" ? effect : gateEffect(x.other)), answers: x.grant === "none" ? [] : [answer],
        writes: { made: x.made, limit: x.limit }, changes: { made: x.changes, bindings: 0 }, paused: x.paused, lockFault: x.fault && x.made === 0 ? { code: "TOOL_CHANGED", message: "m" } : null,
        knownTarget: x.elsewhere && x.made === 1 ? "https://staging.test/" : null, forgotten: x.forgotten, plannedAt: x.phase === "apply" ? x.plannedAt : null,
      }),
    };
  });

/** Where a person was shown that it goes. */
function shown({ request, target }: GateEffect): { readonly server: string; readonly tool: string | null; readonly target: string } {
  return { server: request.call?.server ?? request.server, tool: request.call?.tool ?? null, target };
}

/** For every effect in every context. */
const law = (check: (effect: GateEffect, context: GateContext) => void): void => fc.assert(fc.property(cases, ({ effect, context }) => { check(effect, context); }), { numRuns: 4_000 });

const isPerformed = (effect: GateEffect, context: GateContext): boolean => decide(effect, context).kind === "perform";
const withRules = (context: GateContext, given: readonly PolicyRule[]): GateContext => ({ ...context, policy: { ...context.policy, rules: given } });

describe("laws of the gate", () => {
  test("the cases reach every kind of decision in every phase that has it", () => {
    const seen = new Set<string>();
    law((effect, context) => {
      const decision = decide(effect, context);
      seen.add(`${context.phase} ${decision.kind} ${decision.kind === "hold" ? decision.why.kind : decision.kind === "refuse" ? decision.error.code : ""}`.trim());
    });
    for (const phase of ["plan", "apply", "run"]) for (const rest of ["hold uncertain", "hold after", "refuse TOOL_CHANGED", "refuse TARGET_CHANGED", "refuse EFFECT_REFUSED", "refuse LIMIT_WRITES"]) expect(seen).toContain(`${phase} ${rest}`);
    for (const one of ["plan hold planning", "apply perform", "apply hold not-in-plan", "apply hold paused", "run perform", "run hold approval", "run hold guard", "run hold paused", "run hold denied", "plan hold denied", "plan hold not-now", "run hold not-now", "apply hold not-now"]) expect(seen).toContain(one);
  });

  test("planning performs nothing", () => {
    law((effect, context) => expect(decide(effect, { ...context, phase: "plan" }).kind).not.toBe("perform"));
  });

  test("what is performed is certain, known, and follows nothing held", () => {
    law((effect, context) => {
      if (decide(effect, context).kind !== "perform") return;
      const { certainty, identityKnown, after, args } = effect.request;
      expect({ certainty, identityKnown, after, unknown: args.unknown }).toEqual({ certainty: "sure", identityKnown: true, after: null, unknown: [] });
    });
  });

  test("what an apply performs is a line of the plan, with equal identity, tool and known arguments", () => {
    law((effect, context) => {
      if (decide(effect, { ...context, phase: "apply" }).kind !== "perform") return;
      expect(context.planned).toMatchObject({ id: effect.id, identity: effect.request.identity, server: effect.request.call?.server ?? effect.request.server, tool: effect.request.call?.tool ?? null, target: effect.target });
      const hidden = new Set(context.planned?.args.unknown.map(({ path }) => path[0]));
      const knownOf = (value: unknown): unknown => Object.fromEntries(Object.entries(value ?? {}).filter(([name]) => !hidden.has(name)));
      expect(knownOf(effect.request.args.value)).toEqual(knownOf(context.planned?.args.value));
    });
  });

  test("a rule that denies wins over everything after it, and over every permission", () => {
    law((effect, context) => {
      const denied = { ...context, policy: { ...context.policy, rules: [{ verdict: "deny" } as const, ...context.policy.rules] } };
      expect(decide(effect, denied).kind).not.toBe("perform");
      const isDenied = matchPolicy(context.policy, context.workflow, effect.request, context.now)?.rule.verdict === "deny";
      expect(isDenied && decide(effect, context).kind === "perform").toBe(false);
    });
  });

  test("a rule more that denies never permits more, wherever it stands and whatever it speaks of", () => {
    fc.assert(
      fc.property(cases, rules, fc.nat(3), ({ effect, context }, rule, place) => {
        const more = withRules(context, context.policy.rules.toSpliced(place, 0, { ...rule, verdict: "deny" }));
        expect(!isPerformed(effect, more) || isPerformed(effect, context)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a stricter verdict of one rule never permits what a milder one does not", () => {
    const order = ["allow", "approve", "wait", "deny"] as const;
    fc.assert(
      fc.property(cases, fc.nat(2), fc.nat(3), fc.nat(3), ({ effect, context }, at, one, other) => {
        const changed = (verdict: PolicyRule["verdict"]): GateContext => withRules(context, context.policy.rules.map((rule, index) => (index === at ? { ...rule, verdict } : rule)));
        const [mild, strict] = [order[Math.min(one, other)] ?? "allow", order[Math.max(one, other)] ?? "deny"];
        // A plan that is applied is a person's word, so that an approval is none of its matter.
        expect(!isPerformed(effect, changed(strict)) || isPerformed(effect, changed(mild))).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("what is not known, or could be read otherwise, is permitted by no rule that would not permit it were it known", () => {
    fc.assert(
      fc.property(cases, fc.constantFrom("a", "A", "b"), ({ effect, context }, title) => {
        const asked = (value: Data): GateEffect => ({ ...effect, request: { ...effect.request, args: { value: { title: value, n: 1 }, unknown: [] } }, argsHash: "h" });
        const running: GateContext = { ...context, phase: "run" };
        expect(!isPerformed(asked(null), running) || isPerformed(asked(title), running)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test("a grant, a line in the plan or a pause that ends never turns a refusal into anything else", () => {
    law((effect, context) => {
      const before = decide(effect, context);
      if (before.kind !== "refuse") return;
      const granted = sampleRequest("all", { ...shown(effect), effect: effect.id, argsHash: effect.argsHash ?? "", status: "approved", expiresAt: 99_999 });
      expect(decide(effect, { ...context, answers: [granted], planned: plannedLine(effect), paused: [], forgotten: false, changes: { made: 0, bindings: 0 } })).toEqual(before);
    });
  });

  test("taking a permission away never leads to a write", () => {
    law((effect, context) => {
      if (decide(effect, context).kind === "perform") return;
      for (const less of [{ answers: context.answers.filter(({ status }) => status === "denied") }, { planned: null }, { paused: [...context.paused, "*"] }, { writes: { made: 9, limit: 1 } }, { today: [{ limit: { perDay: 1 }, made: 1 }] }, { forgotten: true }, { changes: { made: 9, bindings: 0 } }]) expect(decide(effect, { ...context, ...less }).kind).not.toBe("perform");
    });
  });

  test("a yes for another site leads to no write that none would have led to", () => {
    law((effect, context) => {
      const elsewhere = context.answers.map((answer) => ({ ...answer, ...shown(effect), target: "https://staging.test/" }));
      const decision = decide(effect, { ...context, answers: elsewhere });
      expect(decision.kind !== "perform" || decision.grant === null).toBe(true);
    });
  });

  test("what a person denied is not performed, but by a plan that was made later", () => {
    law((effect, context) => {
      const denied = sampleRequest("n", { effect: effect.id, argsHash: effect.argsHash ?? "", status: "denied", answeredAt: 5 });
      const decision = decide(effect, { ...context, answers: [...context.answers, denied] });
      expect(decision.kind !== "perform" || (context.plannedAt ?? 0) > 5).toBe(true);
    });
  });

  test("a dry run performs nothing", () => {
    law((effect, context) => expect(decide(effect, { ...context, dryRun: true }).kind).not.toBe("perform"));
  });

  test("a paused run performs nothing", () => {
    law((effect, context) => expect(decide(effect, { ...context, paused: ["*"] }).kind).not.toBe("perform"));
  });
});
