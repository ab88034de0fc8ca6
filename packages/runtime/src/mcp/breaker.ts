import { backOffMs, type ErrorData, OffstageError } from "../base/index.ts";

/**
 * What a server's failures in a row mean for the next call. A value; the pool keeps the newest, for servers of either kind.
 * `open`: calls fail at once. `trial`: one call tries whether it is well; all others fail at once.
 */
export type BreakerState =
  | { readonly kind: "closed"; readonly row: FailureRow | null }
  | { readonly kind: "open"; readonly row: FailureRow; readonly until: number; readonly openings: number }
  | { readonly kind: "trial"; readonly row: FailureRow; readonly startedAt: number; readonly openings: number };

/** Failures with no answer between them. Instants in ms. */
export interface FailureRow {
  readonly count: number;
  readonly since: number;
  readonly lastAt: number;
  readonly last: ErrorData;
}

/** No failure yet. */
export const CLOSED: BreakerState = { kind: "closed", row: null };

const FAILURES = 5;
/** Failures within so long are one event: many callers see a server die, or start anew, within a moment. Ms. */
const ONE_EVENT_MS = 1_000;
const OPEN = { firstMs: 10_000, longestMs: 300_000 };
/** A trial whose end nobody told is over after that. Ms. */
const TRIAL_MS = 120_000;

/** Whether a call may be made now: it may, it may as the one trial, or it may not before `until` (null: when the trial is over). */
export type Admission = { readonly kind: "pass" | "trial" } | { readonly kind: "refuse"; readonly row: FailureRow; readonly until: number | null };

/** See {@link Admission}. */
export function admit(state: BreakerState, now: number): Admission {
  switch (state.kind) {
    case "closed":
      return { kind: "pass" };
    case "open":
      return now >= state.until ? { kind: "trial" } : { kind: "refuse", row: state.row, until: state.until };
    case "trial":
      return now >= state.startedAt + TRIAL_MS ? { kind: "trial" } : { kind: "refuse", row: state.row, until: null };
  }
}

/** The trial is under way. */
export function beginTrial(state: BreakerState, now: number): BreakerState {
  return state.kind === "closed" ? state : { kind: "trial", row: state.row, startedAt: now, openings: state.openings };
}

/** The server answered, whatever it said. */
export function afterAnswer(state: BreakerState): BreakerState {
  return state === CLOSED || (state.kind === "closed" && state.row === null) ? state : CLOSED;
}

/** A trial ended and tells nothing, being cancelled: the next call is one. */
export function afterNothing(state: BreakerState, now: number): BreakerState {
  return state.kind === "trial" ? { kind: "open", row: state.row, until: now, openings: state.openings } : state;
}

/**
 * A start, a connection or a call failed that began at `begunAt`. What was under way at the last failure failed with it, and what follows
 * within a moment is more of the same: a server that dies under a hundred calls has failed once.
 */
export function afterFailure(state: BreakerState, error: ErrorData, begunAt: number, now: number): BreakerState {
  if (state.row !== null && state.kind === "closed" && (begunAt < state.row.lastAt || now < state.row.lastAt + ONE_EVENT_MS)) return state;
  const row: FailureRow = { count: (state.row?.count ?? 0) + 1, since: state.row?.since ?? now, lastAt: now, last: error };
  switch (state.kind) {
    case "closed":
      return row.count < FAILURES ? { kind: "closed", row } : { kind: "open", row, until: now + backOffMs(1, OPEN), openings: 1 };
    case "open":
      // A call that was admitted before it opened tells nothing new.
      return now < state.until ? state : { kind: "open", row, until: now + backOffMs(state.openings + 1, OPEN), openings: state.openings + 1 };
    case "trial":
      return begunAt < state.startedAt ? state : { kind: "open", row, until: now + backOffMs(state.openings + 1, OPEN), openings: state.openings + 1 };
  }
}

/** Codes by which a server itself failed, rather than a tool of it, a login or whoever asks. */
const OWN_FAILURES: ReadonlySet<string> = new Set(["SERVER_START", "SERVER_EXITED", "SERVER_GARBAGE", "SERVER_TIMEOUT", "SERVER_UNREACHABLE"]);

/** What a failure says of the server: it failed, it answered (and so is well), or neither. `status` is of HTTP. */
export function verdictOf(error: ErrorData, status: number | undefined): "failed" | "answered" | "neither" {
  if (OWN_FAILURES.has(error.code)) return "failed";
  if (error.code === "SERVER_PROTOCOL") return "answered";
  if (error.code !== "SERVER_REFUSED") return "neither";
  return status !== undefined && status >= 500 ? "failed" : "answered";
}

/** Why a call was not made. */
export function breakerOpen(server: string, { row, until }: Extract<Admission, { readonly kind: "refuse" }>): OffstageError {
  const when = until === null ? "one call is trying it now" : `it is tried again from ${timeOf(until)}`;
  return new OffstageError("SERVER_AILING", `The MCP server "${server}" has failed ${row.count} times in a row since ${timeOf(row.since)} and is left alone: ${when}. The last failure: ${row.last.message}`, {
    hint: `Nothing was sent. Its log says more; \`offstage servers ${server}\` tries it.`,
  });
}

function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
