import type { RunEvent } from "./run.ts";

/**
 * One event that came for a workflow. It is in the store before whoever brought it hears that it was taken; then it starts a run, or it
 * is said why it does not.
 */
export interface Arrival {
  readonly workflow: string;
  /** Which of its triggers, as a text that edits of the others leave alone: `every 10m`, `cron 0 2 * * * UTC`. */
  readonly trigger: string;
  /** Tells it from the others of this trigger: the planned time of a schedule. The second one of an id is the first one. */
  readonly id: string;
  readonly event: RunEvent;
  /** Runs of a workflow with the same key do not overlap; empty where the trigger names none. */
  readonly key: string;
  /** What becomes of it while a run with its key is going on. */
  readonly overlap: "queue" | "skip" | "replace";
  /** A sweep visits everything, and is never skipped. */
  readonly sweep: boolean;
  /** It starts a run of its own, also when a later one of the same trigger came before it could: messages do, times and changes only where each counts. */
  readonly each: boolean;
  readonly arrivedAt: number;
  /** It starts nothing before. */
  readonly dueAt: number;
  readonly status: "waiting" | "started" | "dropped";
  /** The run that it started; null while it has not. */
  readonly runId: string | null;
  /** Why it was dropped; null when it was not. */
  readonly why: string | null;
}
