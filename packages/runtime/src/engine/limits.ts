import { depthLimit, sizeLimit } from "./failure.ts";

/** Interpreter steps between two calls. */
export const FUEL = 10_000_000;
/** Nested calls, and levels of a value. */
export const MAX_DEPTH = 256;
/** UTF-16 units of a text, and characters of a value's JSON: 10 MiB. */
export const MAX_SIZE = 10 * 1024 * 1024;
/** Members of a list, map or set: 10 MiB of references. */
export const MAX_LENGTH = MAX_SIZE / 8;

/** Passes a text that is about to be made, or ends the run with LIMIT_SIZE. */
export function checkSize(length: number, what: string): void {
  if (length > MAX_SIZE) throw sizeLimit(what);
}

/** The same for the length of a list, map or set. */
export function checkLength(length: number, what: string): void {
  if (length > MAX_LENGTH) throw sizeLimit(what);
}

export function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) throw depthLimit();
}
