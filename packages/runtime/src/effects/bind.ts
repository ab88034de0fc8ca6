import { encodeValue, OffstageError } from "../base/index.ts";
import type { Binding, LedgerEntry } from "../model/index.ts";
import { type BindingChange, bindingAfter } from "../records/index.ts";
import type { StoreTx } from "../state/index.ts";
import type { EffectsOptions } from "./ports.ts";
import { isTaken, targetTaken } from "./record-guard.ts";
import { needEffect } from "./settle.ts";
import { visitOf } from "./visit.ts";

/**
 * Stores a change of a binding and completes the effect that it follows from: one transaction. Doing it again changes
 * nothing. Throws `AMBIGUOUS_RECORD` when the target belongs to another identity.
 */
export async function bindChange(tx: StoreTx, change: BindingChange, options: EffectsOptions): Promise<Binding> {
  const { key } = change;
  const binding = await tx.getBinding(key);
  const effect = change.kind === "seen" || change.effect === null ? null : await needEffect(tx, change.effect);
  if (effect !== null) {
    if (effect.completion !== null && binding !== null) return binding;
    assertFollows(effect, change);
  }
  if (change.kind === "bound") {
    const other = await tx.bindingOfTarget(key.scope, key.record, change.targetKey);
    if (isTaken(other, key)) throw taken(key, other);
  }
  const server = change.kind === "bound" ? change.server : (binding?.server ?? "");
  const target = effect?.target ?? binding?.target ?? options.targetOf(server);
  const changed = bindingAfter(binding, change, visitOf(options, target));
  await tx.putBinding(changed);
  if (effect !== null) await tx.putEffect({ ...effect, completion: encodeValue(change.kind) }, effect);
  return changed;
}

function taken(key: BindingChange["key"], other: Binding): OffstageError {
  const { code, message, hint } = targetTaken(key, other);
  return new OffstageError(code, message, hint === undefined ? {} : { hint });
}

/** A binding only ever says what the ledger knows to be done. */
function assertFollows(effect: LedgerEntry, change: BindingChange): void {
  const { identity } = effect;
  const same = identity.kind === "record" && identity.scope === change.key.scope && identity.record === change.key.record && identity.key === change.key.key;
  if (!same || effect.status !== "done" || (change.kind === "bound" && identity.generation !== change.generation)) {
    throw new OffstageError("BUG", `${change.key.record} ${change.key.key} cannot be ${change.kind} by the effect ${effect.id}, which is ${effect.status}.`);
  }
}
