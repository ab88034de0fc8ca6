import { RE2JS } from "re2js";
import { ALL, type CharSet, minus, TERMINATORS } from "./char-set.ts";
import { parseRegex, RegexFault, type RegexNode, type RegexSyntax } from "./syntax.ts";

/**
 * RE2 matches characters, JavaScript (without `u`) UTF-16 units; RE2's `m` knows one line terminator, JavaScript's four.
 * Both are bridged by the text: surrogates become private characters of plane 16, one each, and, where it matters, a
 * line terminator becomes `\n`, a private character that says which, `\n`. Real characters of that plane are surrogates
 * themselves before, so nothing is mistaken for anything.
 */
const SURROGATES = 0x100000;
const TERMINATOR_MARK = 0x10f800;
const TERMINATOR_UNITS = [0x0a, 0x0d, 0x2028, 0x2029] as const;

/** Nobody writes a longer one by hand. */
const MAX_SOURCE = 10_000;

/** A text as a program sees it. `back[i]` is the offset in the original, -1 in the middle of what one unit became; null: the same. */
export interface EncodedText {
  readonly text: string;
  readonly back: Int32Array | null;
  /** Offset in the original → offset here; null: the same. */
  readonly forth: Int32Array | null;
}

/** A compiled regular expression, without state. */
export interface RegexProgram {
  readonly syntax: RegexSyntax;
  encode(text: string): EncodedText;
  /** The RE2 program for an encoded text. */
  re2(encoded: EncodedText): RE2JS;
}

/** Compiles a regular expression literal. Throws {@link RegexFault} for what the language refuses. */
export function compileRegex(source: string, flags: string): RegexProgram {
  if (!/^[gims]*$/.test(flags) || new Set(flags).size !== flags.length) throw new RegexFault(`the flags ${flags}`);
  if (source.length > MAX_SOURCE) throw new RegexFault(`more than ${MAX_SOURCE} characters`);
  const syntax = parseRegex(source, flags);
  refuseStrangeTurns(syntax.root);
  const multiline = flags.includes("m") && /[\^$]/.test(source);
  const plain = build(syntax.root, multiline, false);
  let lines: RE2JS | null = null;
  const marked = new WeakSet<EncodedText>();
  return {
    syntax,
    encode(text) {
      const byLine = multiline && /[\r\u2028\u2029]/.test(text);
      const encoded = byLine || /[\ud800-\udfff]/.test(text) ? encodeText(text, byLine) : { text, back: null, forth: null };
      if (byLine) marked.add(encoded);
      return encoded;
    },
    re2(encoded) {
      if (!marked.has(encoded)) return plain;
      return (lines ??= build(syntax.root, multiline, true));
    },
  };
}

function build(root: RegexNode, multiline: boolean, marked: boolean): RE2JS {
  try {
    return RE2JS.compile(print(root, marked), multiline ? RE2JS.MULTILINE : 0);
  } catch (error) {
    throw new RegexFault((error as Error).message);
  }
}

function print(node: RegexNode, marked: boolean): string {
  switch (node.kind) {
    case "set":
      return printSet(node.set, marked);
    case "assert":
      return { start: "^", end: "$", word: "\\b", "not-word": "\\B" }[node.what];
    case "sequence":
      return node.parts.map((part) => print(part, marked)).join("");
    case "choice":
      return node.options.map((option) => print(option, marked)).join("|");
    case "group":
      return `${node.capture === null ? "(?:" : "("}${print(node.body, marked)})`;
    case "repeat": {
      const { min, max } = node;
      const bounds = max === Infinity ? (min === 0 ? "*" : min === 1 ? "+" : `{${min},}`) : min === 0 && max === 1 ? "?" : `{${min},${max}}`;
      return `${print(node.body, marked)}${bounds}${node.lazy ? "?" : ""}`;
    }
  }
}

/** One unit of the text, as RE2 source that a quantifier may follow. */
function printSet(set: CharSet, marked: boolean): string {
  if (!marked) return printClass(set);
  const marks = TERMINATOR_UNITS.flatMap((unit, index) => (set.some(([low, high]) => low <= unit && unit <= high) ? [char(TERMINATOR_MARK + index)] : []));
  if (marks.length === 0) return printClass(set);
  const rest = minus(set, TERMINATORS);
  const line = `\\n[${marks.join("")}]\\n`;
  return rest.length === 0 ? `(?:${line})` : `(?:${printClass(rest)}|${line})`;
}

function printClass(set: CharSet): string {
  if (set.length === 0) return "[^\\x{0}-\\x{10FFFF}]";
  const [first, second] = set;
  if (set.length === 1 && first !== undefined && first[0] === first[1]) return printUnit(first[0]);
  if (set.length === 2 && first !== undefined && second !== undefined && isLetterPair(first, second)) return `(?i:${String.fromCharCode(first[0])})`;
  if (set.length === 1 && first !== undefined && first[0] === ALL[0]?.[0] && first[1] === ALL[0][1]) return "(?s:.)";
  return `[${set.flatMap(([low, high]) => printRange(low, high)).join("")}]`;
}

