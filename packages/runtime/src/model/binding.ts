import type { Data } from "../base/index.ts";
import type { RecordKey } from "./identity.ts";

/** identity → target: what a record remembers. */
export interface Binding extends RecordKey {
  /** Counts from 1. A released or lost target that is made anew begins the next. */
  readonly generation: number;
  /** Settled actions on this binding. */
  readonly revision: number;
  /** What `keep` returned. */
  readonly kept: Data;
  /** Hash of the part of `kept` that comes from the target alone: one target is bound once. */
  readonly targetKey: string;
  /** Whether we made it or found it. Releasing an adopted one only unbinds. */
  readonly adopted: boolean;
  readonly server: string;
  /** The server's target when it was bound. */
  readonly target: string;
  readonly boundAt: number;
  readonly releasedAt: number | null;
  /** First time the read said gone, null when it did not. */
  readonly goneSince: number | null;
  /** Hash of the desired arguments of an update that did not take; left alone until they change. */
  readonly notConverging: string | null;
  /** The workflow (scope) and inputs whose runs visit it: sweeps cover exactly these. */
  readonly workflow: string;
  readonly inputsHash: string;
  readonly lastSeenAt: number;
  readonly lastSeenRun: string;
  readonly missedSweeps: number;
  readonly epoch: number;
}
