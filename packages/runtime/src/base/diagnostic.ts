/**
 * A fault of something a person wrote: a workflow, a profile, a config, a lock. A value, never thrown.
 * Lines and columns count from 1; columns count UTF-16 units, as editors do.
 */
export interface Diagnostic {
  /** Stable; `docs/errors.md` lists each. TypeScript's own are `TS` and its number. */
  readonly code: string;
  readonly severity: "error" | "warning";
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number;
  readonly endColumn?: number;
  /** What is wrong. */
  readonly message: string;
  /** What to write instead. */
  readonly hint?: string;
}
