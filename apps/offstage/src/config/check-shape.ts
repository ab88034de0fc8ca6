import type { Diagnostic } from "offstage/base";
import type { ZodType } from "zod";
import type { PositionedData } from "./positioned-data.ts";
import { configFault } from "./read-document.ts";

export type Shaped<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

const MAX_FAULTS = 50;

/** Checks data against a schema; each fault is told at its place in the file. */
export function checkShape<T>(schema: ZodType<T>, document: PositionedData, file: string): Shaped<T> {
  const result = schema.safeParse(document.data);
  if (result.success) return { ok: true, value: result.data };
  // Finding a place is a walk: only for as many as anybody reads.
  const diagnostics = result.error.issues.slice(0, MAX_FAULTS).flatMap((issue) => {
    if (issue.code !== "unrecognized_keys") return [configFault(file, document.placeOf(issue.path), `${label(issue.path)}${issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message}`)];
    return issue.keys.slice(0, MAX_FAULTS).map((key) => configFault(file, document.placeOf([...issue.path, key]), `${label(issue.path)}There is no setting "${key}" here.`, "docs/guides/config.md lists the settings."));
  });
  return { ok: false, diagnostics: diagnostics.slice(0, MAX_FAULTS) };
}

function label(path: readonly PropertyKey[]): string {
  return path.length === 0 ? "" : `${path.map(String).join(".")}: `;
}
