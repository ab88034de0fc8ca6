import type { JsonObject } from "../base/index.ts";
import type { Plan, Run, RunEvent } from "../model/index.ts";
import type { Program } from "../program/index.ts";

/**
 * Where runs live: one process with a store (`hosts/embedded`), later a distributed engine. What a run may do is decided
 * below it, by the gate; how it goes on after a crash, by the journal.
 */
export interface RunHost {
  /** Starts a run, or hands it over to the process that drives the store. Resolves when the run is durable. */
  start(request: StartRequest): Promise<RunHandle>;
  /** Runs a program held at its writes; the plan is kept with its run. */
  plan(request: PlanRequest): Promise<{ readonly run: Run; readonly plan: Plan }>;
  /**
   * Continues a planned run as an apply; an apply that was interrupted goes on. `program` is the workflow as it is now.
   * Errors: `PLAN_UNKNOWN`, `PLAN_EXPIRED`, `PLAN_VOID`, `PLAN_APPLIED`.
   */
  apply(planId: string, program: Program): Promise<RunHandle>;
  /**
   * A run of the same root with the same program and event, and new reads: what a grant or a settled effect leads to. One that
   * is parked goes on itself, from where it is, as far as it can.
   */
  continue(runId: string): Promise<RunHandle>;
  /** Goes on with a run that is not at its end, as far as it can; one that is stays as it ended, also when it came there only just now. */
  resume(runId: string): Promise<RunHandle>;
  /** Stops new effects of a run that this process drives or waits for; one in flight settles. */
  cancel(runId: string): Promise<void>;
  /** The same for a run of any process: durable when this resolves, and noticed within a second by whoever drives it. Errors: `RUN_UNKNOWN`. */
  askToEnd(runId: string): Promise<void>;
  get(runId: string): Promise<Run>;
  /** Takes the right to drive the store's runs, and keeps it until it is closed. False while another process has it. */
  lead(): Promise<boolean>;
  /** Drives whatever waits in the store, until nothing does or another process leads. Resolves at once when that goes on already: it looks again then. */
  work(): Promise<void>;
  /**
   * Begins no further run. Resolves when those that go on have come to their ends or are parked; from `now` on they are left as they are after the calls that are under
   * way, and go on where the store is driven next.
   */
  leave(now: AbortSignal): Promise<void>;
  /** Leaves runs that still go on as they are, after the calls that are under way, and gives the store's lease back. */
  close(): Promise<void>;
}

export interface StartRequest {
  readonly program: Program;
  /** Over the program's own defaults. */
  readonly inputs: JsonObject;
  readonly event: RunEvent;
  /** It visits everything, and releases what does not occur any more. */
  readonly sweep?: true;
}

/** What a plan is asked with. */
export interface PlanRequest extends StartRequest {
  /** Aborted when the person who asked goes away. */
  readonly cancelled: AbortSignal;
}

/** A run that was started, or goes on. */
export interface RunHandle {
  readonly id: string;
  /** Resolves when the run has ended, is planned, or is parked and nothing came for it yet; rejects only when this process can no longer tell. */
  readonly finished: Promise<Run>;
}

/** What goes on, as it goes on: for progress lines and logs. Noun first. */
export type RunNews =
  | { readonly kind: "run-started"; readonly run: Run; readonly resumed: boolean }
  | { readonly kind: "run-parked"; readonly run: Run }
  | { readonly kind: "run-ended"; readonly run: Run }
  | { readonly kind: "run-waiting"; readonly why: string }
  | { readonly kind: "effect-done" | "effect-held" | "effect-ambiguous" | "effect-failed"; readonly runId: string; readonly server: string; readonly tool: string | null; readonly outcome: WriteOutcome; readonly label: string; readonly detail: string }
  /** A `once` that was done before: its write is not even asked for. */
  | { readonly kind: "effect-skipped"; readonly runId: string; readonly server: string; readonly tool: string | null }
  | { readonly kind: "log"; readonly runId: string; readonly text: string };

/** What became of a write. `replayed`: it was made before; `ambiguous`: nobody knows whether it happened. */
export type WriteOutcome = "made" | "replayed" | "held" | "refused" | "failed" | "ambiguous";
