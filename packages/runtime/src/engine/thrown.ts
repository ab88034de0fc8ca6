import { ERROR_CODES, type ErrorCode, OffstageError } from "../base/index.ts";
import { typeError, UnknownThrow } from "./failure.ts";
import { article, getOwn, isPlainObject } from "./kinds.ts";
import { Unknown, type Value } from "./value.ts";

/** `throw error` again in a handler: the same code and message; anything else is no error of the language. */
export function thrownFrom(value: Value): Error {
  if (value instanceof Unknown) return new UnknownThrow(value);
  if (isPlainObject(value)) {
    const code = getOwn(value, "code");
    const message = getOwn(value, "message");
    if (code instanceof Unknown || message instanceof Unknown) return new UnknownThrow((code instanceof Unknown ? code : message) as Unknown);
    if (typeof code === "string" && typeof message === "string") return new OffstageError(Object.hasOwn(ERROR_CODES, code) ? (code as ErrorCode) : "FAILED", message);
  }
  return typeError(`Only fail() and a caught error can be thrown, not ${article(value)}.`);
}

/** What a handler sees. */
export function errorValue(error: unknown): Value {
  if (error instanceof UnknownThrow) return error.value;
  return Object.freeze({ code: (error as { readonly code: string }).code, message: (error as Error).message });
}
