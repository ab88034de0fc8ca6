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
  /** How it is mended by machine, where that is mechanical: `offstage check --fix`, editors and models apply it. */
  readonly fix?: Fix;
}

/** Changes of the text that mend a fault and leave what the text means as it was. They do not overlap, and stand in source order. */
export interface Fix {
  /** What it does, as an editor lists it: ``Write `===` ``. */
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

/** What stands from `start` to `end` (UTF-16 offsets into the file's text) becomes `text`. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}
