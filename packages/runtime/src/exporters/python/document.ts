/**
 * A document that may be laid out in more than one way, after the printers of Wadler and of Prettier, as `ruff format` has it:
 * a group is printed on one line when it fits, else its lines break. `sheer` documents are measured with all that they may
 * break broken (ruff: `fits_expanded`), so that optional parentheses are not spent on what has its own.
 */
export type Document =
  | string
  | readonly Document[]
  | { readonly kind: "line"; readonly how: "soft" | "space" | "hard" }
  | { readonly kind: "indent"; readonly body: Document; readonly when?: GroupId }
  | { readonly kind: "group"; readonly body: Document; readonly id?: GroupId; readonly when?: GroupId }
  | { readonly kind: "if-broken"; readonly body: Document; readonly flat?: Document; readonly of?: GroupId }
  | { readonly kind: "sheer"; readonly body: Document; readonly of: GroupId }
  /** A text in parentheses of its own where only they make it fit; `broken`: how it stands there where it does not fit either way. */
  | { readonly kind: "best-fit"; readonly text: string; readonly broken?: Document }
  /** A text that may be written as several, one below the other, of so many columns. */
  | { readonly kind: "pieces"; readonly text: string; readonly pieces: (first: number, others: number) => readonly string[] };

/** Remembers whether a group was broken when it was printed, or is while it is measured. */
export interface GroupId {
  broken: boolean;
}

export const SOFT: Document = { kind: "line", how: "soft" };
export const SPACE: Document = { kind: "line", how: "space" };
export const HARD: Document = { kind: "line", how: "hard" };

/** A group of its own. */
export function group(body: Document, id?: GroupId): Document {
  return id === undefined ? { kind: "group", body } : { kind: "group", body, id };
}

/** Something only where the group around is broken. */
export function ifBroken(body: Document, of?: GroupId, flat: Document = ""): Document {
  return { kind: "if-broken", body, flat, ...(of === undefined ? {} : { of }) };
}

/** Four columns further in. */
export function indent(body: Document, when?: GroupId): Document {
  return { kind: "indent", body, ...(when === undefined ? {} : { when }) };
}

interface Command {
  readonly document: Document;
  readonly column: number;
  readonly broken: boolean;
  /** It is measured past its line breaks, and may itself be too long: what matters is what stands before and behind it. */
  readonly all: boolean;
}

/** How many columns a text takes: what East Asia writes and emoji take two. */
export function columns(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const character of text) width += /\p{Mn}|\p{Cf}/u.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

const WIDE = /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

/** What has been laid out so far, and what is still to come. */
class Sheet {
  readonly stack: Command[];
  readonly lines: string[] = [];
  line = "";

  constructor(document: Document) {
    this.stack = [{ document, column: 0, broken: true, all: false }];
  }

  break(column: number): void {
    this.lines.push(this.line.trimEnd());
    this.line = " ".repeat(column);
  }
}

/** Lays a document out within `width` columns, without an end of line behind it. */
export function layout(document: Document, width: number): string {
  const sheet = new Sheet(document);
  for (let command = sheet.stack.pop(); command !== undefined; command = sheet.stack.pop()) place(sheet, command, width);
  return [...sheet.lines, sheet.line].join("\n").trimEnd();
}

function place(sheet: Sheet, command: Command, width: number): void {
  const { document: node } = command;
  if (typeof node === "string") sheet.line += node;
  else if (!("kind" in node)) pushAll(sheet.stack, node, command);
  else if (node.kind === "line") {
    if (command.broken || node.how === "hard") sheet.break(command.column);
    else if (node.how === "space") sheet.line += " ";
  } else if (node.kind === "group") {
    if (node.when?.broken === false) return void sheet.stack.push({ ...command, document: node.body });
    const flat = !command.broken || fits([{ ...command, document: node, broken: false }], sheet.stack, width, columns(sheet.line));
    if (node.id !== undefined) node.id.broken = !flat;
    sheet.stack.push({ ...command, document: node.body, broken: !flat });
  } else if (node.kind === "sheer") sheet.stack.push({ ...command, document: node.body, broken: node.of.broken ? command.broken : true });
  else if (node.kind === "best-fit") {
    const fitsHere = fits([{ ...command, document: node.text }], sheet.stack, width, columns(sheet.line));
    const fitsBelow = command.column + 4 + columns(node.text) <= width;
    const below = fitsBelow ? node.text : node.broken;
    sheet.stack.push({ ...command, document: fitsHere || below === undefined ? node.text : ["(", indent([HARD, below]), HARD, ")"] });
  } else if (node.kind === "pieces") {
    const fitsHere = fits([{ ...command, document: node.text }], sheet.stack, width, columns(sheet.line));
    // A comma may follow.
    const pieces = fitsHere ? [node.text] : node.pieces(width - columns(sheet.line), width - command.column - 1);
    sheet.stack.push({ ...command, document: pieces.map((piece, index): Document => (index === 0 ? piece : [HARD, piece])) });
  } else sheet.stack.push(inner(node, command));
}

function pushAll(stack: Command[], nodes: readonly Document[], command: Command): void {
  for (let index = nodes.length - 1; index >= 0; index--) stack.push({ ...command, document: nodes[index] ?? "" });
}

function inner(node: Extract<Document, { readonly kind: "indent" | "if-broken" }>, command: Command): Command {
  if (node.kind === "indent") return { ...command, document: node.body, column: node.when?.broken === false ? command.column : command.column + 4 };
  const broken = node.of?.broken ?? command.broken;
  return { ...command, document: broken ? node.body : (node.flat ?? "") };
}

/** Whether what is measured, and what follows up to the next line that may break, fits behind `used` columns of `width`. */
function fits(measured: Command[], rest: readonly Command[], width: number, used: number): boolean {
  let left = width - used;
  let next = rest.length;
  for (;;) {
    const command = measured.pop() ?? rest[--next];
    if (command === undefined) return true;
    const { document: node, all } = command;
    if (typeof node === "string") {
      left -= columns(node);
      if (left < 0 && !all) return false;
    } else if (!("kind" in node)) pushAll(measured, node, command);
    else if (node.kind === "line") {
      if (command.broken || node.how === "hard") {
        if (!all) return true;
        left = width - command.column;
      } else if (node.how === "space") {
        left -= 1;
        if (left < 0 && !all) return false;
      }
    } else if (node.kind === "group") {
      if (node.when?.broken !== false && node.id !== undefined) node.id.broken = command.broken;
      measured.push({ ...command, document: node.body });
    } else if (node.kind === "best-fit" || node.kind === "pieces") measured.push({ ...command, document: node.text });
    else if (node.kind === "sheer") measured.push(node.of.broken ? { ...command, document: node.body } : { ...command, document: node.body, broken: true, all: true });
    else measured.push(inner(node, command));
  }
}

/** Columns of a line: the package's `pyproject.toml` tells ruff. */
export const LINE_WIDTH = 120;
