import { shorten } from "../base/index.ts";
import { visibleLine } from "./visible-text.ts";
import { diffWords, type TextPart } from "./word-diff.ts";

/** UTF-16 units of one stretch of what changed: enough for any honest sentence, and `offstage.lock` has the rest. */
const LONGEST_CHANGE = 1_000;
/** How much of what stayed is shown around it. */
const CONTEXT = 40;
/** White space that is longer hides something. */
const TELLING_SPACE = 20;

/** What became of a text, on one line, its words that went and came marked: `Lists [-all-] {+open+} issues.` Nothing hides in it. */
export function textChange(before: string, after: string): string {
  const all = diffWords(before, after);
  const isBlank = ({ kind, text }: TextPart): boolean => kind !== "same" && text.trim() === "" && text.length < TELLING_SPACE;
  const parts = all.some((part) => part.kind !== "same" && !isBlank(part)) ? all.filter((part) => !isBlank(part)) : all;
  return parts.map((part, index) => partText(part, { first: index === 0, last: index === parts.length - 1 })).filter((text) => text !== "").join(" ");
}

function partText({ kind, text }: TextPart, at: { readonly first: boolean; readonly last: boolean }): string {
  if (kind === "same") return context(visibleLine(text), at);
  const shown = visibleLine(text);
  // What is white space alone would be invisible, and so would be what it pushes out of sight.
  const said = shown === "" ? `${text.length} × white space` : shorten(shown, LONGEST_CHANGE);
  return kind === "gone" ? `[-${said}-]` : `{+${said}+}`;
}

function context(text: string, { first, last }: { readonly first: boolean; readonly last: boolean }): string {
  if (first && last) return text;
  if (first) return text.length > CONTEXT ? `…${text.slice(-CONTEXT)}` : text;
  if (last) return shorten(text, CONTEXT);
  return text.length > 2 * CONTEXT ? `${text.slice(0, CONTEXT)}…${text.slice(-CONTEXT)}` : text;
}
