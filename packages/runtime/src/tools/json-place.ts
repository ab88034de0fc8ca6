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
  const scanner: Scanner = { text, at: 0, path, found: 0, depthFound: -1, repeated: null };
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

/** The offset of the first name that its object has already, and the name; null when there is none. The text is JSON, as `parseExact` reads it. */
export function repeatedName(text: string): { readonly offset: number; readonly name: string } | null {
  const scanner: Scanner = { text, at: 0, path: [], found: 0, depthFound: -1, repeated: null };
  scanValue(scanner, 0, false);
  return scanner.repeated;
}

interface Scanner {
  readonly text: string;
  at: number;
  readonly path: JsonPath;
  found: number;
  depthFound: number;
  repeated: { readonly offset: number; readonly name: string } | null;
}

/** Unwinds the scan; never leaves this file. */
const FAULT = Symbol("not JSON");
const SCALAR = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** `on`: everything above matched the path so far, which has `depth` more segments used. */
function scanValue(scanner: Scanner, depth: number, on: boolean): void {
  skipSpace(scanner);
  if (on) note(scanner, depth, scanner.at);
  const first = scanner.text[scanner.at];
  if (first === "{") scanMembers(scanner, depth, on);
  else if (first === "[") scanItems(scanner, depth, on);
  else if (first === '"') takeString(scanner);
  else takeScalar(scanner);
}

function scanMembers(scanner: Scanner, depth: number, on: boolean): void {
  scanner.at++;
  if (ends(scanner, "}")) return;
  const names = new Set<string>();
  do {
    skipSpace(scanner);
    const start = scanner.at;
    const name = JSON.parse(takeString(scanner)) as string;
    if (names.has(name)) scanner.repeated ??= { offset: start, name };
    names.add(name);
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

function takeScalar(scanner: Scanner): void {
  SCALAR.lastIndex = scanner.at;
  if (!SCALAR.test(scanner.text)) throw FAULT;
  scanner.at = SCALAR.lastIndex;
}

/** By hand: a pattern for all of it would keep a way back for each of millions of escapes. */
function takeString(scanner: Scanner): string {
  const { text, at: start } = scanner;
  if (text[start] !== '"') throw FAULT;
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 0x20) break;
    if (code === 0x22) {
      scanner.at = at + 1;
      return text.slice(start, scanner.at);
    }
    if (code !== 0x5c) continue;
    ESCAPE.lastIndex = at;
    if (!ESCAPE.test(text)) break;
    at = ESCAPE.lastIndex - 1;
  }
  throw FAULT;
}

/** The character just passed is not JSON. */
function fail(scanner: Scanner): never {
  scanner.at--;
  throw FAULT;
}

function skipSpace(scanner: Scanner): void {
  while (" \t\n\r".includes(scanner.text[scanner.at] ?? "x")) scanner.at++;
}
