import type { Failure } from "../errors.ts";

/** More are said by `offstage check`. */
const SHOWN = 3;

/** What is wrong, with files and lines, in one line. */
export function problemOf({ message, hint, diagnostics = [] }: Failure): string {
  const faults = diagnostics.filter(({ severity }) => severity === "error").map(({ file, line, column, code, message: what }) => `${file}:${line}:${column} ${code} ${what}`);
  if (faults.length === 0) return hint === undefined ? message : `${message} ${hint}`;
  return [...faults.slice(0, SHOWN), ...(faults.length > SHOWN ? [`and ${faults.length - SHOWN} more`] : [])].join("; ");
}
