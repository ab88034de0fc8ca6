import type { Diagnostic } from "offstage/base";
import { displayWidth } from "../display-width.ts";
import { escapeControls } from "../terminal.ts";

/** Text before the fault that stays in sight when a long line is cut. */
const BEFORE = 24;

/**
 * The line of a fault with a caret under what it is about, no wider than `width` columns: a long line is cut around the
 * fault. Empty when the text has no such line (it changed meanwhile, or could not be read).
 */
export function codeFrame(source: string, { line, column, endLine, endColumn }: Pick<Diagnostic, "line" | "column" | "endLine" | "endColumn">, width: number): readonly string[] {
  const text = source.split(/\r\n|\r|\n/, line).at(line - 1);
  if (source === "" || text === undefined || column > text.length + 1) return [];
  const gutter = `  ${String(line)} | `;
  const room = Math.max(20, width - gutter.length);
  const start = column - 1;
  const end = endLine === line && endColumn !== undefined ? Math.max(start + 1, endColumn - 1) : Math.max(start + 1, text.trimEnd().length);
  const from = visible(text).length <= room ? 0 : Math.max(0, start - BEFORE);
  const head = from > 0 ? "…" : "";
  const shown = fitted(`${head}${visible(text.slice(from))}`, room);
  const offset = displayWidth(head + visible(text.slice(from, start)));
  const length = Math.max(1, Math.min(displayWidth(visible(text.slice(start, end))), displayWidth(shown) - offset));
  return [`${gutter}${shown}`, `${" ".repeat(gutter.length - 2)}| ${" ".repeat(offset)}${"^".repeat(length)}`];
}

/** One column for each character that takes one: tabs and what could steer the terminal are written so. */
function visible(text: string): string {
  return escapeControls(text.replaceAll("\t", "  "));
}

function fitted(text: string, room: number): string {
  if (displayWidth(text) <= room) return text;
  let cut = text.slice(0, room - 1);
  while (displayWidth(cut) > room - 1) cut = cut.slice(0, -1);
  return `${cut}…`;
}
