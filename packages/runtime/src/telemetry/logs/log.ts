import type { Json, Redactor } from "../../base/index.ts";
import type { Observed } from "../observed.ts";
import type { Severity } from "./log-record.ts";

/** Records for machines: JSON, one line each, by the field names of OpenTelemetry's log data model. */
export interface LogRecorder {
  /** `body`: the words for people. What is only counted is not logged. */
  observed(observed: Observed, body: string): void;
  /** Whatever else is said. */
  note(severity: Severity, event: string, body: string, attributes?: { readonly [name: string]: Json }): void;
}

/** What a log needs. */
export interface LogOptions {
  /** A record, without the end of its line. */
  readonly write: (line: string) => void;
  /** Ms since the epoch. */
  readonly now: () => number;
  readonly redactor: Pick<Redactor, "redact" | "redactData">;
  readonly resource: { readonly name: string; readonly version: string };
  /** The trace of a run, in hex; null where runs are not traced. */
  readonly traceOf: (runId: string) => string | null;
}
