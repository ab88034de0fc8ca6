import type { Diagnostic } from "offstage/base";
import type { ZodType } from "zod";
import { knownSettings, meantSetting } from "./known-settings.ts";
import type { PositionedData } from "./positioned-data.ts";
import { configFault } from "./read-document.ts";

export type Shaped<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

const MAX_FAULTS = 50;

/** Checks data against a schema; each fault is told at its place in the file, in the order of the text. */
export function checkShape<T>(schema: ZodType<T>, document: PositionedData, file: string): Shaped<T> {
  const result = schema.safeParse(document.data);
  if (result.success) return { ok: true, value: result.data };
  let known: ReturnType<typeof knownSettings> | undefined;
  // Finding a place is a walk: only for as many as anybody reads.
  const diagnostics = result.error.issues.slice(0, MAX_FAULTS).map(nearest).flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [configFault(file, document.placeOf(issue.path), issueText(issue))];
    return issue.keys.slice(0, MAX_FAULTS).map((key) => {
      const meant = meantSetting(key, issue.path, (known ??= knownSettings(schema)));
      return configFault(file, document.placeOf([...issue.path, key]), `${label(issue.path)}There is no setting "${key}" here.`, `${meant}docs/guides/config.md lists the settings.`);
    });
  });
  return { ok: false, diagnostics: diagnostics.slice(0, MAX_FAULTS).toSorted((a, b) => a.line - b.line || a.column - b.column) };
}

type Issue = NonNullable<ReturnType<ZodType["safeParse"]>["error"]>["issues"][number];

/** Of what is none of several shapes, the fault of the one that it comes nearest to: where a fault lies deeper, its beginning was right. The schema's own words are better. */
function nearest(issue: Issue): Issue {
  if (!isUnexplained(issue)) return issue;
  const deeper = issue.errors.find(([first]) => first !== undefined && first.path.length > 0)?.[0];
  return deeper === undefined ? issue : nearest({ ...deeper, path: [...issue.path, ...deeper.path] });
}

/** What is wrong, without the words of the library that found it. */
function issueText(issue: Issue): string {
  const { message } = issue;
  if (isUnexplained(issue)) return unionText(issue);
  if (issue.code === "invalid_key") return `${label(issue.path)}${issue.issues[0]?.message ?? message}`;
  const missing = issue.code === "invalid_type" && message.endsWith("received undefined");
  if (missing && issue.path.length > 0) return `${issue.path.length === 1 ? "The file" : pathText(issue.path.slice(0, -1))} has no ${String(issue.path.at(-1))}.`;
  if (issue.code === "invalid_value") return `${label(issue.path)}write ${issue.values.map((value) => JSON.stringify(value)).join(", ")}.`.replace(/, (?=[^,]*$)/, " or ");
  return `${label(issue.path)}${message.replace(/^Invalid input: expected (\w+), received (\w+)$/, "this has to be $1, and is $2.")}`;
}

type UnionIssue = Extract<Issue, { readonly code: "invalid_union" }>;

function isUnexplained(issue: Issue): issue is UnionIssue {
  return issue.code === "invalid_union" && issue.message === "Invalid input";
}

/** Each shape says what it would take. */
function unionText({ errors, path }: UnionIssue): string {
  const firsts = errors.flatMap(([first]) => first ?? []);
  const [missing] = firsts.filter(({ message }) => message.endsWith("received undefined"));
  return missing === undefined ? `${label(path)}${[...new Set(firsts.map((first) => issueText({ ...first, path: [] })))].join(" Or: ")}` : issueText({ ...missing, path });
}

function label(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "" : `${pathText(path)}: `;
}

/** `policy.classes[0].tool`. */
function pathText(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("").replace(/^\./, "");
}
