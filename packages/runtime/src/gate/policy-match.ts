import type { EffectRequest, Policy, PolicyRule } from "../model/index.ts";

/** What a policy sees of an effect: `recreate` is a create of any generation after the first, `call` a write outside records, `start` that of a run of another workflow. */
export type PolicyAction = NonNullable<PolicyRule["action"]>;

/** The policy's word for what a request does. */
export function policyAction(request: Pick<EffectRequest, "identity">): PolicyAction {
  const { identity } = request;
  if (identity.kind === "start") return "start";
  if (identity.kind !== "record") return "call";
  return identity.action === "create" && identity.generation > 1 ? "recreate" : identity.action;
}

/** What no rule speaks of is done up to the limits; an explicit `allow` permits more than that. */
function strictness(rule: PolicyRule | null): number {
  return rule === null ? 1 : { allow: 0, approve: 2, deny: 3 }[rule.verdict];
}

/**
 * The first rule that matches an effect, or null. A write in a called workflow is one of that workflow and of the run's: of
 * what each of them meets the strictest holds, so that calling a workflow never gets around what is said of it.
 */
export function matchPolicy(policy: Policy, workflow: string, request: EffectRequest): PolicyRule | null {
  const found = [workflow, ...(request.within ?? [])].map((name) => policy.rules.find((rule) => matches(rule, name, request)) ?? null);
  return found.reduce((strictest, rule) => (strictness(rule) > strictness(strictest) ? rule : strictest));
}

function matches(rule: PolicyRule, workflow: string, request: EffectRequest): boolean {
  const { identity } = request;
  return (
    matchesName(rule.workflow, workflow) &&
    matchesName(rule.server, request.call?.server ?? request.server) &&
    matchesName(rule.tool, request.call?.tool ?? null) &&
    matchesName(rule.record, identity.kind === "record" ? identity.record : null) &&
    matchesAction(rule, policyAction(request))
  );
}

/** A `create` rule speaks of recreating too, except to allow it: that takes the word `recreate` or no word at all. */
function matchesAction(rule: PolicyRule, action: PolicyAction): boolean {
  if (rule.action === undefined || rule.action === action) return true;
  return rule.action === "create" && action === "recreate" && rule.verdict !== "allow";
}

function matchesName(pattern: string | undefined, name: string | null): boolean {
  return pattern === undefined || (name !== null && matchesGlob(pattern, name));
}

/** True when `name` is `pattern` with each `*` as any run of characters. Linear in both for each star, whatever they hold. */
export function matchesGlob(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return name === pattern;
  if (!name.startsWith(first) || !name.endsWith(last) || name.length < first.length + last.length) return false;
  const end = name.length - last.length;
  let from = first.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at === -1 || at + part.length > end) return false;
    from = at + part.length;
  }
  return true;
}
