/** Where something stands in a text. Counts from 1; columns in UTF-16 units, as editors do. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A way into a JSON document: member names and indices. */
export type JsonPath = readonly (string | number)[];

/** The place of an offset in a text. */
export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  return { line: before.split("\n").length, column: offset - before.lastIndexOf("\n") };
}

/**
 * The offset at which `path` stands in a JSON text: of a member its name, of an item its first character. A path that
 * does not exist gives its nearest ancestor. `fault` is the offset of what is not JSON, when there is such a thing before
 * the path was found. The text nests no deeper than `parseExact` allows.
 */
export function locate(text: string, path: JsonPath): { readonly offset: number; readonly fault: boolean } {
  const scanner: Scanner = { text, at: 0, path, found: 0, depthFound: -1 };
  try {
    scanValue(scanner, 0, true);
    skipSpace(scanner);
    if (scanner.at < text.length) throw FAULT;
  } catch (error) {
    if (error !== FAULT) throw error;
    return { offset: Math.min(scanner.at, text.length), fault: true };
  }
  return { offset: scanner.found, fault: false };
}

interface Scanner {
  readonly text: string;
  at: number;
  readonly path: JsonPath;
  found: number;
  depthFound: number;
}

/** Unwinds the scan; never leaves this file. */
const FAULT = Symbol("not JSON");
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;

/** `on`: everything above matched the path so far, which has `depth` more segments used. */
function scanValue(scanner: Scanner, depth: number, on: boolean): void {
  skipSpace(scanner);
  if (on) note(scanner, depth, scanner.at);
  const first = scanner.text[scanner.at];
  if (first === "{") scanMembers(scanner, depth, on);
  else if (first === "[") scanItems(scanner, depth, on);
  else take(scanner, first === '"' ? STRING : SCALAR);
}

function scanMembers(scanner: Scanner, depth: number, on: boolean): void {
  scanner.at++;
  if (ends(scanner, "}")) return;
  do {
    skipSpace(scanner);
    const start = scanner.at;
    const name = JSON.parse(take(scanner, STRING)) as string;
    skipSpace(scanner);
    if (scanner.text[scanner.at++] !== ":") fail(scanner);
    const here = on && scanner.path[depth] === name;
    scanValue(scanner, depth + 1, here);
    if (here) note(scanner, depth + 1, start, true);
  } while (goesOn(scanner, "}"));
}

function scanItems(scanner: Scanner, depth: number, on: boolean): void {
  scanner.at++;
  if (ends(scanner, "]")) return;
  let index = 0;
  do {
    scanValue(scanner, depth + 1, on && scanner.path[depth] === index++);
  } while (goesOn(scanner, "]"));
}

function note(scanner: Scanner, depth: number, offset: number, again = false): void {
  if (depth > scanner.depthFound || (again && depth === scanner.depthFound)) {
    scanner.depthFound = depth;
    scanner.found = offset;
  }
}

function goesOn(scanner: Scanner, close: string): boolean {
  if (ends(scanner, close)) return false;
  if (scanner.text[scanner.at++] !== ",") fail(scanner);
  return true;
}

function ends(scanner: Scanner, close: string): boolean {
  skipSpace(scanner);
  if (scanner.text[scanner.at] !== close) return false;
  scanner.at++;
  return true;
}

function take(scanner: Scanner, pattern: RegExp): string {
  pattern.lastIndex = scanner.at;
  const match = pattern.exec(scanner.text);
  if (match === null) throw FAULT;
  scanner.at = pattern.lastIndex;
  return match[0];
}

/** The character just passed is not JSON. */
function fail(scanner: Scanner): never {
  scanner.at--;
  throw FAULT;
}

function skipSpace(scanner: Scanner): void {
  while (" \t\n\r".includes(scanner.text[scanner.at] ?? "x")) scanner.at++;
}
