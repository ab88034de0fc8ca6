import type { JsonObject } from "../base/index.ts";
import type { Run, RunEvent, RunPhase } from "../model/index.ts";

/** What a new run is made of. */
export interface NewRun {
  readonly id: string;
  readonly workflow: string;
  /** The scope of its identities: the workflow's first name. */
  readonly scope: string;
  readonly programHash: string;
  readonly phase: RunPhase;
  readonly inputs: JsonObject;
  readonly event: RunEvent;
  readonly sweep: boolean;
  readonly turn: string | null;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A run that has not begun, the first of its chain. */
export function newRun(options: NewRun): Run {
  const { id, now, ...rest } = options;
  return { ...rest, id, rootRunId: id, status: "queued", createdAt: now, startedAt: now, endedAt: null, ...NOTHING_YET };
}

/**
 * The run that a grant or a settled effect starts: same root, program and event, new reads. What the root run has done is
 * not done again, because its effects without a lasting identity are bound to the root; nor is what it waited for (`keepWaits`).
 */
export function continuationOf(previous: Run, id: string, now: number): Run {
  return { ...previous, id, phase: "run", status: "queued", turn: null, createdAt: now, startedAt: now, endedAt: null, ...NOTHING_YET };
}

const NOTHING_YET = { output: null, error: null, failures: [], held: [], ambiguous: [], waits: [], drivenMs: 0, counts: { calls: 0, writes: 0, replayed: 0 } } as const satisfies Partial<Run>;
