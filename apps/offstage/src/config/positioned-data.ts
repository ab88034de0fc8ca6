import type { Diagnostic } from "offstage/base";
import { isAlias, isMap, isNode, isPair, isScalar, isSeq, LineCounter, parseDocument, visit } from "yaml";
import { configFault, type Place, START } from "./read-document.ts";

/** Data of a YAML or JSON document, with the places of its parts. */
export interface PositionedData {
  readonly data: unknown;
  /** The place of the value at a path, or of the nearest part around it that exists. */
  placeOf(path: readonly PropertyKey[]): Place;
}

export type ParsedData = { readonly ok: true; readonly document: PositionedData } | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

/** Deeper is no config, and parsers recurse. */
const MAX_DEPTH = 40;

/**
 * Reads YAML 1.2. JSON is read by the same parser, because that is what knows places; a JSON text that YAML sees otherwise
 * (tabs) is made the same first. Duplicate keys, anchors and merge keys are refused: a config says what it says.
 */
export function parsePositioned(text: string, file: string): ParsedData {
  const lines = new LineCounter();
  const fail = (offset: number, message: string, hint?: string): ParsedData => ({ ok: false, diagnostics: [configFault(file, placeIn(lines, offset), message, hint)] });
  const deep = tooDeepAt(text);
  if (deep !== null) {
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) lines.addNewLine(at + 1);
    return fail(deep, `Nested more than ${MAX_DEPTH} levels deep.`);
  }
  // The parser's own check of duplicate keys takes seconds on a large map; ours is below.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false, version: "1.2" });
  const errors = document.errors.slice(0, 20);
  if (errors.length > 0) return { ok: false, diagnostics: errors.map((error) => configFault(file, placeIn(lines, error.pos[0]), withoutQuote(error.message))) };
  const odd = findOddity(document.contents);
  if (odd !== null) return fail(odd.offset, odd.message);
  return { ok: true, document: { data: document.toJS() ?? null, placeOf: (path) => placeIn(lines, offsetOf(document.contents, path)) } };
}

/** The parser quotes what it does not understand, which may be a literal secret, or the half of one. */
function withoutQuote(message: string): string {
  return message.replace(/(?<=\w): .*$|(?<=escape sequence|Unknown directive|YAML version|, so) .*$/s, "").replace(/^The .* tag has/s, "The tag has");
}

function placeIn(lines: LineCounter, offset: number): Place {
  const { line, col } = lines.linePos(offset);
  return line === 0 ? START : { line, column: col };
}

/** Brackets and indentation bound the depth of any YAML from above, before anything recurses. */
function tooDeepAt(text: string): number | null {
  let brackets = 0;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (char === "[" || char === "{") brackets++;
    else if (char === "]" || char === "}") brackets = Math.max(0, brackets - 1);
    if (brackets > MAX_DEPTH) return at;
  }
  const nested = /^(?:[ ]*(?:- |\? )){41}/m.exec(text) ?? /^ {400}/m.exec(text);
  return nested?.index ?? null;
}

function findOddity(contents: unknown): { readonly offset: number; readonly message: string } | null {
  let found: { offset: number; message: string } | null = null;
  if (!isNode(contents)) return null;
  visit(contents, {
    Alias: (_key, node) => {
      found = { offset: node.range?.[0] ?? 0, message: "Aliases (*name) are not supported here." };
      return visit.BREAK;
    },
    Map: (_key, node) => {
      const seen = new Set<string>();
      for (const pair of node.items) {
        const key = isScalar(pair.key) ? String(pair.key.value) : null;
        const offset = isNode(pair.key) ? (pair.key.range?.[0] ?? 0) : 0;
        if (key === null) found = { offset, message: "A key has to be plain text." };
        else if (seen.has(key)) found = { offset, message: `The key "${key}" occurs twice.` };
        else if (key === "__proto__" || key === "<<") found = { offset, message: `The key "${key}" is not supported.` };
        else seen.add(key);
        if (found !== null) return visit.BREAK;
      }
      return undefined;
    },
  });
  return found;
}

function offsetOf(contents: unknown, path: readonly PropertyKey[]): number {
  let node: unknown = contents;
  let offset = rangeStart(node);
  for (const step of path) {
    const next = childOf(node, step);
    if (next === undefined) break;
    offset = next.offset;
    node = next.node;
  }
  return offset;
}

/** A fault of a member is shown at its key. */
function childOf(node: unknown, step: PropertyKey): { readonly node: unknown; readonly offset: number } | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => isPair(item) && isScalar(item.key) && String(item.key.value) === String(step));
    return pair === undefined ? undefined : { node: pair.value, offset: rangeStart(pair.key) };
  }
  const item: unknown = isSeq(node) && typeof step === "number" ? node.items[step] : undefined;
  return item === undefined ? undefined : { node: item, offset: rangeStart(item) };
}

function rangeStart(node: unknown): number {
  return isNode(node) && !isAlias(node) ? (node.range?.[0] ?? 0) : 0;
}
