import { createHash } from "node:crypto";

/**
 * The trace of a run, and the span of the whole run in it: made from the run's id, so that a run that was parked or killed goes on in its trace, whichever process drives it, without
 * anything being kept. Hex, as W3C Trace Context has them.
 */
export function traceIdOf(runId: string): string {
  return hashOf("trace", runId).slice(0, 32);
}

/** See {@link traceIdOf}. */
export function rootSpanIdOf(runId: string): string {
  return hashOf("run", runId).slice(0, 16);
}

/** A trace and a span in one text (W3C Trace Context, "traceparent Header"). */
export function traceParent({ traceId, spanId, traceFlags }: { readonly traceId: string; readonly spanId: string; readonly traceFlags: number }): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
}

/** null: it is none. All zeros are no id. */
export function readTraceParent(text: string): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number } | null {
  const [, traceId = "", spanId = "", flags = ""] = /^00-([\da-f]{32})-([\da-f]{16})-([\da-f]{2})$/.exec(text) ?? [];
  return /[^0]/.test(traceId) && /[^0]/.test(spanId) ? { traceId, spanId, traceFlags: Number.parseInt(flags, 16) } : null;
}

function hashOf(what: string, runId: string): string {
  return createHash("sha256").update(`offstage ${what} ${runId}`).digest("hex");
}
