import { visibleText } from "../tools/index.ts";

/** UTF-16 units of one answer, about 3,000 tokens. */
const LONGEST_ANSWER = 10_000;

/**
 * Text with words of strangers in it, for a model: what hides is shown, and it stands between marks that it cannot know, so that nothing
 * in it ends them. `nonce`: a few random letters. That a model heeds it is not relied on: what writes is held by the gate.
 */
export function marked(text: string, nonce: string): string {
  return `<data ${nonce}>\n${cutText(visibleText(text))}\n</data ${nonce}>`;
}

/** The beginning and the end of a text that is too long, with how much is left out between them: what came of it stands last. */
export function cutText(text: string, longest = LONGEST_ANSWER): string {
  if (text.length <= longest) return text;
  const lines = text.split("\n");
  const [first, last] = [fitting(lines, longest * 0.75), fitting(lines.toReversed(), longest * 0.25).toReversed()];
  if (first.length === 0) return `${text.slice(0, longest)}… (${text.length - longest} more characters)`;
  return [...first, `… ${lines.length - first.length - last.length} more lines …`, ...last].join("\n");
}

function fitting(lines: readonly string[], room: number): readonly string[] {
  let left = room;
  const end = lines.findIndex((line) => (left -= line.length + 1) < 0);
  return lines.slice(0, end < 0 ? lines.length : end);
}
