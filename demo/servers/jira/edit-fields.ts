import type { JiraIssueFields } from "./issue.ts";
import { SITE } from "./site.ts";

/** What Jira answers with status 400: a message for each field that cannot be taken. */
export type FieldErrors = Readonly<Record<string, string>>;

/** A request's fields after checking: what to write, or what is wrong with them. */
export type CheckedFields<T> = { readonly ok: true; readonly fields: T } | { readonly ok: false; readonly errors: FieldErrors };

const MAX_TEXT = 255;

type Setter = (value: unknown) => Partial<JiraIssueFields> | string;

/** A field's check: what it sets, or Jira's message. */
const SETTERS: ReadonlyMap<string, Setter> = new Map<string, Setter>([
  ["summary", checkSummary],
  ["description", checkDescription],
  ["labels", checkLabels],
  ["project", (value) => named(SITE.projects, value, ["key", "id"], "valid project is required", (one) => ({ project: one.key }))],
  ["issuetype", (value) => named(SITE.issueTypes, value, ["name", "id"], "Specify a valid issue type", (one) => ({ issueType: one.name }))],
  ["priority", (value) => named(SITE.priorities, value, ["name", "id"], "Specify a valid 'id' or 'name' for priority", (one) => ({ priority: one.name }))],
  ["assignee", checkAssignee],
]);

/** Checks the body of `PUT /issue/K`: an issue is not moved to another project by an edit. */
export function checkEdit(body: unknown): CheckedFields<Partial<JiraIssueFields>> {
  const checked = checkFields(memberOf(body, "fields"));
  const errors = { ...(checked.ok ? {} : checked.errors), project: cannotBeSet("project") };
  return memberOf(memberOf(body, "fields"), "project") === undefined ? checked : { ok: false, errors };
}

function cannotBeSet(name: string): string {
  return `Field '${name}' cannot be set. It is not on the appropriate screen, or unknown.`;
}

function checkFields(given: unknown): CheckedFields<Partial<JiraIssueFields>> {
  if (!isRecord(given)) return { ok: true, fields: {} };
  const errors: Record<string, string> = {};
  let fields: Partial<JiraIssueFields> = {};
  for (const [name, value] of Object.entries(given)) {
    const set = SETTERS.get(name)?.(value) ?? cannotBeSet(name);
    if (typeof set === "string") errors[name] = set;
    else fields = { ...fields, ...set };
  }
  return Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, fields };
}

/** Checks the body of `POST /issue`: each field, and what an issue must have. */
export function checkCreate(body: unknown): CheckedFields<JiraIssueFields> {
  const given = memberOf(body, "fields");
  const checked = checkFields(given);
  const absent = (name: string): boolean => memberOf(given, name) === undefined;
  const errors: Record<string, string> = checked.ok ? {} : { ...checked.errors };
  if (absent("summary")) errors["summary"] = "You must specify a summary of the issue.";
  if (absent("project")) errors["project"] = "Specify a valid project ID or key";
  if (absent("issuetype")) errors["issuetype"] = "Specify an issue type";
  const { summary, project, issueType, ...rest } = checked.ok ? checked.fields : {};
  if (Object.keys(errors).length > 0 || summary === undefined || project === undefined || issueType === undefined) return { ok: false, errors };
  return { ok: true, fields: { description: null, priority: "Medium", labels: [], assignee: null, ...rest, summary, project, issueType } };
}

function checkSummary(value: unknown): Partial<JiraIssueFields> | string {
  if (typeof value !== "string") return "Operation value must be a string";
  const summary = value.trim();
  if (summary === "") return "You must specify a summary of the issue.";
  if (/[\r\n]/.test(summary)) return "The summary is invalid because it contains newline characters.";
  if (summary.length > MAX_TEXT) return "Summary can't exceed 255 characters.";
  return { summary };
}

function checkDescription(value: unknown): Partial<JiraIssueFields> | string {
  if (value !== null && !isAtlassianDocument(value)) return "Operation value must be an Atlassian Document (see the Atlassian Document Format)";
  return { description: value };
}

function checkLabels(value: unknown): Partial<JiraIssueFields> | string {
  if (!Array.isArray(value)) return "data was not an array";
  const labels = value.filter((label): label is string => typeof label === "string");
  if (labels.length < value.length) return "string expected at index 0";
  const spaced = labels.find((label) => /\s/.test(label));
  if (spaced !== undefined) return `The label '${spaced}' contains spaces which is invalid.`;
  const long = labels.find((label) => label.length > MAX_TEXT);
  if (long !== undefined) return `The label '${long}' exceeds the maximum length for a label of ${MAX_TEXT} characters.`;
  return { labels: [...new Set(labels)].toSorted() };
}

function checkAssignee(value: unknown): Partial<JiraIssueFields> | string {
  const id = memberOf(value, "id") ?? memberOf(value, "accountId");
  if (value === null || id === null) return { assignee: null };
  const user = SITE.users.find((one) => one.accountId === id);
  return user ? { assignee: user.accountId } : `User '${JSON.stringify(id)}' cannot be assigned issues.`;
}

function named<T extends Readonly<Record<string, string>>>(
  all: readonly T[], value: unknown, by: readonly string[], message: string, set: (one: T) => Partial<JiraIssueFields>,
): Partial<JiraIssueFields> | string {
  const found = all.find((one) => by.some((name) => memberOf(value, name) !== undefined && one[name] === memberOf(value, name)));
  return found ? set(found) : message;
}

/** Whether a value is a document as REST v3 takes it for descriptions and comments; a plain string is none. */
export function isAtlassianDocument(value: unknown): boolean {
  return memberOf(value, "type") === "doc" && memberOf(value, "version") === 1 && Array.isArray(memberOf(value, "content"));
}

/** An own member of a parsed JSON value, `undefined` when it has none. */
export function memberOf(value: unknown, name: string): unknown {
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
