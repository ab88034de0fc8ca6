import { OffstageError } from "./errors.ts";

/** Any value that JSON can carry. Objects are read-only: nothing in Offstage edits a value in place. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json;
}

/** JSON as it comes from a server: integers beyond 2^53-1 are {@link UnsafeInteger}s. */
export type Data = null | boolean | number | string | UnsafeInteger | readonly Data[] | { readonly [key: string]: Data };

/**
 * An integral number beyond 2^53-1, which a JavaScript number cannot hold exactly. It may be carried, stored and shown;
 * *using* it (argument, key, template, comparison, hash, state) is `UNSAFE_INTEGER` (LANGUAGE.md §7). `digits` is exact
 * when our own reader saw the text, and `null` when a library had already rounded it.
 */
export class UnsafeInteger {
  readonly digits: string | null;
  constructor(digits: string | null) {
    this.digits = digits;
    Object.freeze(this);
  }

  /** What JavaScript asks for a text, a number or a comparison of it: there is none. */
  [Symbol.toPrimitive](): never {
    throw unsafeInteger(this);
  }

  /** `JSON.stringify` writes the digits as the number they are; without digits there is nothing true to write. */
  toJSON(): object {
    if (this.digits === null) throw unsafeInteger(this);
    return RawJson.rawJSON(this.digits);
  }
}

/** The error for every use of a poisoned integer. */
export function unsafeInteger(value: UnsafeInteger): OffstageError {
  return new OffstageError("UNSAFE_INTEGER", `The integer ${value.digits ?? "(already rounded by a library)"} is beyond 2^53-1 and cannot be used exactly.`, {
    hint: "Use another field of the result, such as an id that is a string.",
  });
}

/** ES2026 names that TypeScript's library does not have yet. */
export const RawJson = JSON as typeof JSON & {
  rawJSON(text: string): object;
  parse(text: string, reviver: (this: unknown, key: string, value: unknown, context: { readonly source?: string }) => unknown): unknown;
};
