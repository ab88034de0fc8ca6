import { type Data, type ErrorCode, isOffstageError, OffstageError, type Redactor } from "offstage/base";
import { failureOf } from "../errors.ts";
import { jsonResponse } from "./json-response.ts";

/** An error with a status of its own. */
export class ApiError extends OffstageError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: ErrorCode, message: string, { hint, headers = {} }: { readonly hint?: string; readonly headers?: Readonly<Record<string, string>> } = {}) {
    super(code, message, hint === undefined ? {} : { hint });
    this.status = status;
    this.headers = headers;
  }
}

const STATUSES: { readonly [code in ErrorCode]?: number } = {
  USAGE: 400, EVENT_INVALID: 400,
  ANSWER_NOT_ALLOWED: 403,
  RUN_UNKNOWN: 404, WORKFLOW_NOT_FOUND: 404, EFFECT_UNKNOWN: 404, REQUEST_UNKNOWN: 404,
  EFFECT_IN_FLIGHT: 409,
  INPUT_INVALID: 422, SECRET_IN_INPUT: 422, IDEMPOTENCY_KEY_REUSED: 422, VALUE_INVALID: 400,
};
const TITLES: { readonly [status: number]: string } = {
  400: "Bad request", 401: "Token needed", 403: "Not allowed", 404: "Not found", 405: "Method not allowed", 409: "Conflict", 413: "Too large", 415: "Not JSON", 422: "Not as it has to be", 500: "Mistake of ours", 503: "Not now",
};

/** Anything that was thrown, as problem details (RFC 9457), redacted. What we did not throw says no more than that it is ours: it may quote anything. */
export function problemOf(thrown: unknown, redactor: Redactor): Response {
  const { code, message, hint } = failureOf(thrown);
  const status = statusOf(thrown, code);
  const detail = status === 500 ? "This is a mistake of ours." : message;
  const problem = { type: `urn:offstage:error:${code}`, title: TITLES[status] ?? "Failed", status, detail, code, ...(hint === undefined || status === 500 ? {} : { hint }) };
  const headers = thrown instanceof ApiError ? thrown.headers : status === 503 ? { "retry-after": "5" } : {};
  return jsonResponse(status, redactor.redactData(problem as Data), { ...headers, "content-type": "application/problem+json" });
}

function statusOf(thrown: unknown, code: ErrorCode): number {
  if (thrown instanceof ApiError) return thrown.status;
  if (!isOffstageError(thrown)) return 500;
  return STATUSES[code] ?? (code.startsWith("STORE_") ? 503 : 500);
}
