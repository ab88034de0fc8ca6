import type { Duration } from "./time.ts";
import type { Trigger } from "./triggers.ts";

/** A person's answer to {@link approve}. */
export interface Approval {
  readonly outcome: "approved" | "denied" | "timeout";
  readonly by: string | null;
  /** ISO 8601. */
  readonly at: string | null;
}

/** What {@link approve} asks. */
export interface ApproveOptions {
  readonly message: string;
  /** What the person sees; not asked again while it is unchanged. */
  readonly show?: unknown;
  readonly by?: readonly string[];
  readonly within?: Duration;
  readonly onTimeout?: "deny" | "approve" | "fail";
}

/** Waits for a person. */
export declare function approve(options: ApproveOptions): Promise<Approval>;

/** Waits so long from when it is first reached; the run is parked meanwhile, and survives restarts for months. */
export declare function sleep(duration: Duration): Promise<void>;

/** Waits until an instant: `until(time(pr.due))`, `until(now() + duration("1h"))`. One that has passed is over at once. */
export declare function until(time: number): Promise<void>;

/** Waits for an event; null when none came in time. */
export declare function waitFor<Event>(trigger: Trigger<Event>, options?: { readonly when?: (event: Event) => boolean; readonly within?: Duration }): Promise<Event | null>;

/** Repeats `turn` until it returns a value; null after `max` turns. */
export declare function poll<Result>(options: { readonly every: Duration; readonly max: number }, turn: () => Promise<Result | undefined>): Promise<Result | null>;
