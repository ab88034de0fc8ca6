import type { HoldReason, PolicyRule } from "../model/index.ts";
import type { GateContext, GateEffect } from "./context.ts";
import { policyAction, type Ruling } from "./policy-match.ts";
import { ruleName } from "./rule-name.ts";

/**
 * Why a person has to permit an effect, or null. An applied plan is such a permission; a grant is one in a run. The rule
 * comes before the defaults; the guard and a restored store come before any rule that merely allows.
 */
export function neededApproval(effect: GateEffect, context: GateContext, ruling: Ruling | null): HoldReason | null {
  if (ruling?.rule.verdict === "approve") {
    const { by, count } = ruling.rule;
    return { kind: "approval", detail: `${ruleName(context.policy, ruling)} asks for ${whoIsAsked(ruling.rule)}`, ...(by === undefined ? {} : { by }), ...(count === undefined ? {} : { count }) };
  }
  if (ruling?.rule.verdict === "deny") return { kind: "approval", detail: `${ruleName(context.policy, ruling)} may deny it: what it speaks of is not known yet` };
  if (context.forgotten) return { kind: "approval", detail: "the store was restored from a backup, or is new where there was another: whether this happened already is not known (`offstage resolve`)" };
  const action = policyAction(effect.request);
  if (action === "update" || action === "release") {
    const { count, share } = context.policy.guard;
    const { made, bindings } = context.changes;
    const most = Math.max(count, share * bindings);
    if (made + 1 > most) return { kind: "guard", detail: `more than ${Math.floor(most)} updates and releases in one run (${bindings} bindings)` };
  }
  if (ruling?.rule.verdict === "allow") return null;
  if (action === "adopt") return { kind: "approval", detail: "it takes over something that Offstage did not make" };
  if (action === "recreate") return { kind: "approval", detail: "what was made before is gone or was released: this makes another" };
  return null;
}

function whoIsAsked({ by, count = 1 }: PolicyRule): string {
  if (count > 1) return `${count} people${by === undefined ? "" : ` of ${by.join(", ")}`}`;
  return by === undefined ? "a person" : by.join(" or ");
}
