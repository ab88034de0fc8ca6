import type { Policy } from "../model/index.ts";
import type { Ruling } from "./policy-match.ts";

/** Which rule of a policy it is, for people: `rule 3 of the policy (offstage.yaml:12)`. */
export function ruleName({ rules }: Policy, { rule, sure }: Ruling): string {
  const place = rule.place === undefined ? "" : ` (${rule.place})`;
  return `rule ${rules.indexOf(rule) + 1} of the policy${place}${sure ? "" : ", which may match,"}`;
}
