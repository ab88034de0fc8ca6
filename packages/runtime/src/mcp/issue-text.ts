import { parseExact } from "../base/index.ts";

/** Faults that are told; a validator lists every one that it finds. */
const MOST = 5;

/**
 * The text of an error in which a validating library dumped what it found, as people read it: `count: expected number; name: Required`.
 * Any other text as it is.
 */
export function withoutIssueDump(text: string): string {
  const at = text.search(/\[\s*\{/);
  const issues = at < 0 ? null : issuesOf(text.slice(at));
  if (issues === null) return text;
  const told = issues.slice(0, MOST).map(({ path, message }) => (path.length === 0 ? message : `${path.join(".")}: ${message}`));
  const more = issues.length > MOST ? [`and ${issues.length - MOST} more`] : [];
  return `${text.slice(0, at).trimEnd()} ${[...told, ...more].join("; ")}`.trimStart();
}

interface Issue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Null for what is no list of faults with a place and words each. */
function issuesOf(dump: string): readonly Issue[] | null {
  try {
    const list: unknown = parseExact(dump);
    return Array.isArray(list) && list.length > 0 && list.every(isIssue) ? list : null;
  } catch {
    return null;
  }
}

function isIssue(value: unknown): value is Issue {
  if (typeof value !== "object" || value === null) return false;
  const { path, message } = value as Partial<Record<keyof Issue, unknown>>;
  return typeof message === "string" && Array.isArray(path) && path.every((step) => typeof step === "string" || typeof step === "number");
}
