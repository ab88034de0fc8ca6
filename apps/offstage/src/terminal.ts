import { type Redactor, spellHidden, spellHiddenInJson } from "offstage/base";
import { displayWidth } from "./display-width.ts";
import { wrapProse } from "./wrap-prose.ts";

/** What a command writes to: results on stdout, everything else on stderr. Registered secrets are replaced on both. */
export interface Terminal {
  /** Columns; `Infinity` where nobody looks: what is piped is never cut. */
  readonly width: number;
  /** A line, or several, of the result; prose is made to fit the terminal, data stays as it is, and so does the value of JSON. */
  print(text: string, layout?: Layout): void;
  /** A line about what goes on, in prose. */
  note(text: string): void;
  /** One line of JSON among the notes: never broken. */
  record(text: string): void;
  /** Long work: one line that replaces itself on a terminal, and one line every ten seconds elsewhere. */
  progress(text: string): void;
  /** Colours a text of the result; the text itself where there is no colour. */
  paint(color: Color, text: string): string;
  /** The same for what goes to stderr. */
  paintNote(color: Color, text: string): string;
}

/** How a text is put on a terminal. */
export type Layout = "prose" | "data" | "json";

export type Color = "red" | "green" | "yellow" | "cyan" | "bold" | "dim";

/** The part of a stream that a terminal needs; `process.stdout` is one. */
export interface OutputStream {
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

export interface TerminalOptions {
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** `NO_COLOR` is set, or `TERM` is `dumb`. */
  readonly noColor: boolean;
  readonly redactor: Pick<Redactor, "redact">;
  /** Milliseconds since the epoch; paces progress where it cannot replace itself. */
  readonly now: () => number;
}

const CODES: Readonly<Record<Color, readonly [number, number]>> = { red: [31, 39], green: [32, 39], yellow: [33, 39], cyan: [36, 39], bold: [1, 22], dim: [2, 22] };
/** Of a progress line on a terminal that does not tell its width. */
const GUESSED_WIDTH = 100;
const PROGRESS_PAUSE_MS = 10_000;
const CLEAR_LINE = "\r\u001B[2K";

export function createTerminal(options: TerminalOptions): Terminal {
  const { stdout, stderr, redactor } = options;
  let shown = false;
  let progressedAt = -Infinity;

  const clear = (): void => {
    if (shown) stderr.write(CLEAR_LINE);
    shown = false;
  };
  const line = (stream: OutputStream, text: string, layout: Layout): void => {
    clear();
    const safe = redactor.redact(text);
    // Not before: a secret over two lines is not found any more.
    stream.write(`${laidOut(safe, layout, columnsOf(stream))}\n`);
  };
  const painter = (stream: OutputStream) => (color: Color, text: string) => {
    const [open, close] = CODES[color];
    return stream.isTTY === true && !options.noColor && text !== "" ? `\u001B[${open}m${text}\u001B[${close}m` : text;
  };

  return {
    width: columnsOf(stdout),
    print: (text, layout = "data") => line(stdout, text, layout),
    note: (text) => line(stderr, text, "prose"),
    record: (text) => line(stderr, text, "json"),
    progress(text) {
      const safe = redactor.redact(text);
      if (stderr.isTTY === true) {
        stderr.write(`${CLEAR_LINE}${safe.slice(0, (stderr.columns ?? GUESSED_WIDTH) - 1)}`);
        shown = true;
      } else if (options.now() - progressedAt >= PROGRESS_PAUSE_MS) {
        progressedAt = options.now();
        stderr.write(`${safe}\n`);
      }
    },
    paint: painter(stdout),
    paintNote: painter(stderr),
  };
}

function laidOut(text: string, layout: Layout, columns: number): string {
  if (layout === "prose") return wrapProse(text, columns);
  // People look at it too (`kubectl logs`, `… --json`), and JSON itself escapes the oldest of them only. Within its strings, where alone they stand, an escape is the same value.
  return layout === "json" ? spellHiddenInJson(text) : text;
}

function columnsOf(stream: OutputStream): number {
  return (stream.isTTY === true ? stream.columns : undefined) ?? Infinity;
}

/**
 * Makes text that came from a server harmless to show: whatever could move the cursor, colour, clear the screen, turn text
 * around or hide in it is written as `\u001b`. Line breaks and tabs are written out too; they stay when `lines` is `"keep"`, and with
 * `"mark"` each further line begins with a bar, so that no line of a server's looks like one of ours.
 */
export function escapeControls(text: string, lines: "keep" | "mark" | "escape" = "escape"): string {
  const escaped = spellHidden(text);
  if (lines === "mark") return escaped.replaceAll("\n", "\n  | ");
  return lines === "keep" ? escaped : escaped.replaceAll("\n", "\\n").replaceAll("\t", "\\t");
}

/**
 * Columns padded to their widest cell, the last one left as it is; nothing at all for no rows. Where a row would be wider than
 * `width`, each is written over several lines instead: its first cell, and the others indented below it.
 */
export function tableText(rows: readonly (readonly string[])[], width = Infinity): string {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, column) => (widths[column] = Math.max(widths[column] ?? 0, displayWidth(cell))));
  const lines = rows.map((row) => row.map((cell, column) => (column === row.length - 1 ? cell : cell + " ".repeat((widths[column] ?? 0) - displayWidth(cell)))).join("  ").trimEnd());
  return lines.every((line) => displayWidth(line) <= width) ? lines.join("\n") : rows.map((row) => stackedText(row, width)).join("\n");
}

/** A row over several lines; a cell is never taken apart, so that what is copied is whole. */
function stackedText([first = "", ...others]: readonly string[], width: number): string {
  const lines = [first];
  let line = "";
  for (const cell of others.filter((one) => one !== "")) {
    const longer = line === "" ? `  ${cell}` : `${line}  ${cell}`;
    if (line !== "" && displayWidth(longer) > width) lines.push(line);
    line = line !== "" && displayWidth(longer) > width ? `  ${cell}` : longer;
  }
  return [...lines, ...(line === "" ? [] : [line])].join("\n");
}
