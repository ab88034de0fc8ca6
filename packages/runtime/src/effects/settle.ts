import { OffstageError } from "../base/index.ts";
import type { EffectId, Evidence, LedgerEntry } from "../model/index.ts";
import { provesAbsence } from "../records/index.ts";
import type { StoreTx } from "../state/index.ts";
import { withOutcome } from "./effect-call.ts";

/**
 * What an effect that is interrupted or ambiguous is after somebody looked for it. Found: done. Not found: failed, but only
 * if that proves it; else as it was. A settled one is never changed. Pure.
 */
export function settledBy(entry: LedgerEntry, evidence: Evidence, now: number): LedgerEntry {
  if (entry.status !== "intended" && entry.status !== "ambiguous") return entry;
  if (evidence.kind === "found") return withOutcome(entry, { kind: "done", value: evidence.value, unreadable: false }, "found", now);
  if (!provesAbsence(entry, evidence)) return entry;
  return withOutcome(entry, { kind: "failed", error: { code: "EFFECT_ABSENT", message: `${entry.step}: it was looked for after its time and is not there. It did not happen.` } }, "absent", now);
}

/** Settles a row by evidence and stores it. Throws `EFFECT_UNKNOWN`. */
export async function settleEffect(tx: StoreTx, effect: EffectId, evidence: Evidence, now: number): Promise<LedgerEntry> {
  const entry = await needEffect(tx, effect);
  const settled = settledBy(entry, evidence, now);
  if (settled !== entry) await tx.putEffect(settled, entry);
  return settled;
}

/** The row of an effect. Throws `EFFECT_UNKNOWN`. */
export async function needEffect(tx: StoreTx, effect: EffectId): Promise<LedgerEntry> {
  const entry = await tx.getEffect(effect);
  if (entry === null) throw new OffstageError("EFFECT_UNKNOWN", `The store has no effect ${effect}.`, { hint: "See `offstage show <run>` for the effects of a run." });
  return entry;
}
