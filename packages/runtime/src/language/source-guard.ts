import type { Diagnostic } from "../base/index.ts";
import { fileFault } from "./faults.ts";

const MAX_BYTES = 1_048_576;
/** Deeper than any module a person wrote; shallow enough for every recursive reader behind us. */
const MAX_NESTING = 100;
/** `async (a = async (b = …` */
const MAX_ASYNC_NESTING = 8;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** Looks at a text before any parser does: its size, its characters, how deep its brackets go. Null when it may be read. */
export function guardSource(file: string, source: string): Diagnostic | null {
  if (source.length > MAX_BYTES || new TextEncoder().encode(source).length > MAX_BYTES) {
    return fileFault(file, "SOURCE_TOO_LARGE", `${file} is larger than 1 MiB.`, "Keep data out of the module: read it with a tool, or pass it as an input.");
  }
  const odd = source.includes("\0") ? source.indexOf("\0") : source.search(LONE_SURROGATE);
  if (odd >= 0) {
    const { line, column } = lineAndColumn(source, odd);
    return fileFault(file, "SOURCE_NOT_TEXT", `${file} contains ${source[odd] === "\0" ? "a NUL character" : "half of a surrogate pair"}.`, "Save the file as UTF-8 text.", line, column);
  }
  const deep = deepBracket(source);
  return deep === null ? null : tooDeep(file, ...deep);
}

/** What a module gets that makes a recursive reader run out of stack. */
export function tooDeep(file: string, line = 1, column = 1): Diagnostic {
  return fileFault(file, "SOURCE_TOO_DEEP", `${file} nests more deeply than can be read.`, "Split the deepest expression into constants, or a long chain into steps.", line, column);
}

/**
 * Where brackets go too deep: all of them, or those behind `async`. The parser tries `async (…)` both as a call and as an
 * arrow, so that each such bracket inside another one doubles its work.
 */
function deepBracket(source: string): [line: number, column: number] | null {
  const open: boolean[] = [];
  let async = false;
  let asyncDepth = 0;
  for (const { 0: token, index } of source.matchAll(/\basync\b|[()[\]{};]/g)) {
    if (token === "async") async = true;
    else if (token === "(" || token === "[" || token === "{") {
      const counts = token === "(" && async;
      open.push(counts);
      if (counts) asyncDepth += 1;
      async = false;
    } else {
      if (token !== ";" && open.pop() === true) asyncDepth -= 1;
      async = false;
    }
    if (open.length > MAX_NESTING || asyncDepth > MAX_ASYNC_NESTING) {
      const { line, column } = lineAndColumn(source, index);
      return [line, column];
    }
  }
  return null;
}

function lineAndColumn(source: string, offset: number): { line: number; column: number } {
  const before = source.slice(0, offset).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
