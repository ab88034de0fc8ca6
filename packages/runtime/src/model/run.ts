import type { Data, ErrorData, JsonObject } from "../base/index.ts";
import type { EffectId, StepKey } from "./identity.ts";
import type { RunWait } from "./wait.ts";

/** How a run ended. Where several hold, the later in this list is told (LANGUAGE.md §5). */
export const RUN_ENDS = ["succeeded", "partial", "pending", "needs-attention", "failed", "cancelled"] as const;
export type RunEnd = (typeof RUN_ENDS)[number];

/**
 * `queued`: handed over, not begun. `planned`: held at its writes, waiting for apply. `parked`: it waits in place, for an
 * instant, a person or an event, and goes on from there.
 */
export type RunStatus = "queued" | "running" | "parked" | "planned" | RunEnd;

/** What a run may do: nothing (plan), exactly a plan's effects (apply), what the policy allows (run). */
export type RunPhase = "plan" | "apply" | "run";

/** What starts runs by itself, and what their workflows get of it. Header names of a webhook are in lower case; its body is parsed when it is JSON. */
export type TriggerEvent =
  | { readonly kind: "schedule"; readonly at: string }
  | { readonly kind: "webhook"; readonly source: string; readonly headers: { readonly [name: string]: string }; readonly body: Data }
  | { readonly kind: "queue"; readonly body: Data; readonly attempt: number }
  | { readonly kind: "resource"; readonly uri: string };

/**
 * What started a run. `call`: somebody, by the name of a token where it was over HTTP. `started`: another run, `run` of `workflow`, under this key; `by`: who started that, or the one that started that. Any other: what came by itself;
 * `by`: who had a workflow run with it once more.
 */
export type RunEvent =
  | { readonly kind: "call"; readonly by?: string }
  | { readonly kind: "started"; readonly run: string; readonly workflow: string; readonly key: string; readonly by?: string }
  | (TriggerEvent & { readonly by?: string });

/** What came by itself, as a workflow gets it; null for a run that somebody called or another one started. */
export function triggerEventOf(event: RunEvent): TriggerEvent | null {
  if (event.kind === "call" || event.kind === "started") return null;
  const { by: _by, ...own } = event;
  return own;
}

export interface RunFailure {
  readonly step: StepKey;
  readonly error: ErrorData;
}

/** An effect that a run could not bring to an end. */
export interface RunHold {
  readonly effect: EffectId;
  readonly step: StepKey;
  readonly label: string;
  readonly why: string;
  /** Something may still let it happen. False for what a person denied, and for what only waits for that. */
  readonly waits: boolean;
  /** When the policy may let it happen, ms; absent where that is no matter of time. */
  readonly until?: number;
  /** What of it is paused, `*`, `workflow:x` or `server:y`; absent where it is held for something else. */
  readonly paused?: string;
}

/** One execution of a program. */
export interface Run {
  readonly id: string;
  /** The first run of a chain of continuations; its own id when it is the first. */
  readonly rootRunId: string;
  readonly workflow: string;
  /** The scope of its identities: the workflow's first name. */
  readonly scope: string;
  readonly programHash: string;
  readonly phase: RunPhase;
  readonly status: RunStatus;
  readonly inputs: JsonObject;
  readonly event: RunEvent;
  /** The key under which an event started it: the next event of that key waits until it is at its end. null for any other run. */
  readonly turn: string | null;
  /** It visits everything: what it does not visit, and the one before it did not either, is released in its end (LANGUAGE.md §6). */
  readonly sweep: boolean;
  readonly createdAt: number;
  readonly startedAt: number;
  readonly endedAt: number | null;
  readonly output: Data | null;
  readonly error: ErrorData | null;
  readonly failures: readonly RunFailure[];
  readonly held: readonly RunHold[];
  readonly ambiguous: readonly RunHold[];
  /** What it waits for while it is `parked`, in the order in which it came to wait; else empty. */
  readonly waits: readonly RunWait[];
  /** How long it was driven before it was parked last, in ms: what counts into `limits.duration`. */
  readonly drivenMs: number;
  readonly counts: RunCounts;
}

/** What a sweep found besides what it visited. */
export interface Swept {
  /** Why it may not have seen everything, so that nothing was released and no absence counted; null when it saw all. */
  readonly lost: string | null;
  /** Live bindings that it did not visit. */
  readonly missed: number;
  /** Of them those that a sweep before it missed too. */
  readonly orphans: number;
  /** Live bindings by the names of records that the workflow does not have any more: they are never released. */
  readonly strange: Readonly<Record<string, number>>;
  /** The workflow has no records: there was nothing to visit. */
  readonly recordless?: true;
}

export interface RunCounts {
  readonly calls: number;
  readonly writes: number;
  /** Writes answered from the ledger instead of made. */
  readonly replayed: number;
  /** `server.tool` → how often it was read. Absent when nothing was, and of runs of an earlier version. */
  readonly reads?: Readonly<Record<string, number>>;
  /** `server.tool` → how many of its answers were another shape than was learnt. Absent when all were as learnt, or nothing was. */
  readonly unlike?: Readonly<Record<string, number>>;
  /** Of a sweep that came to its end. */
  readonly swept?: Swept;
}

/** Whether nothing more will happen to a run by itself. A planned run waits for its apply and counts as ended; a parked one goes on. */
export function isEnded(status: RunStatus): boolean {
  return status !== "queued" && status !== "running" && status !== "parked";
}