/** An ASCII letter in both cases, for RE2's faster way; not k and s, which its `i` takes further than JavaScript's. */
function isLetterPair(a: readonly [number, number], b: readonly [number, number]): boolean {
  const letter = String.fromCharCode(a[0]);
  return a[0] === a[1] && b[0] === b[1] && /[A-JL-RT-Z]/.test(letter) && b[0] === (a[0] | 0x20);
}

function printUnit(unit: number): string {
  const plain = String.fromCharCode(unit);
  return /[A-Za-z0-9 _]/.test(plain) ? plain : char(moved(unit));
}

function printRange(low: number, high: number): readonly string[] {
  const parts: string[] = [];
  const add = (from: number, to: number, by: number): void => {
    if (from <= to) parts.push(from === to ? char(from + by) : `${char(from + by)}-${char(to + by)}`);
  };
  add(low, Math.min(high, 0xd7ff), 0);
  add(Math.max(low, 0xd800), Math.min(high, 0xdfff), SURROGATES - 0xd800);
  add(Math.max(low, 0xe000), high, 0);
  return parts;
}

function moved(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit - 0xd800 + SURROGATES : unit;
}

function char(code: number): string {
  return `\\x{${code.toString(16)}}`;
}

function encodeText(text: string, byLine: boolean): EncodedText {
  const parts: string[] = [];
  const back: number[] = [];
  const forth = new Int32Array(text.length + 1);
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const terminator = byLine ? (TERMINATOR_UNITS as readonly number[]).indexOf(unit) : -1;
    const part = terminator >= 0 ? `\n${String.fromCodePoint(TERMINATOR_MARK + terminator)}\n` : String.fromCodePoint(moved(unit));
    parts.push(part);
    forth[index] = back.length;
    back.push(index);
    for (let more = 1; more < part.length; more++) back.push(-1);
  }
  forth[text.length] = back.length;
  back.push(text.length);
  return { text: parts.join(""), back: Int32Array.from(back), forth };
}

/**
 * JavaScript and RE2 disagree about turns of a repetition that match nothing, and about what a turn leaves in its groups: in
 * JavaScript each turn forgets what its groups captured, and a turn past the least number that matches nothing is undone, so
 * that the next way is tried. Where that could be seen the pattern is refused.
 */
function refuseStrangeTurns(node: RegexNode): void {
  if (node.kind === "repeat" && node.max > node.min && mayBeEmpty(node.body)) {
    if (hasCapture(node.body)) throw new RegexFault("a group inside a repetition whose turn may match nothing: repeat a (?:…) and capture around it");
    if (mayPreferNothing(node.body)) throw new RegexFault("a repetition whose turn may rather match nothing: leave the inner ? or the empty option out");
  }
  if (node.kind === "repeat" && node.max > 1 && hasCapture(node.body) && (mayBeEmpty(node.body) || mayLeaveOut(node.body))) {
    throw new RegexFault("a group that a repetition may leave out: repeat a (?:…) and capture around it");
  }
  for (const child of childrenOf(node)) refuseStrangeTurns(child);
}

/** True when a way to match nothing may be tried before one to match something. */
function mayPreferNothing(node: RegexNode): boolean {
  if (node.kind === "repeat" && node.lazy && node.max > node.min) return true;
  if (node.kind === "choice" && node.options.slice(0, -1).some(mayBeEmpty)) return true;
  return childrenOf(node).some(mayPreferNothing);
}

function childrenOf(node: RegexNode): readonly RegexNode[] {
  switch (node.kind) {
    case "sequence": return node.parts;
    case "choice": return node.options;
    case "group":
    case "repeat": return [node.body];
    default: return [];
  }
}

function hasCapture(node: RegexNode): boolean {
  return (node.kind === "group" && node.capture !== null) || childrenOf(node).some(hasCapture);
}

function mayLeaveOut(node: RegexNode): boolean {
  if (node.kind === "choice" && node.options.some(hasCapture)) return true;
  if (node.kind === "repeat" && node.min === 0 && hasCapture(node.body)) return true;
  return childrenOf(node).some(mayLeaveOut);
}

function mayBeEmpty(node: RegexNode): boolean {
  switch (node.kind) {
    case "set": return false;
    case "assert": return true;
    case "sequence": return node.parts.every(mayBeEmpty);
    case "choice": return node.options.some(mayBeEmpty);
    case "group": return mayBeEmpty(node.body);
    case "repeat": return node.min === 0 || mayBeEmpty(node.body);
  }
}
