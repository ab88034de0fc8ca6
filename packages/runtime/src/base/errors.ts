import type { ErrorCode } from "./error-codes.ts";

const BRAND = Symbol.for("offstage.error");

/** What an {@link OffstageError} is made of besides its code and message. */
export interface ErrorDetails {
  /** What to do next, in one sentence; shown under the message. */
  readonly hint?: string;
  /** What led to this error. */
  readonly cause?: unknown;
}

/**
 * The one thrown error of Offstage. `code` is stable and is what callers switch on; `message` says what happened and
 * where; `hint` says what to do. Recognise it with {@link isOffstageError}, never with `instanceof`: two copies of the
 * package may live in one process.
 */
export class OffstageError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = "OffstageError";
    this.code = code;
    this.hint = details.hint;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/** True for an {@link OffstageError} of any copy of the package. */
export function isOffstageError(value: unknown): value is OffstageError {
  return typeof value === "object" && value !== null && BRAND in value;
}

/** An error as it is stored and as a workflow's `catch` sees it: plain data. */
export interface ErrorData {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  /** In what is stored of a run: the key of the step that failed, as far as one did. */
  readonly step?: string;
  /** In what is stored of a run: where that step, or the statement that failed, stands in the text, `workflows/tickets.ts:18`. */
  readonly at?: string;
}

/** Turns anything thrown into plain data; what is not ours becomes `BUG`, keeping its message. */
export function toErrorData(thrown: unknown): ErrorData {
  if (isOffstageError(thrown)) {
    return { code: thrown.code, message: thrown.message, ...(thrown.hint === undefined ? {} : { hint: thrown.hint }) };
  }
  return { code: "BUG", message: thrown instanceof Error ? thrown.message : String(thrown) };
}
