import type { Data, ErrorData, Json } from "../base/index.ts";
import type { ApprovalRequest, Arrival, Binding, EffectId, LedgerEntry, Plan, RecordKey, Run, RunPhase, RunStatus, StepKey, Wait, WaitStatus } from "../model/index.ts";
import type { Program } from "../program/index.ts";
import type { RetentionTx } from "./retention.ts";

/**
 * The durable side of Offstage: runs, journal, ledger, bindings, requests, states. An adapter (`stores/sqlite`) is a
 * function of options that returns this. Everything happens in {@link Store.transact}: one transaction spans journal and
 * ledger, so that an outcome and the step that saw it commit together.
 */
export interface Store {
  /** Made once with the store; plans name it. */
  readonly id: string;
  /**
   * Runs `body` in one serialisable transaction, retried by the adapter when the database says so. With `fence`, it is
   * refused (LEASE_LOST) unless the lease has that token still. `durable` waits for the disk: a must for the ledger.
   * When `body` throws, nothing of it is stored. `tx` is dead once `body` has ended; never call transact inside it.
   */
  transact<T>(options: TransactOptions, body: (tx: StoreTx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export interface TransactOptions {
  readonly durable: boolean;
  /** Nothing is written in it: it sees one state of the store, and holds nobody up. */
  readonly reads?: true;
  readonly fence?: number;
}

/** What a transaction can do. Small reads and writes of whole rows; decisions are made by pure functions around them. */
export interface StoreTx extends RetentionTx {
  // runs
  getRun(id: string): Promise<Run | null>;
  putRun(run: Run): Promise<void>;
  /** Newest first; `before` leaves out one and what is newer. */
  listRuns(filter: { readonly status?: readonly RunStatus[]; readonly workflow?: string; readonly rootRunId?: string; readonly before?: Pick<Run, "id" | "createdAt">; readonly limit: number }): Promise<readonly Run[]>;
  /** Queued and interrupted runs, oldest first. */
  begunRuns(limit: number): Promise<readonly Run[]>;
  /** How many runs are queued, of one phase or of all, no further than `limit`. */
  countQueued(limit: number, phase?: RunPhase): Promise<number>;
  /** The run of a workflow that goes on under this key: queued, running or parked; null: none. */
  goingRun(workflow: string, turn: string): Promise<string | null>;
  // programs, by hash
  getProgram(hash: string): Promise<Program | null>;
  putProgram(hash: string, program: Program): Promise<void>;
  // journal of one run
  /** In the order in which the keys were first appended. */
  loadJournal(runId: string): Promise<readonly JournalRow[]>;
  /** A row whose key is there already takes its place. */
  appendJournal(runId: string, rows: readonly JournalRow[]): Promise<void>;
  /** Removes the rows whose key is `key` or lies below it (`key/…`). */
  clearJournal(runId: string, key: StepKey): Promise<void>;
  // ledger
  getEffect(id: EffectId): Promise<LedgerEntry | null>;
  /**
   * Inserts, or replaces what changes: an intent all but the identity, anything else status, outcome and completion.
   * `expected` is the row that was decided about (null: none): another status, attempt or fence there, and nothing happens and false.
   */
  putEffect(entry: LedgerEntry, expected: Pick<LedgerEntry, "status" | "attempt" | "fence"> | null): Promise<boolean>;
  /** Keeps the completion of a done effect that has none; else nothing happens. */
  completeEffect(id: EffectId, completion: string): Promise<void>;
  /** Newest intent first; `before` leaves out one and what is newer. */
  listEffects(filter: { readonly runId?: string; readonly rootRunId?: string; readonly status?: readonly LedgerEntry["status"][]; readonly before?: Pick<LedgerEntry, "id" | "intendedAt">; readonly limit: number }): Promise<readonly LedgerEntry[]>;
  /** How many calls of tools were intended from `since` on (ms) and not proven to have failed, besides one; of these names only. Counted no further than `most`. */
  countWrites(filter: { readonly since: number; readonly besides: EffectId; readonly workflows?: readonly string[]; readonly server?: string; readonly tool?: string; readonly most: number }): Promise<number>;
  /** The effect of a record's identity that was intended last. */
  lastEffectOf(key: RecordKey): Promise<LedgerEntry | null>;
  // bindings
  /** The newest generation: the live one when there is one. */
  getBinding(key: RecordKey): Promise<Binding | null>;
  /** One row a generation; a newer generation releases a live older one. A second live binding of one target is refused (BUG). */
  putBinding(binding: Binding): Promise<void>;
  /** All generations, by scope, record, key, generation; `live: true` leaves one at most of each identity. `after` leaves out one and what stands before it. */
  listBindings(filter: { readonly scope?: string; readonly record?: string; readonly key?: string; readonly live?: boolean; readonly after?: Pick<Binding, "scope" | "record" | "key" | "generation">; readonly limit: number }): Promise<readonly Binding[]>;
  /** The live ones. */
  countBindings(scope: string, record: string): Promise<number>;
  /** The live binding that has this target. */
  bindingOfTarget(scope: string, record: string, targetKey: string): Promise<Binding | null>;
  // approvals
  getRequest(id: string): Promise<ApprovalRequest | null>;
  /** The open, approved and denied requests of an effect, newest first. */
  requestsOf(effect: EffectId): Promise<readonly ApprovalRequest[]>;
  /** Grants that no run goes on with yet, of the runs of a root, newest first. */
  owedRequests(rootRunId: string): Promise<readonly ApprovalRequest[]>;
  /** A second open request of one effect is refused (BUG): replace the first one first. */
  putRequest(request: ApprovalRequest): Promise<void>;
  listRequests(filter: { readonly status?: readonly ApprovalRequest["status"][]; readonly limit: number }): Promise<readonly ApprovalRequest[]>;
  // what runs wait for
  getWait(runId: string, step: StepKey): Promise<Wait | null>;
  /** One row a run and step. */
  putWait(wait: Wait): Promise<void>;
  /** With what it was offered. */
  removeWait(runId: string, step: StepKey): Promise<void>;
  /** Newest first. */
  listWaits(filter: { readonly runId?: string; readonly kind?: Wait["kind"]; readonly topic?: string; readonly status?: readonly WaitStatus[]; readonly limit: number }): Promise<readonly Wait[]>;
  /** All of a run, newest first. */
  waitsOf(runId: string): Promise<readonly Wait[]>;
  /** The topics of which steps wait for events, each once. */
  openTopics(): Promise<readonly string[]>;
  /** Parked runs that can go on: one of their waits is ready, or open and its instant came. Oldest first. */
  dueRuns(now: number, limit: number): Promise<readonly Run[]>;
  /** The first instant at which an open wait of a parked run is over by itself; null: none. */
  nextWake(): Promise<number | null>;
  /** Keeps an event for a step that waits, behind those that are there; false, and nothing happens, when it was offered one of this id before. */
  offerEvent(offer: EventOffer): Promise<boolean>;
  /** Remembers that a run was offered an event of this id, of this source, until it is forgotten; false when it was before. */
  rememberEvent(runId: string, topic: string, id: string): Promise<boolean>;
  /** Forgets which events a run was offered. */
  forgetEvents(runId: string): Promise<void>;
  /** The first event that a step was offered behind the one at `place`, 0 for all; null: none. Places grow for ever, in a store, and are never 0. */
  nextEvent(runId: string, step: StepKey, place: number): Promise<{ readonly place: number; readonly event: Data } | null>;
  /** Forgets what a step was offered up to `place`, but for the ids. */
  clearEvents(runId: string, step: StepKey, place: number): Promise<void>;
  // events that came for workflows, and how far schedules were looked at
  /** False, and nothing happens, when this trigger had one of this id before. */
  addArrival(arrival: Arrival): Promise<boolean>;
  getArrival(workflow: string, trigger: string, id: string): Promise<Arrival | null>;
  /** What started a run, the first of its chain; null: no event did, or it is kept no more. */
  arrivalOf(runId: string): Promise<Arrival | null>;
  /** Replaces the one of this workflow, trigger and id. */
  putArrival(arrival: Arrival): Promise<void>;
  /**
   * Of those of these workflows that wait to start a run and are due at `now`: the first of each key of which no run goes on, `starts` of them at most, and `limit` of those that others may make needless or that
   * may end a run (not `each`, or not `queue`), whether their turn has come or not. In the order in which they came, without their thousands of followers.
   */
  admissibleArrivals(filter: { readonly workflows: readonly string[]; readonly now: number; readonly starts: number; readonly limit: number }): Promise<readonly Arrival[]>;
  /** How many arrivals of these workflows wait to start a run, due or not; counted no further than `limit`. */
  countWaitingArrivals(filter: { readonly workflows: readonly string[]; readonly limit: number }): Promise<number>;
  /** The instant up to which every planned time of a schedule has become an arrival or was passed over; null: it was never looked at. */
  getSchedule(workflow: string, trigger: string): Promise<number | null>;
  putSchedule(workflow: string, trigger: string, seenUntil: number): Promise<void>;
  // plans
  getPlan(id: string): Promise<PlanRow | null>;
  putPlan(plan: PlanRow): Promise<void>;
  // state(…) values
  getState(scope: string, name: string, key: string): Promise<{ readonly value: string; readonly version: number } | null>;
  /** False when the version is no longer `expected` (0: absent). */
  putState(scope: string, name: string, key: string, value: string, expected: number): Promise<boolean>;
  // binary parts of results, by their SHA-256 (hex); what is there already stays, and counts as kept now
  getBlob(hash: string): Promise<Uint8Array | null>;
  putBlob(hash: string, bytes: Uint8Array, keptAt: number): Promise<void>;
  // a workflow's scope: its first name
  getScope(workflow: string): Promise<string | null>;
  putScope(workflow: string, scope: string): Promise<void>;
  // one lease per store
  getLease(): Promise<Lease | null>;
  putLease(lease: Lease | null): Promise<void>;
  /** The next fencing token; grows for ever. */
  nextFence(): Promise<number>;
  // turns of calls, by credential
  /** What is known of a credential's turns (null: nothing), and the time as all processes over the store have it: a file's machine's, a server's own. Milliseconds. */
  getLane(credential: string): Promise<{ readonly lane: Json; readonly now: number }>;
  putLane(credential: string, lane: Json): Promise<void>;
  // how much of what stands in it, for those who watch
  tally(): Promise<Tally>;
  // store-wide facts: epoch, pause
  getMeta(name: MetaName): Promise<Json>;
  putMeta(name: MetaName, value: Json): Promise<void>;
}

/**
 * `epoch`: rises at a restore, 1 at first. `paused`: names that take no writes (`*`, `workflow:x`, `server:y`), none at first. `restored-at`: ms or null.
 * `doubt-ended`: a person's word after a restore, null at first (`restore-doubt.ts`). `removed-until`: runs that ended before this instant may be gone; ms, null at first.
 */
export type MetaName = "epoch" | "paused" | "restored-at" | "doubt-ended" | "removed-until";

/** How much stands in a store at one moment. */
export interface Tally {
  /** Runs that are not at their end, by workflow and status. */
  readonly runs: readonly { readonly workflow: string; readonly status: RunStatus; readonly count: number }[];
  /** Arrivals that wait to start a run, by workflow, and when the first of them was due; ms. */
  readonly arrivals: readonly { readonly workflow: string; readonly count: number; readonly firstDueAt: number }[];
  /** Writes that wait for a person's permission, and questions that workflows ask a person. */
  readonly requests: number;
  readonly questions: number;
}

/** One event, for one step that waits. */
export interface EventOffer {
  readonly runId: string;
  readonly step: StepKey;
  /** What tells this event from others. */
  readonly id: string;
  readonly event: Data;
  readonly offeredAt: number;
}

/** One journaled step. `value` is encoded by base's codec. */
export interface JournalRow {
  readonly key: StepKey;
  readonly kind: "step" | "now" | "item" | "log";
  readonly hash: string;
  readonly value: string;
}

/** Who drives the runs of a store. */
export interface Lease {
  readonly fence: number;
  readonly holder: LeaseHolder;
  readonly takenAt: number;
  /** Renewed while the holder lives; after this instant anybody may take it. */
  readonly expiresAt: number;
}

/** Enough to tell, on the same machine, whether the holder still lives. */
export interface LeaseHolder {
  readonly host: string;
  /** Changes with every boot. */
  readonly boot: string;
  readonly pid: number;
  /** Start of the process in the kernel's ticks, so that a reused pid is not taken for the holder; null where unknown. */
  readonly started: string | null;
}

/** A plan and what became of it. */
export interface PlanRow {
  readonly plan: Plan;
  readonly appliedAt: number | null;
  readonly error: ErrorData | null;
}
