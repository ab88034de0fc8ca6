import { type Data, OffstageError } from "../base/index.ts";
import type { EffectId, LedgerEntry, Outcome } from "../model/index.ts";
import type { Store } from "../state/index.ts";
import { withOutcome } from "./effect-call.ts";
import { needEffect } from "./settle.ts";

/** What a person found out. `value`: what the write returned; left out when that is not known, then a record asks `find`. */
export type Verdict = { readonly kind: "happened"; readonly value?: Data } | { readonly kind: "did-not-happen" };

/**
 * Stores what a person says about an effect of which nobody else can tell. Needs no lease. Throws `EFFECT_UNKNOWN`;
 * `EFFECT_IN_FLIGHT` while its process may still send it; `USAGE` when it is settled already.
 */
export function resolveEffect(store: Store, effect: EffectId, verdict: Verdict, said: { readonly by: string; readonly now: number }): Promise<LedgerEntry> {
  return store.transact({ durable: true }, async (tx) => {
    const entry = await needEffect(tx, effect);
    if (entry.status === "intended" && said.now < entry.deadlineAt) {
      throw new OffstageError("EFFECT_IN_FLIGHT", `The write ${effect.slice(0, 12)} (${entry.step}) may still be under way until ${new Date(entry.deadlineAt).toISOString()}.`, { hint: "Wait until then, look again, and tell." });
    }
    if (entry.status !== "intended" && entry.status !== "ambiguous" && !isUnread(entry)) {
      throw new OffstageError("USAGE", `The write ${effect.slice(0, 12)} (${entry.step}) is settled already: ${entry.status}.`, { hint: "Only what is ambiguous can be resolved." });
    }
    const resolved = withOutcome(entry, outcomeOf(entry, verdict, said.by), "person", said.now);
    await tx.putEffect(resolved, entry);
    return resolved;
  });
}

function isUnread(entry: LedgerEntry): boolean {
  return entry.outcome?.kind === "done" && entry.outcome.unreadable && entry.completion === null;
}

function outcomeOf(entry: LedgerEntry, verdict: Verdict, by: string): Outcome {
  if (verdict.kind === "did-not-happen") return { kind: "failed", error: { code: "EFFECT_ABSENT", message: `${entry.step}: it did not happen, said ${by}.` } };
  return { kind: "done", value: verdict.value ?? null, unreadable: verdict.value === undefined && entry.identity.kind === "record" };
}
