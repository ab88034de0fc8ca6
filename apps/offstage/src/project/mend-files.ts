import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Diagnostic, OffstageError } from "offstage/base";
import { replaceFile } from "./write-file.ts";

/** A text of the project that can be checked as it would be with another content. */
export interface CheckableText {
  /** `workflows/<name>.ts` or `profiles/<server>.ts`. */
  readonly file: string;
  readonly source: string;
  check(source: string): readonly Diagnostic[];
}

/** A file whose fixes were made. */
export interface MendedFile {
  readonly file: string;
  /** The faults whose fixes were made, with the place that they had then. */
  readonly applied: readonly Diagnostic[];
  /** The lines that differ, `- ` before and `+ ` after, with their numbers in the new text. */
  readonly changes: readonly string[];
}

/**
 * Makes the fixes of a file and writes it in one step; null when there is nothing to mend. Errors: `FILE_CHANGED` when the
 * file is not what was read: changed meanwhile, or no UTF-8.
 */
export async function mendFile(folder: string, text: CheckableText): Promise<MendedFile | null> {
  const { mend } = await import("offstage/language");
  const { source, applied } = mend(text.source, (candidate) => text.check(candidate));
  if (source === text.source) return null;
  const path = join(folder, text.file);
  // Bytes, not text: what is no UTF-8 would be lost.
  if (!readFileSync(path).equals(Buffer.from(text.source))) throw new OffstageError("FILE_CHANGED", `${text.file} was changed while its fixes were made.`, { hint: "Nothing was written. Run the command again." });
  replaceFile(path, source);
  return { file: text.file, applied, changes: changedLines(text.source, source) };
}

/** Lines from the first that differs to the last, both sides: fixes stand close together, and people review them in git. */
export function changedLines(before: string, after: string): readonly string[] {
  const [old, made] = [before.split("\n"), after.split("\n")];
  if (old.length === made.length) return old.flatMap((line, index) => (line === made[index] ? [] : [`${index + 1} - ${line}`, `${index + 1} + ${made[index] ?? ""}`]));
  let start = 0;
  while (old[start] === made[start]) start += 1;
  let end = 0;
  while (end < Math.min(old.length, made.length) - start && old[old.length - 1 - end] === made[made.length - 1 - end]) end += 1;
  const numbered = (lines: readonly string[], sign: string): readonly string[] => lines.slice(start, lines.length - end).map((line, index) => `${start + index + 1} ${sign} ${line}`);
  return [...numbered(old, "-"), ...numbered(made, "+")];
}
