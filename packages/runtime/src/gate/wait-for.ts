import type { HoldReason, PolicyRule } from "../model/index.ts";
import type { GateContext } from "./context.ts";
import type { Ruling } from "./policy-match.ts";
import { ruleName } from "./rule-name.ts";
import { nextChange } from "./time-window.ts";

/** Why an effect is not made now, and until when; null where the policy does not say that it waits. */
export function waitFor({ policy, now }: GateContext, ruling: Ruling | null): HoldReason | null {
  if (ruling?.rule.verdict !== "wait") return null;
  const until = endOf(ruling.rule, now);
  return { kind: "not-now", until, detail: `${ruleName(policy, ruling)} lets it wait${until === null ? "" : ` until ${new Date(until).toISOString()}`}` };
}

/** When the rule's time is over at first; it may match again then, by its other field. */
function endOf({ when, outside }: PolicyRule, now: number): number | null {
  const ends = [when, outside].flatMap((window) => (window === undefined ? [] : (nextChange(window, now) ?? [])));
  return ends.length === 0 ? null : Math.min(...ends);
}
