import { shorten } from "../../base/index.ts";
import { visibleText } from "../../tools/index.ts";

const MAX_DOC = 4000;

/**
 * A docstring of a server's words, with a line feed behind it; nothing for nothing. The words are anything: they cannot end the
 * literal, be read as an escape, or hide.
 */
export function docstring(words: string | undefined, indent = ""): string {
  const lines = shorten(visibleText(words ?? ""), MAX_DOC).split("\n").map((line) => escaped(line).trimEnd());
  while (lines.at(-1)?.trim() === "") lines.pop();
  while (lines[0]?.trim() === "") lines.shift();
  const [first, ...rest] = lines;
  if (first === undefined) return "";
  const begin = first.trimStart();
  // A quote at the end would be one of those that close.
  if (rest.length === 0) return `${indent}"""${begin}${begin.endsWith('"') ? " " : ""}"""\n`;
  return `${indent}"""${begin}\n${dedented(rest.map((line) => line.replaceAll("\t", "    "))).map((line) => (line === "" ? "\n" : `${indent}${line}\n`)).join("")}${indent}"""\n`;
}

/** Without the margin that all lines have: ruff puts them where the literal stands. */
function dedented(lines: readonly string[]): readonly string[] {
  const margin = Math.min(...lines.filter((line) => line !== "").map((line) => line.length - line.trimStart().length));
  return lines.map((line) => line.slice(margin));
}

/** Neither a backslash nor three quotes are left as they are; a quote that begins or ends a line is told apart from the literal's own. */
function escaped(line: string): string {
  return line.replaceAll("\\", "\\\\").replace(/"{2,}/g, (quotes) => '\\"'.repeat(quotes.length)).replace(/^(\s*)"/, '$1\\"');
}
