import type { LedgerEntry, RecordKey } from "../model/index.ts";
import type { RecordView } from "../records/index.ts";
import type { StoreTx } from "../state/index.ts";
import type { EffectsOptions } from "./ports.ts";

const ALL = Number.MAX_SAFE_INTEGER;

/** Gathers what the store knows of one identity of a record. */
export async function viewRecord(tx: StoreTx, key: RecordKey, server: string, options: EffectsOptions): Promise<RecordView> {
  const binding = await tx.getBinding(key);
  const last = await tx.lastEffectOf(key);
  const older = binding === null || binding.generation === 1 ? [] : await tx.listBindings({ ...keyOf(key), live: false, limit: ALL });
  return {
    key: keyOf(key),
    binding,
    open: last !== null && isOpen(last) ? last : null,
    formerTargets: older.filter((former) => former.generation < (binding?.generation ?? 0) && !former.adopted).map((former) => former.targetKey),
    target: options.targetOf(server),
    now: options.clock.now(),
    restored: options.epoch > 1,
  };
}

function keyOf({ scope, record, key }: RecordKey): RecordKey {
  return { scope, record, key };
}

/** Interrupted, ambiguous, or done and not yet in the binding. */
function isOpen(entry: LedgerEntry): boolean {
  return entry.status === "intended" || entry.status === "ambiguous" || (entry.status === "done" && entry.completion === null);
}
