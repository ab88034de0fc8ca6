import type { Given, Widen } from "./input.ts";
import type { Duration, Time } from "./time.ts";
import type { Trigger } from "./triggers.ts";

/** What a run may do at most; going past one ends it with `LIMIT_WRITES`, `LIMIT_CALLS` or `LIMIT_DURATION`. */
export interface Limits {
  readonly writes?: number;
  readonly calls?: number;
  /** Time spent parked does not count. */
  readonly duration?: Duration;
}

/** The run itself, as its workflow sees it. */
export interface Run {
  readonly id: string;
  /** Fixed when the run began: the same after every crash. */
  readonly startedAt: Time;
}

/** What the body of a workflow gets. */
export interface Context<Inputs, Event> {
  readonly inputs: Inputs;
  /** What started the run; null when a person did. Told apart by `kind`. */
  readonly event: Event | null;
  readonly run: Run;
}

/** A workflow, for {@link call} and {@link start}: what it may be given, what it returns. */
export interface Workflow<Inputs, Result> {
  readonly name: string;
  readonly types?: (inputs: Inputs) => Result;
}

type EventOf<On> = On extends readonly Trigger<infer Event>[] ? Event : never;

/** What {@link workflow} is told. */
export interface WorkflowOptions<Inputs, On> {
  /** A DNS label: lower-case letters, digits and `-`. Identities are kept under it. */
  readonly name: string;
  /** The name before a renaming: what was kept under it is found again. */
  readonly was?: string;
  readonly description?: string;
  /** What starts runs; `[]` when only people do. */
  readonly on: On;
  /** Default values; they also say the types. What a default cannot say is an `input({ schema })`. */
  readonly inputs?: Inputs;
  readonly limits?: Limits;
}

/** Declares the workflow of a module: its one default export. */
export declare function workflow<const Inputs, const On extends readonly Trigger<any>[], Result>(
  options: WorkflowOptions<Inputs, On>,
  body: (context: Context<Widen<Inputs>, EventOf<On>>) => Promise<Result>,
): Workflow<Given<Inputs>, Result>;

/**
 * Runs another workflow as a step of this one and gives what it returns. What is not given are its defaults. Its writes are
 * the ones that it makes by itself: what a run of it has done is done.
 */
export declare function call<Inputs, Result>(workflow: Workflow<Inputs, Result>, inputs: NoInfer<Inputs>): Promise<Result>;

/**
 * Starts another workflow as a run of its own, once for each key of that workflow, and does not wait for it: whoever drives the store
 * drives it after this run. Gives the id of the run that has the key. Planned as a write is; what the started run writes is its own affair.
 */
export declare function start<Inputs, Result>(workflow: Workflow<Inputs, Result>, key: string, inputs: NoInfer<Inputs>): Promise<{ readonly run: string }>;
