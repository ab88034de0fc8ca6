import type { ErrorData } from "../base/index.ts";
import { type ApprovalRequest, countApprovers, type HoldReason } from "../model/index.ts";
import { neededApproval } from "./approval.ts";
import type { Decision, GateContext, GateEffect } from "./context.ts";
import { dayLimit } from "./day-limits.ts";
import { planMismatch } from "./plan-match.ts";
import { matchPolicy, type Ruling } from "./policy-match.ts";
import { ruleName } from "./rule-name.ts";
import { isShownFor } from "./shown-for.ts";
import { waitFor } from "./wait-for.ts";

/**
 * The one gate: every write of every run, and every line of a plan, goes through here (LANGUAGE.md §5). Pure. Planning
 * permits nothing; applying permits exactly the plan; running permits what the policy allows. Faults refuse in every
 * phase, so that a plan shows what its apply would meet.
 */
export function decide(effect: GateEffect, context: GateContext): Decision {
  const { request } = effect;
  if (request.certainty !== "sure" || !request.identityKnown) return { kind: "hold", why: { kind: "uncertain" } };
  const ruling = matchPolicy(context.policy, context.workflow, request, context.now);
  const fault = findFault(effect, context, ruling);
  if (fault !== null) return { kind: "refuse", error: fault };
  if (request.after !== null) return { kind: "hold", why: { kind: "after", effect: request.after } };
  const approval = neededApproval(effect, context, ruling);
  const notNow = waitFor(context, ruling);
  const denied = denialOf(effect, context);
  if (context.phase === "plan") return { kind: "hold", why: denied ?? notNow ?? approval ?? { kind: "planning" } };
  if (context.dryRun) return { kind: "hold", why: { kind: "dry-run" } };
  const pause = pausedBy(effect, context);
  if (pause !== null) return { kind: "hold", why: { kind: "paused", detail: pause } };
  if (effect.argsHash === null) return { kind: "hold", why: { kind: "uncertain" } };
  if (notNow !== null) return { kind: "hold", why: denied ?? notNow };
  if (context.phase === "apply") {
    const mismatch = planMismatch(effect, context.planned);
    if (mismatch === null && denied !== null) return { kind: "hold", why: denied };
    if (mismatch !== null) return { kind: "hold", why: { kind: "not-in-plan", detail: mismatch } };
    // Whoever applies a plan is somebody, need not be who has to be asked, and may have made it.
    if (approval === null || !(asksWhom(approval) || context.policy.approvers.fourEyes)) return { kind: "perform", grant: null };
  }
  if (denied !== null) return { kind: "hold", why: denied };
  if (approval === null) return { kind: "perform", grant: null };
  const grant = context.answers.find((answer) => answer.status === "approved" && answer.effect === effect.id && isShownFor(answer, effect) && answer.argsHash === effect.argsHash && answer.expiresAt !== null && answer.expiresAt > context.now && isEnough(answer, approval, context));
  if (grant !== undefined) return { kind: "perform", grant: grant.id };
  return { kind: "hold", why: approval };
}

/** Whether it is said who has to be asked, or how many. */
function asksWhom(approval: HoldReason | null): boolean {
  return approval?.kind === "approval" && (approval.by !== undefined || (approval.count ?? 1) > 1);
}

/** Whether those who permitted it are those whom the policy asks for now: it may have become stricter since. */
function isEnough({ answers }: ApprovalRequest, approval: HoldReason, { policy }: GateContext): boolean {
  if (approval.kind !== "approval" || !asksWhom(approval)) return true;
  return countApprovers(answers, approval.by ?? null, policy.approvers) >= (approval.count ?? 1);
}

/** Who said no to exactly this, whatever asked them. A plan that was made later, and is applied, is a person's newer word. */
function denialOf(effect: GateEffect, { answers, plannedAt }: GateContext): HoldReason | null {
  const isNewer = ({ answeredAt }: ApprovalRequest): boolean => plannedAt === null || (answeredAt ?? 0) >= plannedAt;
  const denial = answers.find((answer) => answer.status === "denied" && answer.effect === effect.id && answer.argsHash === effect.argsHash && isNewer(answer));
  return denial === undefined ? null : { kind: "denied", detail: `${denial.answeredBy ?? "a person"} said no` };
}

function findFault(effect: GateEffect, context: GateContext, ruling: Ruling | null): ErrorData | null {
  const { request } = effect;
  if (context.knownTarget !== null && context.knownTarget !== effect.target) {
    return { code: "TARGET_CHANGED", message: `${request.label} lives in ${context.knownTarget}, and ${request.server} speaks to ${effect.target} now.`, hint: "Point the server in mcp.json back, or use another store for the other target." };
  }
  if (context.lockFault !== null) return context.lockFault;
  // What is not known yet is decided about when it is: until then it is held.
  if (ruling?.rule.verdict === "deny" && (ruling.sure || effect.argsHash !== null)) {
    return { code: "EFFECT_REFUSED", message: `The policy denies ${request.label}${request.call === null ? "" : ` (${request.call.server}.${request.call.tool})`}: ${ruleName(context.policy, ruling)}.`, hint: "Change the policy in offstage.yaml, or the workflow." };
  }
  const { made, limit } = context.writes;
  if (request.call !== null && limit !== null && made >= limit) {
    return { code: "LIMIT_WRITES", message: `${request.label} would be write ${made + 1} of this run, and limits.writes is ${limit}.`, hint: "Raise limits.writes in the workflow if so many are meant." };
  }
  const met = context.today.find((one) => one.made >= one.limit.perDay);
  return met === undefined ? null : dayLimit(met.limit, request.label);
}

function pausedBy(effect: GateEffect, context: GateContext): string | null {
  const server = effect.request.call?.server ?? effect.request.server;
  return context.paused.find((name) => name === "*" || [context.workflow, context.formerly, ...(effect.request.within ?? [])].some((workflow) => name === `workflow:${workflow}`) || name === `server:${server}`) ?? null;
}
