import { displayWidth } from "./display-width.ts";

/** In narrower terminals nothing is won. Columns. */
const NARROWEST = 40;
/** Further than what is a line of its own below another one. */
const INDENT = "    ";

/** A line of code with its number, or the caret below it: it was made to fit, and is not for reading on. */
const FRAME = /^ *\d* \| /;
/** What a server wrote on further lines. */
const MARK = "  | ";
/** A command to give next: copied from two lines, it would be two. */
const COMMAND = /(?<=: |\()(?:offstage|export|npm|npx|openssl|apt-get) [^()]*(?=\)|$)/;
/** What stays together: what is in backticks, and short texts in quotes. */
const PIECE = /(?:`[^`]*`|"[^"]{1,60}"|\S)+/g;

/** Prose that fits a terminal: lines that are wider than `width` columns go on below, indented, or below the last column of what looks like a table. No word is taken apart. */
export function wrapProse(text: string, width: number): string {
  if (width === Infinity || width < NARROWEST) return text;
  return text.split("\n").map((line) => (displayWidth(line) <= width || (FRAME.test(line) && !line.startsWith(MARK)) ? line : wrapLine(line, width))).join("\n");
}

function wrapLine(line: string, width: number): string {
  const { begun, rest, below } = hang(line, width);
  const lines: string[] = [];
  let current = begun;
  let empty = true;
  for (const piece of piecesOf(rest)) {
    const longer = empty ? current + piece : `${current} ${piece}`;
    if (empty || displayWidth(longer) <= width) current = longer;
    else {
      lines.push(current);
      current = below + piece;
    }
    empty = false;
  }
  return [...lines, current].join("\n");
}

/** What stands before the prose of a line, the prose, and what stands before its further lines. */
function hang(line: string, width: number): { readonly begun: string; readonly rest: string; readonly below: string } {
  if (line.startsWith(MARK)) {
    const inner = hang(line.slice(MARK.length), width - MARK.length);
    return { begun: MARK + inner.begun, rest: inner.rest, below: MARK + inner.below };
  }
  const lead = /^ */.exec(line)?.[0] ?? "";
  const gaps = [...line.slice(lead.length).matchAll(/\S {2,}(?=\S)/g)].map((gap) => lead.length + gap.index + gap[0].length);
  const column = gaps.filter((at) => displayWidth(line.slice(0, at)) <= width / 2).at(-1);
  if (column === undefined) return { begun: lead, rest: line.slice(lead.length), below: lead + INDENT };
  return { begun: line.slice(0, column), rest: line.slice(column), below: " ".repeat(displayWidth(line.slice(0, column))) };
}

function piecesOf(text: string): readonly string[] {
  const command = COMMAND.exec(text);
  if (command === null) return text.match(PIECE) ?? [];
  // With what stands right before and after it.
  const before = text.slice(0, command.index).match(PIECE) ?? [];
  const after = text.slice(command.index + command[0].length).match(PIECE) ?? [];
  const opened = text[command.index - 1] === "(" ? (before.pop() ?? "") : "";
  return [...before, `${opened}${command[0]}${after.shift() ?? ""}`, ...after];
}
