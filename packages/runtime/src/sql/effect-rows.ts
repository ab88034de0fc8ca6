import type { ExpressionBuilder } from "kysely";
import { encodeValue } from "../base/index.ts";
import type { EffectIdentity, LedgerEntry } from "../model/index.ts";
import type { StoreTx } from "../state/index.ts";
import { columnsOf, prepared, queries, type SqlConnection } from "./prepared-query.ts";
import { corrupt, readValue } from "./read-value.ts";
import type { EffectsTable, Schema } from "./schema.ts";

type EffectRow = { readonly [K in keyof EffectsTable]: EffectsTable[K] };
/** The row that was decided about. */
type Expected = { readonly id: string; readonly expected_status: string; readonly expected_attempt: number; readonly expected_fence: number };

/** What never changes once a row is there: the identity. */
const IDENTITY_COLUMNS = ["id", "kind", "scope", "record", "key", "generation", "action", "revision", "once_window", "identity_root_run", "identity_step"] as const satisfies readonly (keyof EffectsTable)[];
/** What an intent says: written again only by the next attempt. Leaving it alone spares an outcome the pages of its indexes. */
const INTENT_COLUMNS = ["run_id", "root_run_id", "step", "server", "tool", "target", "args_hash", "args_value", "attempt", "fence", "epoch", "idempotent", "intended_at", "deadline_at"] as const satisfies readonly (keyof EffectsTable)[];
const OUTCOME_COLUMNS = ["status", "settled_at", "outcome_value", "settled_by", "completion"] as const satisfies readonly (keyof EffectsTable)[];
const OTHER_COLUMNS = [...INTENT_COLUMNS, ...OUTCOME_COLUMNS] as const;
type OutcomeRow = Pick<EffectRow, (typeof OUTCOME_COLUMNS)[number]>;
/** Without `place`, which only orders rows. */
const COLUMNS = [...IDENTITY_COLUMNS, ...OTHER_COLUMNS] as const;

const byId = prepared((p: { id: string }) => queries.selectFrom("effects").select(COLUMNS).where("id", "=", p.id));
const insert = prepared((p: EffectRow) => queries.insertInto("effects").values(columnsOf(p, COLUMNS)).onConflict((oc) => oc.column("id").doNothing()));
const asExpected = (p: Expected) => (eb: ExpressionBuilder<Schema, "effects">) => eb.and([eb("id", "=", p.id), eb("status", "=", p.expected_status), eb("attempt", "=", p.expected_attempt), eb("fence", "=", p.expected_fence)]);
const intendAgain = prepared((p: EffectRow & Expected) => queries.updateTable("effects").set(columnsOf(p, OTHER_COLUMNS)).where(asExpected(p)));
const settle = prepared((p: OutcomeRow & Expected) => queries.updateTable("effects").set(columnsOf(p, OUTCOME_COLUMNS)).where(asExpected(p)));
const complete = prepared((p: { id: string; completion: string }) => queries.updateTable("effects").set({ completion: p.completion }).where("id", "=", p.id).where("status", "=", "done").where("completion", "is", null));
const lastOfRecord = prepared((p: { scope: string; record: string; key: string }) =>
  queries.selectFrom("effects").select(COLUMNS).where("kind", "=", "record").where("scope", "=", p.scope).where("record", "=", p.record).where("key", "=", p.key)
    .orderBy("intended_at", "desc").orderBy("generation", "desc").orderBy("revision", "desc").orderBy("place", "desc").limit(1),
);

/** The part of a transaction that keeps the ledger. */
export function effectRows(connection: SqlConnection): Pick<StoreTx, "getEffect" | "putEffect" | "completeEffect" | "listEffects" | "countWrites" | "lastEffectOf"> {
  return {
    async getEffect(id) {
      const [row] = await connection.all(byId({ id }));
      if (row === undefined) return null;
      if (row.id !== id) throw corrupt(`The ledger gives the row ${row.id} for the effect ${id}.`);
      return toEntry(row);
    },
    async putEffect(entry, expected) {
      if (expected === null) return (await connection.run(insert(fromEntry(entry)))) === 1;
      const there = { id: entry.id, expected_status: expected.status, expected_attempt: expected.attempt, expected_fence: expected.fence };
      return (await connection.run(entry.status === "intended" ? intendAgain({ ...fromEntry(entry), ...there }) : settle({ ...fromOutcome(entry), ...there }))) === 1;
    },
    async completeEffect(id, completion) {
      await connection.run(complete({ id, completion }));
    },
    async listEffects({ runId, rootRunId, status, before, limit }) {
      let query = queries.selectFrom("effects").select(COLUMNS).orderBy("intended_at", "desc").orderBy("place", "desc").limit(limit);
      if (runId !== undefined) query = query.where("run_id", "=", runId);
      if (rootRunId !== undefined) query = query.where("root_run_id", "=", rootRunId);
      if (status !== undefined) query = query.where("status", "in", status);
      if (before !== undefined) query = query.where((eb) => eb.or([eb("intended_at", "<", before.intendedAt), eb.and([eb("intended_at", "=", before.intendedAt), eb("place", "<", eb.selectFrom("effects as last").select("last.place").where("last.id", "=", before.id))])]));
      return (await connection.all<EffectsTable>(query.compile())).map(toEntry);
    },
    async countWrites({ since, besides, workflows, server, tool, most }) {
      let query = queries.selectFrom("effects").select("effects.place").where("effects.intended_at", ">=", since).where("effects.tool", "is not", null).where("effects.status", "<>", "failed").where("effects.id", "<>", besides).limit(most);
      if (server !== undefined) query = query.where("effects.server", "=", server);
      if (tool !== undefined) query = query.where("effects.tool", "=", tool);
      if (workflows !== undefined) query = query.where((eb) => eb.exists(eb.selectFrom("runs").select("runs.id").whereRef("runs.id", "=", "effects.run_id").where("runs.workflow", "in", workflows)));
      const [row] = await connection.all<{ readonly count: number | string | bigint }>(queries.selectFrom(query.as("counted")).select((eb) => eb.fn.countAll().as("count")).compile());
      return Number(row?.count ?? 0);
    },
    async lastEffectOf({ scope, record, key }) {
      const [row] = await connection.all(lastOfRecord({ scope, record, key }));
      return row === undefined ? null : toEntry(row);
    },
  };
}

