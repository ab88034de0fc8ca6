import type { EffectRequest, Policy, PolicyRule } from "../model/index.ts";
import { matchArguments } from "./argument-match.ts";
import type { Match } from "./match.ts";
import { matchesGlob } from "./matches-glob.ts";
import { isWithin } from "./time-window.ts";

/** What a policy sees of an effect: `recreate` is a create of any generation after the first, `call` a write outside records, `start` that of a run of another workflow. */
export type PolicyAction = NonNullable<PolicyRule["action"]>;

/** The policy's word for what a request does. */
export function policyAction(request: Pick<EffectRequest, "identity">): PolicyAction {
  const { identity } = request;
  if (identity.kind === "start") return "start";
  if (identity.kind !== "record") return "call";
  return identity.action === "create" && identity.generation > 1 ? "recreate" : identity.action;
}

/** What a policy says of an effect. */
export interface Ruling {
  readonly rule: PolicyRule;
  /** False: whether it matches could not be told, so that the strictest of what is possible holds. */
  readonly sure: boolean;
}

/** What no rule speaks of is done up to the limits; an explicit `allow` permits more than that. */
function strictness(ruling: Ruling | null): number {
  if (ruling === null) return 1;
  const { verdict, by, count = 1 } = ruling.rule;
  // Of two that ask for somebody, the one that asks for more people, or for certain ones.
  return { allow: 0, approve: 2, wait: 100, deny: 101 }[verdict] + (verdict === "approve" ? count + (by === undefined ? 0 : 0.5) : 0);
}

/**
 * What the first rule that matches an effect says, or null. Where it cannot be told whether a rule matches, both are looked at, and the strictest holds. A write in a called
 * workflow is one of that workflow and of the run's: of what each of them meets the strictest holds too, so that calling a workflow never gets around what is said of it. `now` in ms.
 */
export function matchPolicy(policy: Policy, workflow: string, request: EffectRequest, now: number): Ruling | null {
  return strictest([workflow, ...(request.within ?? [])].map((name) => strictest(possible(policy, name, request, now))));
}

function strictest(rulings: readonly (Ruling | null)[]): Ruling | null {
  return rulings.reduce((most, ruling) => (strictness(ruling) > strictness(most) ? ruling : most));
}

/** What the first rule that matches may say; more than one where that cannot be told. Never empty. */
function possible({ rules }: Policy, workflow: string, request: EffectRequest, now: number): readonly (Ruling | null)[] {
  const rulings: Ruling[] = [];
  for (const rule of rules) {
    const match = matches(rule, workflow, request, now);
    if (match !== "no") rulings.push({ rule, sure: match === "yes" && rulings.length === 0 });
    if (match === "yes") return rulings;
  }
  return [...rulings, null];
}

function matches(rule: PolicyRule, workflow: string, request: EffectRequest, now: number): Match {
  const { identity } = request;
  const named =
    matchesName(rule.workflow, workflow) &&
    matchesName(rule.server, request.call?.server ?? request.server) &&
    matchesName(rule.tool, request.call?.tool ?? null) &&
    matchesName(rule.record, identity.kind === "record" ? identity.record : null) &&
    matchesAction(rule, policyAction(request));
  return named && isTime(rule, now) ? argumentsMatch(rule, request) : "no";
}

function argumentsMatch({ args }: PolicyRule, request: EffectRequest): Match {
  return args === undefined ? "yes" : matchArguments(args, request.args.value);
}

function isTime({ when, outside }: PolicyRule, now: number): boolean {
  return (when === undefined || isWithin(when, now)) && (outside === undefined || !isWithin(outside, now));
}

/** A `create` rule speaks of recreating too, except to allow it: that takes the word `recreate` or no word at all. */
function matchesAction(rule: PolicyRule, action: PolicyAction): boolean {
  if (rule.action === undefined || rule.action === action) return true;
  return rule.action === "create" && action === "recreate" && rule.verdict !== "allow";
}

function matchesName(pattern: string | undefined, name: string | null): boolean {
  return pattern === undefined || (name !== null && matchesGlob(pattern, name));
}
