import type { JiraIssue } from "./issue.ts";
import type { JqlCondition, JqlOrder, JqlQuery } from "./jql-parse.ts";
import { parseJql } from "./jql-parse.ts";
import { SITE } from "./site.ts";

/** A query ready to run over indexed issues, or what Jira answers with status 400. */
export type JqlCompiled =
  | { readonly ok: true; readonly select: (issues: readonly JiraIssue[]) => readonly JiraIssue[] }
  | { readonly ok: false; readonly message: string };

interface JqlField {
  /** The values of an issue that a clause is compared with. */
  readonly of: (issue: JiraIssue) => readonly string[];
  readonly text?: true;
  readonly caseSensitive?: true;
  /** The values that exist; another one is an error, as in Jira. */
  readonly known?: readonly string[];
}

const names = (items: readonly { readonly name: string }[]): readonly string[] => items.map((item) => item.name);

const project: JqlField = {
  of: (issue) => SITE.projects.filter((p) => p.key === issue.project).flatMap((p) => [p.key, p.name, p.id]),
  known: SITE.projects.flatMap((p) => [p.key, p.name, p.id]),
};
const issueType: JqlField = { of: (issue) => [issue.issueType], known: names(SITE.issueTypes) };
const key: JqlField = { of: (issue) => [issue.key, issue.id] };

const FIELDS: ReadonlyMap<string, JqlField> = new Map([
  ["project", project],
  ["labels", { of: (issue) => issue.labels, caseSensitive: true }],
  ["status", { of: (issue) => [issue.status], known: names(SITE.statuses) }],
  ["priority", { of: (issue) => [issue.priority], known: names(SITE.priorities) }],
  ["issuetype", issueType],
  ["type", issueType],
  ["key", key],
  ["issuekey", key],
  ["summary", { of: (issue) => [issue.summary], text: true }],
]);

const ORDERS: ReadonlyMap<string, (issue: JiraIssue) => number | string> = new Map<string, (issue: JiraIssue) => number | string>([
  ["created", (issue) => issue.createdAt],
  ["updated", (issue) => issue.updatedAt],
  ["key", (issue) => Number(issue.id)],
  ["summary", (issue) => issue.summary],
  ["status", (issue) => issue.status],
]);

/** Checks a query against the fields and values that exist and makes it runnable; unknown ones give Jira's message. */
export function compileJql(text: string): JqlCompiled {
  const parsed = parseJql(text);
  if (!parsed.ok) return parsed;
  const { condition, order } = parsed.query;
  if (condition === null) {
    return { ok: false, message: "Unbounded JQL queries are not allowed here. Please add a search restriction to your query." };
  }
  const fault = faultOf(condition) ?? orderFault(order);
  if (fault !== null) return { ok: false, message: fault };
  return { ok: true, select: (issues) => sort(issues.filter((issue) => matches(condition, issue)), parsed.query) };
}

function faultOf(condition: JqlCondition): string | null {
  if (condition.kind !== "clause") {
    return condition.parts.reduce<string | null>((fault, part) => fault ?? faultOf(part), null);
  }
  const { field: name, operator, values } = condition;
  const field = FIELDS.get(name);
  if (field === undefined) return `Field '${name}' does not exist or you do not have permission to view it.`;
  if ((operator === "~" || operator === "!~") !== (field.text === true)) return `The operator '${operator}' is not supported by the '${name}' field.`;
  const { known } = field;
  const missing = known && values.find((value) => !known.some((one) => one.toLowerCase() === value.toLowerCase()));
  return missing === undefined ? null : `The value '${missing}' does not exist for the field '${name}'.`;
}

function orderFault(order: readonly JqlOrder[]): string | null {
  const missing = order.find(({ field }) => !ORDERS.has(field));
  return missing === undefined ? null : `Not able to sort using field '${missing.field}'.`;
}

function matches(condition: JqlCondition, issue: JiraIssue): boolean {
  if (condition.kind !== "clause") {
    const holds = (part: JqlCondition): boolean => matches(part, issue);
    return condition.kind === "and" ? condition.parts.every(holds) : condition.parts.some(holds);
  }
  const field = FIELDS.get(condition.field);
  if (field === undefined) return false;
  const actual = field.of(issue);
  const found = field.text
    ? condition.values.some((value) => actual.some((text) => textMatches(text, value)))
    : condition.values.some((value) => actual.some((one) => (field.caseSensitive ? one === value : one.toLowerCase() === value.toLowerCase())));
  const negated = condition.operator === "!=" || condition.operator === "!~" || condition.operator === "not in";
  // As in Jira: an issue without any value of the field matches neither side.
  return actual.length > 0 && found !== negated;
}

/** Jira's text search is over words, not substrings: every word of the query must occur, `*` at its end stands for any ending. */
function textMatches(text: string, query: string): boolean {
  const words = wordsOf(text);
  const wanted = query.toLowerCase().match(/[\p{L}\p{N}]+\*?/gu) ?? [];
  return wanted.length > 0 && wanted.every((word) => (word.endsWith("*") ? words.some((one) => one.startsWith(word.slice(0, -1))) : words.includes(word)));
}

function wordsOf(text: string): readonly string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** Newest first unless the query says otherwise; ties by id, so that pages never overlap. */
function sort(issues: readonly JiraIssue[], query: JqlQuery): readonly JiraIssue[] {
  const orders = [...query.order, { field: "key", descending: true }];
  return issues.toSorted((a, b) => {
    for (const { field, descending } of orders) {
      const [left, right] = [ORDERS.get(field)?.(a) ?? 0, ORDERS.get(field)?.(b) ?? 0];
      if (left !== right) return left < right === descending ? 1 : -1;
    }
    return 0;
  });
}