function fromEntry(entry: LedgerEntry): EffectRow {
  return {
    ...fromIdentity(entry.identity), ...fromOutcome(entry), id: entry.id, run_id: entry.runId, root_run_id: entry.rootRunId, step: entry.step, server: entry.server, tool: entry.tool, target: entry.target,
    args_hash: entry.argsHash, args_value: encodeValue(entry.args), attempt: entry.attempt, fence: entry.fence, epoch: entry.epoch, idempotent: entry.idempotent ? 1 : 0,
    intended_at: entry.intendedAt, deadline_at: entry.deadlineAt,
  };
}

function fromOutcome({ status, settledAt, outcome, settledBy, completion }: LedgerEntry): OutcomeRow {
  return { status, settled_at: settledAt, outcome_value: encodeValue(outcome), settled_by: settledBy, completion };
}

const NO_IDENTITY = { scope: null, record: null, key: null, generation: null, action: null, revision: null, once_window: null, identity_root_run: null, identity_step: null };

function fromIdentity(identity: EffectIdentity): Omit<EffectRow, "id" | (typeof OTHER_COLUMNS)[number]> {
  switch (identity.kind) {
    case "record":
      return { ...NO_IDENTITY, ...identity };
    case "once":
      return { ...NO_IDENTITY, kind: identity.kind, scope: identity.scope, key: identity.key, once_window: identity.window };
    case "start":
      return { ...NO_IDENTITY, ...identity };
    case "step":
      return { ...NO_IDENTITY, kind: identity.kind, identity_root_run: identity.rootRun, identity_step: identity.step };
  }
}

function toEntry(row: EffectsTable): LedgerEntry {
  return {
    id: row.id, identity: toIdentity(row), status: toStatus(row), runId: row.run_id, rootRunId: row.root_run_id, step: row.step, server: row.server, tool: row.tool, target: row.target,
    argsHash: row.args_hash, args: readValue<LedgerEntry["args"]>(row.args_value), attempt: row.attempt, fence: row.fence, epoch: row.epoch, idempotent: row.idempotent === 1,
    intendedAt: row.intended_at, deadlineAt: row.deadline_at, settledAt: row.settled_at, outcome: readValue<LedgerEntry["outcome"]>(row.outcome_value), settledBy: row.settled_by as LedgerEntry["settledBy"], completion: row.completion,
  };
}

const STATUSES: readonly string[] = ["intended", "done", "failed", "ambiguous"] satisfies readonly LedgerEntry["status"][];

/** Whether a write is made again hangs on this word: it is never taken on trust. */
function toStatus(row: EffectsTable): LedgerEntry["status"] {
  if (!STATUSES.includes(row.status)) throw corrupt(`The ledger's row ${row.id} has no known status.`);
  return row.status as LedgerEntry["status"];
}

function toIdentity(row: EffectsTable): EffectIdentity {
  const { kind, scope, record, key, generation, action, revision } = row;
  if (kind === "record" && scope !== null && record !== null && key !== null && generation !== null && action !== null && revision !== null) {
    return { kind, scope, record, key, generation, action: action as Extract<EffectIdentity, { kind: "record" }>["action"], revision };
  }
  if (kind === "once" && scope !== null && key !== null) return { kind, scope, key, window: row.once_window };
  if (kind === "start" && scope !== null && key !== null) return { kind, scope, key };
  if (kind === "step" && row.identity_root_run !== null && row.identity_step !== null) return { kind, rootRun: row.identity_root_run, step: row.identity_step };
  throw corrupt(`The ledger's row ${row.id} has no whole identity.`);
}
