import { peopleOf } from "offstage/model";
import type { Settings } from "../config/settings.ts";
import type { NightFinding } from "./night-finding.ts";

/** Who has to answer: people and groups, null for anybody; and how many. */
export interface Asked {
  readonly by: readonly string[] | null;
  readonly count: number;
}

/** What is said of approvals. */
export type ApprovalParts = Pick<Settings, "approvals" | "serve" | "policy">;

/** Rules of the policy that ask for people of whom too few can answer. */
export function checkPolicyApprovers(settings: ApprovalParts): readonly NightFinding[] {
  return settings.policy.rules.flatMap(({ verdict, by = null, count = 1, place = "offstage.yaml" }) => (verdict === "approve" ? (approverFinding(`approvals (${place})`, { by, count }, settings) ?? []) : []));
}

/** null: enough people can answer, as far as it is known. Anybody may answer at the command line, in whatever name: that is said, and does not fail. */
export function approverFinding(about: string, { by, count }: Asked, { approvals, serve }: ApprovalParts): NightFinding | null {
  if (by === null) return null;
  const { groups } = approvals.approvers;
  const people = peopleOf(by, approvals.approvers);
  const names = people.join(", ");
  const nested = by.flatMap((name) => (Object.hasOwn(groups, name) ? (groups[name] ?? []).filter((member) => Object.hasOwn(groups, member)) : []));
  if (people.length < count && nested.length > 0) return { about, state: "fails", what: `${nested.join(", ")} ${nested.length === 1 ? "is a group" : "are groups"} inside of a group, and answer nothing`, hint: "Name the people in approvals.groups themselves." };
  if (people.length < count) return { about, state: "fails", what: `${count} people have to permit it, and there ${people.length === 1 ? "is" : "are"} only ${names}: it waits for ever`, hint: "Name more of them in `by`, or ask for fewer with `count`." };
  const reached = reachedBy({ approvals, serve });
  if (people.filter((name) => reached.has(name)).length >= count) return null;
  const hint = "Give them tokens in serve.api with role: approver, or links: approvals.links with approvals.notify, `to` them. At this machine: offstage approve --by NAME.";
  return { about, state: "warns", what: `${count === 1 ? "nobody" : `fewer than ${count}`} of ${names} has a token that may answer, or is sent a link: only the command line is left`, hint };
}

/** Who has a token that may answer, or is sent a link that does. */
function reachedBy({ approvals: { approvers, links, notify }, serve: { api } }: Pick<ApprovalParts, "approvals" | "serve">): ReadonlySet<string> {
  const tokens = (api?.tokens ?? []).filter(({ role }) => role !== "viewer").map(({ name }) => name);
  const linked = links !== null && notify !== null && /\{\{ *link *\}\}/.test(JSON.stringify(notify.args)) ? peopleOf(notify.to ?? [], approvers) : [];
  return new Set([...tokens, ...linked]);
}
