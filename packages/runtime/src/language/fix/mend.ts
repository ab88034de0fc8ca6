import type { Diagnostic, Fix, TextEdit } from "../../base/index.ts";

/** A text with the edits of one fix made. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let mended = "";
  let at = 0;
  for (const { start, end, text: put } of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    mended += text.slice(at, start) + put;
    at = end;
  }
  return mended + text.slice(at);
}

/** What {@link mend} did. */
export interface Mended {
  readonly source: string;
  /** The faults whose fixes were made, as they were told then, in that order. */
  readonly applied: readonly Diagnostic[];
  /** What the mended text still gives. */
  readonly diagnostics: readonly Diagnostic[];
}

/** More rounds than any chain of fixes needs: one makes room for the next, `var i` for `i++`. */
const MAX_ROUNDS = 20;

/**
 * Makes fixes until none is left or nothing changes. In one round those that touch the same place are made one at a time;
 * the rest waits for the next, with a text that was checked again. `check` is asked for each new text.
 */
export function mend(source: string, check: (source: string) => readonly Diagnostic[]): Mended {
  let text = source;
  let diagnostics = check(text);
  const applied: Diagnostic[] = [];
  const seen = new Set([text]);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const chosen = compatible(diagnostics.filter(({ fix }) => fix !== undefined));
    const next = applyEdits(text, chosen.flatMap(({ fix }) => fix?.edits ?? []));
    // A text that was there before: fixes that undo each other would go on for ever.
    if (seen.has(next)) break;
    seen.add(next);
    text = next;
    applied.push(...chosen);
    diagnostics = check(text);
  }
  return { source: text, applied, diagnostics };
}

/** The first of those that touch each other, in source order. */
function compatible(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const taken: TextEdit[] = [];
  return diagnostics.filter(({ fix }) => {
    const edits = (fix as Fix).edits;
    // An insertion at the edge of another edit touches it: which comes first would be a guess.
    if (edits.some((edit) => taken.some((other) => edit.start <= other.end && other.start <= edit.end))) return false;
    taken.push(...edits);
    return true;
  });
}
