import type { DayLimit, EffectCall, EffectId, EffectRequest, RecordKey } from "../model/index.ts";
import type { StoreTx } from "../state/index.ts";

/**
 * What a run has used up of its limits, together with the runs that it continues: a grant of one change is none of the others. It is counted once from the ledger and from then on in memory, so that a run of 100,000
 * writes stays linear. An effect is counted before it is sent; counting it again changes nothing.
 */
export interface Budget {
  /** Writes of this run besides this effect. */
  writes(tx: StoreTx, effect: EffectId): Promise<number>;
  /** Updates and releases of the record in this run besides this effect. */
  changes(tx: StoreTx, key: Pick<RecordKey, "scope" | "record">, effect: EffectId): Promise<number>;
  /** Writes besides this effect that a plan noted, of this server and tool. */
  planned(of: Pick<DayLimit, "server" | "tool">, effect: EffectId): number;
  /** Notes that the effect is (or in a plan: would be) written. */
  note(effect: EffectId, request: EffectRequest): void;
  /** Takes it back: nothing was sent. */
  forget(effect: EffectId): void;
}

const ALL = Number.MAX_SAFE_INTEGER;

/** A {@link Budget} of one run and those that it continues; in a plan, of what it would write. */
export function createBudget(rootRunId: string): Budget {
  const written = new Set<EffectId>();
  const calls = new Map<EffectId, EffectCall>();
  const changed = new Map<string, Set<EffectId>>();
  let loaded = false;

  const load = async (tx: StoreTx): Promise<void> => {
    if (loaded) return;
    const entries = await tx.listEffects({ rootRunId, status: ["intended", "done", "ambiguous"], limit: ALL });
    for (const entry of entries) if (entry.tool !== null) count(written, changed, entry.id, entry.identity);
    loaded = true;
  };
  return {
    async writes(tx, effect) {
      await load(tx);
      return countWithout(written, effect);
    },
    async changes(tx, { scope, record }, effect) {
      await load(tx);
      return countWithout(changed.get(nameOf(scope, record)) ?? new Set(), effect);
    },
    planned({ server, tool }, effect) {
      let found = 0;
      for (const [id, call] of calls) if (id !== effect && (server ?? call.server) === call.server && (tool ?? call.tool) === call.tool) found += 1;
      return found;
    },
    note(effect, request) {
      if (request.call !== null) calls.set(effect, request.call);
      if (request.call !== null) count(written, changed, effect, request.identity);
    },
    forget(effect) {
      written.delete(effect);
      calls.delete(effect);
      for (const effects of changed.values()) effects.delete(effect);
    },
  };
}

function countWithout(effects: ReadonlySet<EffectId>, effect: EffectId): number {
  return effects.size - (effects.has(effect) ? 1 : 0);
}

function count(written: Set<EffectId>, changed: Map<string, Set<EffectId>>, effect: EffectId, identity: EffectRequest["identity"]): void {
  written.add(effect);
  if (identity.kind !== "record" || (identity.action !== "update" && identity.action !== "release")) return;
  const name = nameOf(identity.scope, identity.record);
  const effects = changed.get(name) ?? new Set();
  changed.set(name, effects.add(effect));
}

function nameOf(scope: string, record: string): string {
  return JSON.stringify([scope, record]);
}
