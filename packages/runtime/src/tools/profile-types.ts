import type { Data, ValueType } from "../base/index.ts";
import { field } from "./catalogue.ts";

/**
 * What the types of a server's tools owe to its profile. Filled by the room that knows the compiler (from the profile's
 * text and what TypeScript's checker infers of it); read here, where no compiler is.
 */
export interface ProfileTypeInfo {
  /** The name of the server in `mcp.json`. */
  readonly server: string;
  /** Generated type name → better name (`ListPullRequestsItem` → `PullRequest`), of all rules together. */
  readonly names: { readonly [generated: string]: string };
  /** Tool → its rules in order. Without the `"*"` rule. */
  readonly tools: { readonly [tool: string]: readonly RuleTypeInfo[] };
}

/** One rule of a profile, as far as types go. */
export interface RuleTypeInfo {
  /**
   * When it holds: arguments that must equal literals, all of them. An empty list: always (no `when`). null: a `when` that
   * is no such thing, so that types cannot tell.
   */
  readonly when: readonly ArgumentEquals[] | null;
  /**
   * The type that `result` returns, as the checker prints it without truncation: closed in itself, no name of the
   * profile's module in it. Absent when the rule has no `result`.
   */
  readonly result?: string;
  /** The same in no language's words; absent in what an earlier version read. */
  readonly resultType?: ValueType;
  /** How the items of a page are found in the result. Absent when the rule does not page. */
  readonly pages?: PagesTypeInfo;
}

/** `args[argument] === equals`. */
export interface ArgumentEquals {
  readonly argument: string;
  readonly equals: string | number | boolean | null;
}

/** The items of one page of a paging tool. */
export interface PagesTypeInfo {
  /** The members that lead to them, `["issues"]` for `items: (r) => r.issues`, none when the result is the list; null when `items` is something else. */
  readonly path: readonly string[] | null;
  /** The type of one item, as the checker prints it: only for a `path` of null. */
  readonly item?: string;
  readonly itemType?: ValueType;
}

/** The case of calls for which types cannot tell the rule, or all calls alike. */
export const ANY_CASE = "*";

/** The name of a rule's case in `offstage.learnt.json` and in the lock: `action=create`, `*` for a rule that always holds. */
export function caseKey(rule: RuleTypeInfo): string {
  if (rule.when === null || rule.when.length === 0) return ANY_CASE;
  return rule.when.map(({ argument, equals }) => `${argument}=${typeof equals === "string" && /^[\w.-]+$/.test(equals) ? equals : JSON.stringify(equals)}`).join("&");
}

/** The case that a call with these arguments belongs to: where its result is learnt. */
export function caseOf(rules: readonly RuleTypeInfo[], args: Data): string {
  const rule = rules.find(({ when }) => when !== null && when.every(({ argument, equals }) => field(args, argument) === equals));
  return rule === undefined ? ANY_CASE : caseKey(rule);
}
