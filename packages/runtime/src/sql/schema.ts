import type { Generated } from "kysely";

/**
 * The tables, as queries see them. What one filters or joins on has a column of its own; the rest is text written by base's codec
 * (`…_value`). Instants are milliseconds since the epoch, booleans 0 or 1. The same on every database.
 */
export interface Schema {
  readonly runs: RunsTable;
  readonly programs: { readonly hash: string; readonly program_value: string };
  readonly journal: JournalTable & Placed;
  readonly effects: EffectsTable & Placed;
  readonly bindings: BindingsTable;
  readonly requests: RequestsTable;
  readonly waits: WaitsTable;
  readonly events: EventsTable & Placed;
  readonly event_ids: EventIdsTable;
  readonly arrivals: ArrivalsTable & Placed;
  readonly schedules: SchedulesTable;
  readonly plans: PlansTable;
  readonly states: { readonly scope: string; readonly name: string; readonly key: string; readonly value: string; readonly version: number };
  readonly blobs: BlobsTable;
  /** Runs that were removed, and of which the journal is not removed yet. */
  readonly leavings: { readonly run_id: string };
  readonly scopes: { readonly workflow: string; readonly scope: string };
  /** At most one row. */
  readonly leases: LeasesTable;
  /** Exactly one row. */
  readonly fences: { readonly one: 1; readonly last: number };
  readonly meta: { readonly name: string; readonly meta_value: string };
  readonly lanes: { readonly credential: string; readonly lane_value: string };
}

/** Numbers the rows in the order in which they came. */
interface Placed {
  readonly place: Generated<number>;
}

export interface RunsTable {
  readonly id: string;
  readonly root_run_id: string;
  readonly workflow: string;
  readonly scope: string;
  readonly program_hash: string;
  readonly phase: string;
  readonly status: string;
  readonly created_at: number;
  readonly started_at: number;
  readonly ended_at: number | null;
  readonly inputs_value: string;
  readonly event_value: string;
  readonly output_value: string;
  readonly error_value: string;
  readonly failures_value: string;
  readonly held_value: string;
  readonly ambiguous_value: string;
  readonly counts_value: string;
  readonly waits_value: string;
  readonly driven_ms: number;
  readonly sweep: number;
  readonly turn: string | null;
}

export interface ArrivalsTable {
  readonly workflow: string;
  readonly trigger: string;
  readonly id: string;
  readonly key: string;
  readonly overlap: string;
  readonly sweep: number;
  readonly each: number;
  readonly arrived_at: number;
  readonly due_at: number;
  readonly status: string;
  readonly run_id: string | null;
  readonly why: string | null;
  readonly event_value: string;
}

export interface SchedulesTable {
  readonly workflow: string;
  readonly trigger: string;
  readonly seen_until: number;
}

/** Binary parts of results; the bytes under their own hash. */
export interface BlobsTable {
  readonly hash: string;
  readonly kept_at: number;
  readonly bytes: Uint8Array;
}

export interface JournalTable {
  readonly run_id: string;
  readonly key: string;
  readonly kind: string;
  readonly hash: string;
  readonly value: string;
}

export interface EffectsTable {
  readonly id: string;
  /** Which identity: `record`, `once` or `step`; columns that its kind does not have are null. */
  readonly kind: string;
  readonly scope: string | null;
  readonly record: string | null;
  readonly key: string | null;
  readonly generation: number | null;
  readonly action: string | null;
  readonly revision: number | null;
  readonly once_window: number | null;
  readonly identity_root_run: string | null;
  readonly identity_step: string | null;
  readonly status: string;
  readonly run_id: string;
  readonly root_run_id: string;
  readonly step: string;
  readonly server: string;
  readonly tool: string | null;
  readonly target: string;
  readonly args_hash: string;
  readonly args_value: string;
  readonly attempt: number;
  readonly fence: number;
  readonly epoch: number;
  readonly idempotent: number;
  readonly intended_at: number;
  readonly deadline_at: number;
  readonly settled_at: number | null;
  readonly outcome_value: string;
  readonly settled_by: string | null;
  readonly completion: string | null;
}

export interface BindingsTable {
  readonly scope: string;
  readonly record: string;
  readonly key: string;
  readonly generation: number;
  readonly revision: number;
  readonly kept_value: string;
  readonly target_key: string;
  readonly adopted: number;
  readonly server: string;
  readonly target: string;
  readonly bound_at: number;
  readonly released_at: number | null;
  readonly gone_since: number | null;
  readonly not_converging: string | null;
  readonly workflow: string;
  readonly inputs_hash: string;
  readonly last_seen_at: number;
  readonly last_seen_run: string;
  readonly missed_sweeps: number;
  readonly epoch: number;
}

export interface RequestsTable {
  readonly id: string;
  readonly effect: string;
  readonly args_hash: string;
  readonly args_value: string;
  readonly server: string;
  readonly tool: string | null;
  readonly target: string;
  readonly workflow: string;
  readonly run_id: string;
  readonly root_run_id: string;
  readonly label: string;
  readonly reason: string;
  readonly opened_at: number;
  readonly status: string;
  readonly answered_at: number | null;
  readonly answered_by: string | null;
  readonly answered_why: string | null;
  readonly expires_at: number | null;
  readonly by_value: string;
  readonly count: number;
  readonly answers_value: string;
  readonly continued_by: string | null;
  readonly notice: string | null;
}

export interface WaitsTable {
  readonly run_id: string;
  readonly step: string;
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  /** What others find it by: the place of an approval, the source of an event; null when nobody looks for it. */
  readonly topic: string | null;
  readonly since: number;
  readonly until: number | null;
  readonly wait_value: string;
}

/** What steps that wait were offered. */
export interface EventsTable {
  readonly run_id: string;
  readonly step: string;
  readonly id: string;
  readonly offered_at: number;
  /** null: it was looked at. */
  readonly event_value: string | null;
}

/** Events that runs were offered under an id of their own, also when no step of theirs waits any more. */
export interface EventIdsTable {
  readonly run_id: string;
  readonly topic: string;
  readonly id: string;
}

export interface PlansTable {
  readonly id: string;
  readonly workflow: string;
  readonly created_at: number;
  readonly expires_at: number;
  readonly applied_at: number | null;
  readonly plan_value: string;
  readonly error_value: string;
}

export interface LeasesTable {
  readonly one: 1;
  readonly fence: number;
  readonly host: string;
  readonly boot: string;
  readonly pid: number;
  readonly started: string | null;
  readonly taken_at: number;
  readonly expires_at: number;
}
