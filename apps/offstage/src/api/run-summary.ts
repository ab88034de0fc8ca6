import { shorten } from "offstage/base";
import type { Run } from "offstage/model";
import type { z } from "zod";
import type { runSummary } from "./shapes.ts";

/** More of an error says the run itself. UTF-16 units. */
const SHOWN = 1_000;

/** A run as lists and live events tell it: without what it was told and what it made, which may be large. */
export function summaryOf({ id, rootRunId, workflow, phase, status, sweep, createdAt, startedAt, endedAt, error, event, counts, held, ambiguous, failures, waits }: Run): z.output<typeof runSummary> {
  return {
    id, rootRunId, workflow, phase, status, sweep, createdAt, startedAt, endedAt, cause: event.kind,
    error: error === null ? null : { ...error, message: shorten(error.message, SHOWN) },
    calls: counts.calls, writes: counts.writes, held: held.length, ambiguous: ambiguous.length, failures: failures.length, waits: waits.length,
  };
}
