import { type Clock, formatDuration, OffstageError } from "../base/index.ts";
import type { RunLimits } from "../program/index.ts";
import { firstStop, type Stop } from "./stops.ts";

/** Asked at the start of each step: throws when the run must end, and counts its calls. */
export interface Checkpoint {
  (kind: "call" | "other"): void;
  readonly calls: () => number;
}

/** Ends a run that is cancelled, lost its store, or reached a limit of its program. `startedAt` is this driving's, in ms. */
export function createCheckpoint(options: { readonly limits: RunLimits; readonly clock: Clock; readonly startedAt: number; readonly stops: readonly Stop[] }): Checkpoint {
  const { limits, clock, startedAt, stops } = options;
  let calls = 0;
  const check = (kind: "call" | "other"): void => {
    const stopped = firstStop(stops);
    if (stopped !== undefined) throw stopped.error();
    if (limits.durationMs !== undefined && clock.now() - startedAt > limits.durationMs) {
      throw new OffstageError("LIMIT_DURATION", `The run took longer than limits.duration, ${formatDuration(limits.durationMs)}.`);
    }
    if (kind === "other") return;
    calls += 1;
    if (limits.calls !== undefined && calls > limits.calls) throw new OffstageError("LIMIT_CALLS", `The run wanted more than limits.calls, ${limits.calls}.`);
  };
  return Object.assign(check, { calls: () => calls });
}
