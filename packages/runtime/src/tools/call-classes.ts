import { field, type RawTool } from "./catalogue.ts";

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
  /** Hash of what the rule holds for, where `when` cannot write that down: an edit of it is an edit of the class. */
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
  /** For each rule the hash of its condition, where its label does not say it. */
  readonly conditions?: readonly (string | undefined)[];
  /** The profile's `"*"`. */
  readonly fallback?: ClassRule;
  /** What the project's policy says of the whole tool: it wins. */
  readonly policy?: CallEffect;
  /** The policy's `trustHints`. */
  readonly trustHints: boolean;
}

/**
 * The class of every call of a tool: one for each rule, and one for calls for which none holds, unless a rule without
 * `when` leaves none. What nobody vouches for is a write.
 */
export function classesOf(tool: RawTool, inputs: ClassInputs): readonly LockedClass[] {
  const classes: LockedClass[] = [];
  for (const [index, rule] of inputs.rules.entries()) {
    const when = rule.when === undefined ? undefined : inputs.labels?.[index];
    const condition = rule.when === undefined ? undefined : inputs.conditions?.[index];
    classes.push({ rule: index, ...classOf(tool, rule, inputs), ...(when === undefined ? {} : { when }), ...(condition === undefined ? {} : { condition }) });
    if (rule.when === undefined) return classes;
  }
  return [...classes, { rule: null, ...classOf(tool, {}, inputs) }];
}

function classOf(tool: RawTool, rule: ClassRule, inputs: ClassInputs): Pick<LockedClass, "effect" | "from"> {
  if (inputs.policy !== undefined) return { effect: inputs.policy, from: "policy" };
  const said = rule.effect ?? inputs.fallback?.effect;
  if (said !== undefined) return { effect: said, from: "profile" };
  if (inputs.trustHints && hintsReadOnly(tool)) return { effect: "read", from: "hint" };
  return { effect: "write", from: "default" };
}

/** True when the server calls the tool read-only. Hints err: only a policy decides whether to believe it. */
export function hintsReadOnly(tool: RawTool): boolean {
  return field(tool["annotations"], "readOnlyHint") === true;
}
