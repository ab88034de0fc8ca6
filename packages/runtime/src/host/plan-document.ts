import { type Data, type ErrorData, hashJson } from "../base/index.ts";
import type { Plan, PlanBasis, PlannedEffect, Policy, Run } from "../model/index.ts";

/** Builds the document of a run that was held at its writes. */
export function createPlan(options: {
  readonly run: Run;
  readonly storeId: string;
  readonly effects: readonly PlannedEffect[];
  readonly unchanged: number;
  readonly basis: PlanBasis;
  readonly policy: Policy;
}): Plan {
  const { run, storeId, effects, unchanged, basis, policy } = options;
  const createdAt = run.startedAt;
  return { version: 1, id: run.id, storeId, workflow: run.workflow, createdAt, expiresAt: createdAt + policy.planMaxAgeMs, basis, effects, unchanged };
}

/** Why a plan can no longer be applied, or null. Looked at when apply starts, never when an interrupted apply goes on. */
export function planFault(plan: Plan, basis: PlanBasis, now: number): ErrorData | null {
  if (now > plan.expiresAt) {
    return { code: "PLAN_EXPIRED", message: `The plan ${plan.id} expired at ${new Date(plan.expiresAt).toISOString()}.`, hint: "Make a new plan; plan.maxAge in offstage.yaml says how long one lasts." };
  }
  const changed = changedParts(plan.basis, basis);
  if (changed.length === 0) return null;
  return { code: "PLAN_VOID", message: `Since the plan ${plan.id} was made, this changed: ${changed.join(", ")}.`, hint: "Make a new plan and look at it again." };
}

/** Hash of the policy as a plan is bound to it: of what it says, not where it says it. */
export function hashPolicy(policy: Policy): string {
  return hashJson({ ...policy, rules: policy.rules.map(({ place: _place, ...rule }) => rule), limits: policy.limits.map(({ place: _place, ...limit }) => limit) } as unknown as Data);
}

function changedParts(before: PlanBasis, now: PlanBasis): readonly string[] {
  const changed: string[] = [];
  if (before.program !== now.program) changed.push("the workflow");
  if (before.classes !== now.classes) changed.push("offstage.lock");
  if (before.profiles !== now.profiles) changed.push("a profile");
  if (before.policy !== now.policy) changed.push("the policy");
  for (const server of new Set([...Object.keys(before.targets), ...Object.keys(now.targets)])) {
    const was = targetIn(before, server);
    const is = targetIn(now, server);
    if (was !== is) changed.push(`the target of ${server} (was ${was ?? "absent"}, is ${is ?? "absent"})`);
  }
  return changed;
}

/** A server may be called `constructor`. */
function targetIn({ targets }: PlanBasis, server: string): string | undefined {
  return Object.hasOwn(targets, server) ? targets[server] : undefined;
}
