import type { Duration } from "./time.ts";

/** What {@link once} may be told. */
export interface OnceOptions<Result> {
  /** After so long the write may happen again; without it, once for ever. */
  readonly for?: Duration;
  /** Finds out whether a write whose answer was lost did happen: its result, or null. Reads only. */
  readonly confirm?: () => Promise<Result | null>;
}

/** The type of {@link once}. */
export interface Once {
  /**
   * Makes the one write in `write` once under this key, over all runs of the workflow. When it is done already, `write`
   * is not evaluated: the recorded result is returned.
   */
  <Result>(key: string, write: () => Promise<Result>, options?: OnceOptions<Result>): Promise<Result>;
  /** Says that making this write again in each run is meant. */
  perRun<Result>(write: () => Promise<Result>): Promise<Result>;
}

/** Gives a write an identity: `await once("comment:" + pr.node_id, () => github.add_issue_comment({ … }))`. */
export declare const once: Once;
