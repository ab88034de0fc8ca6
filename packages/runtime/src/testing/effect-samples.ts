import type { Data } from "../base/index.ts";
import { type CallClass, DEFAULT_POLICY, effectId, type EffectIdentity, type EffectRequest, type PlannedEffect, type RecordAction } from "../model/index.ts";
import { type GateContext, type GateEffect, knownHash } from "../gate/index.ts";

/** A write of which nothing is declared. */
export const WRITE_CLASS: CallClass = { effect: "write", idempotent: false, consistent: false, lagMs: null, affects: [], undo: null };

/** The identity of an action on the record `ticket` in the scope `leaks`. */
export function recordIdentity(action: RecordAction, key = "PR_7", rest: { readonly generation?: number; readonly revision?: number } = {}): EffectIdentity {
  return { kind: "record", scope: "leaks", record: "ticket", key, generation: 1, action, revision: 0, ...rest };
}

/** A request for `jira.create_issue` (an adoption makes no call), certain and with known arguments. */
export function sampleRequestFor(identity: EffectIdentity, args: Data = { title: "memory leak" }, rest: Partial<EffectRequest> = {}): EffectRequest {
  const adopts = identity.kind === "record" && identity.action === "adopt";
  return {
    identity, step: "each#1[PR_7]/ticket.ensure#1", call: adopts ? null : { server: "jira", tool: "create_issue", class: WRITE_CLASS }, args: { value: args, unknown: [] }, certainty: "sure", identityKnown: true,
    after: null, label: "ticket PR_7", server: "jira", ...rest,
  };
}

/** The request as the gate sees it. */
export function gateEffect(request: EffectRequest): GateEffect {
  return { id: effectId(request.identity), request, argsHash: request.args.unknown.length === 0 ? knownHash(request.args) : null, target: "https://jira.test/" };
}

/** The plan's line for an effect. */
export function plannedLine({ request, id, target }: GateEffect, rest: Partial<PlannedEffect> = {}): PlannedEffect {
  return {
    id, identity: request.identity, identityKnown: request.identityKnown, step: request.step, sign: "+", label: request.label, server: request.call?.server ?? request.server, tool: request.call?.tool ?? null, target, args: request.args,
    knownHash: knownHash(request.args), certainty: "sure", undo: null, why: { kind: "planning" }, ...rest,
  };
}

/** A run under the default policy in which nothing speaks against a write. */
export function gateContext(rest: Partial<GateContext> = {}): GateContext {
  return {
    phase: "run", workflow: "leak-tickets", now: 10_000, policy: DEFAULT_POLICY, planned: null, plannedAt: null, answers: [], writes: { made: 0, limit: null }, today: [], changes: { made: 0, bindings: 0 }, dryRun: false, paused: [], lockFault: null, knownTarget: null, forgotten: false, ...rest,
  };
}
