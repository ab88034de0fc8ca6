import type { Outcome } from "../../packages/runtime/src/testing/helpers-of.ts";
import type { NativeOutcome } from "./natively.ts";

/** A generated arrow whose result is not what Node says. */
export interface Difference {
  readonly body: string;
  readonly samples: unknown;
  readonly ours: Outcome;
  readonly theirs: NativeOutcome;
  readonly where: string;
}

/**
 * What differs from Node by decision (docs/language.md, "Where the specification is silent"), and is therefore no fault.
 * Every line names the decision; a difference that no line explains is one.
 */
const DECISIONS: readonly { readonly why: string; readonly holds: (difference: Difference) => boolean }[] = [
  { why: "Limits end a run where Node would go on until it runs out of memory.", holds: ({ ours }) => ours.kind === "threw" && ours.code.startsWith("LIMIT_") },
  { why: "A poisoned integer is carried, not used.", holds: ({ ours }) => ours.kind === "threw" && ours.code === "UNSAFE_INTEGER" },
  {
    why: "Nothing converts: what TypeScript takes for a text and is undefined (a group that took no part, in what split gives) is told where it is used.",
    holds: ({ ours }) => ours.kind === "threw" && ours.code === "TYPE_ERROR" && / not (a \w+ and )?undefined/.test(ours.message),
  },
];

/** True when a decision explains the difference. */
export function isDecided(difference: Difference): boolean {
  return DECISIONS.some(({ holds }) => holds(difference));
}
