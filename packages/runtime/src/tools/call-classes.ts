import { field, type RawTool } from "./catalogue.ts";
import { ANY_CASE } from "./profile-types.ts";

/** What a call does: reads; prepares (changes nothing that others see, called while planning); writes. */
export type CallEffect = "read" | "prepare" | "write";

/**
 * Who says so. `profile`: its rule. `policy`: the project's. `hint`: the server's own `readOnlyHint`, which the policy
 * trusts. `default`: nobody, so it is a write.
 */
export type ClassSource = "profile" | "policy" | "hint" | "default";

/** The pinned class of the calls that one rule of a profile decides. */
export interface LockedClass {
  /** Index of the rule in the profile's list for the tool; null for calls for which no rule holds. */
  readonly rule: number | null;
  readonly effect: CallEffect;
  readonly from: ClassSource;
  /** When the rule holds, for people who review the lock: `action=create`. */
  readonly when?: string;
  /** Hash of what `when` stands for: an edit of it is an edit of the class, whether or not the words stay the same. */
  readonly condition?: string;
}

/** A rule as far as its class goes; the rules of a lowered profile fit by shape. */
export interface ClassRule {
  /** Present when the rule does not hold for every call. */
  readonly when?: unknown;
  readonly effect?: CallEffect;
}

/** What is known of a tool's calls besides what its server says. */
export interface ClassInputs {
  /** The profile's rules for the tool, in order; none without a profile. */
  readonly rules: readonly ClassRule[];
  /** For each rule, when it holds, for people (`caseKey`). */
  readonly labels?: readonly string[];
  /** For each rule, and then for calls for which none holds, the hash of when that is, and of when which of `fallbacks` does. */
  readonly conditions?: readonly string[];
  /** The profile's `"*"`: the first that holds fills what a rule leaves out. */
  readonly fallbacks?: readonly ClassRule[];
  /** What the project's policy says of the whole tool: it wins. */
  readonly policy?: CallEffect;
  /** The policy's `trustHints`. */
  readonly trustHints: boolean;
}

/**
 * The class of every call of a tool: one for each rule, and one for calls for which none holds, unless a rule without
 * `when` leaves none; several where it depends on which of the fallbacks holds. What nobody vouches for is a write.
 */
export function classesOf(tool: RawTool, inputs: ClassInputs): readonly LockedClass[] {
  const classes: LockedClass[] = [];
  for (const [index, rule] of [...inputs.rules, NO_RULE].entries()) {
    const label = rule.when === undefined ? undefined : inputs.labels?.[index];
    for (const { effect, from, filled } of effectsOf(tool, rule, inputs)) {
      const when = filled ? [label ?? [], ANY_CASE].flat().join("&") : label;
      const condition = when === undefined ? undefined : inputs.conditions?.[index];
      classes.push({ rule: rule === NO_RULE ? null : index, effect, from, ...(when === undefined ? {} : { when }), ...(condition === undefined ? {} : { condition }) });
    }
    if (rule.when === undefined) break;
  }
  return classes;
}

const NO_RULE: ClassRule = {};

/** What calls under a rule may be; `filled` where a condition among the fallbacks says which. */
interface RuleEffect extends Pick<LockedClass, "effect" | "from"> {
  readonly filled?: boolean;
}

function effectsOf(tool: RawTool, rule: ClassRule, inputs: ClassInputs): readonly RuleEffect[] {
  if (inputs.policy !== undefined) return [{ effect: inputs.policy, from: "policy" }];
  const vouched = ({ effect }: ClassRule): RuleEffect => (effect === undefined ? unsaid(tool, inputs) : { effect, from: "profile" });
  const fallbacks = [...(inputs.fallbacks ?? []), NO_RULE];
  const always = fallbacks.findIndex(({ when }) => when === undefined);
  const effects = fallbacks.slice(0, always + 1).map((fallback, index) => ({ ...vouched(rule.effect === undefined ? fallback : rule), filled: index < always }));
  const [first] = effects;
  // Where all come to the same, it does not matter which of them holds.
  return first !== undefined && effects.every(({ effect, from }) => effect === first.effect && from === first.from) ? [{ ...first, filled: false }] : effects;
}

function unsaid(tool: RawTool, { trustHints }: ClassInputs): RuleEffect {
  return trustHints && hintsReadOnly(tool) ? { effect: "read", from: "hint" } : { effect: "write", from: "default" };
}

/** True when the server calls the tool read-only. Hints err: only a policy decides whether to believe it. */
export function hintsReadOnly(tool: RawTool): boolean {
  return field(tool["annotations"], "readOnlyHint") === true;
}
