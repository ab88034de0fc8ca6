import { OffstageError } from "../base/index.ts";
import { effectId, type EffectId } from "../model/index.ts";
import type { StoreTx } from "../state/index.ts";
import { bindChange } from "./bind.ts";
import { createBudget } from "./budget.ts";
import { createEarlierWindows } from "./earlier-windows.ts";
import { movedAway } from "./ledger-answer.ts";
import { targetFor } from "./own-target.ts";
import { performOnce, type PerformerState } from "./perform.ts";
import { createPlannedLines } from "./planned-lines.ts";
import type { Effects, EffectsOptions } from "./ports.ts";
import { viewRecord } from "./record-view.ts";
import { needEffect, settleEffect } from "./settle.ts";
import { turnOf, turnOfRecord } from "./turns.ts";

/**
 * The writes of one run, over one store: the only way to a server's writing tools. Methods reject with `LEASE_LOST` when
 * another process took the store over, and with store errors; what a server does is an answer.
 */
export function createEffects(options: EffectsOptions): Effects {
  const { store, fence, run, turns } = options;
  const state: PerformerState = { options, plan: new Map((options.plan?.effects ?? []).map((line) => [line.id, line])), budget: createBudget(run.rootRunId), lines: createPlannedLines() };
  // Lost in a crash, a completion is only made again: it need not cost a transaction of its own.
  const completions = new Map<EffectId, string>();
  /** What a transaction took that may still fail. */
  const taken = new WeakMap<StoreTx, readonly (readonly [EffectId, string])[]>();
  const fenced = fence === null ? {} : { fence };
  const durable = { durable: true, ...fenced } as const;
  const quick = { durable: false, ...fenced } as const;
  // Without the fence: what is read stays true when the lease is lost, and the next write is told.
  const reads = { durable: false, reads: true } as const;

  return {
    // Before its identity is known it is not another's either.
    perform: (request) => (request.identityKnown ? turns.take(turnOf(request.identity), () => performOnce(state, request)) : performOnce(state, request)),
    async entry(identity) {
      const id = effectId(identity);
      const entry = await turns.take(turnOf(identity), () => store.transact(reads, (tx) => tx.getEffect(id)));
      if (entry === null || entry.status === "failed") return entry;
      const target = targetFor(entry.identity, entry.server, options);
      if (entry.target !== target) throw asError(movedAway(entry, target));
      return { ...entry, completion: entry.completion ?? completions.get(id) ?? null };
    },
    earlierWindow: createEarlierWindows(store, run),
    record: (key, server) => turns.take(turnOfRecord(key), () => store.transact(reads, (tx) => viewRecord(tx, key, server, options))),
    async settle(effect, evidence) {
      const { identity } = await store.transact(reads, (tx) => needEffect(tx, effect));
      return turns.take(turnOf(identity), () => store.transact(durable, (tx) => settleEffect(tx, effect, evidence, options.clock.now())));
    },
    complete(effect, completion) {
      completions.set(effect, completion);
      return Promise.resolve();
    },
    async flush(tx) {
      if (completions.size === 0) return;
      const all = [...completions];
      taken.set(tx, all);
      completions.clear();
      for (const [effect, completion] of all) await tx.completeEffect(effect, completion);
    },
    restore(tx) {
      for (const [effect, completion] of taken.get(tx) ?? []) completions.set(effect, completion);
    },
    bind: (change) => store.transact(quick, (tx) => bindChange(tx, change, options)),
    bindings: (scope, record) =>
      store.transact(reads, async (tx) => {
        const all = await tx.listBindings({ scope, ...(record === null ? {} : { record }), limit: Number.MAX_SAFE_INTEGER });
        // Generations come in order: the last of a key is the one that counts.
        return [...new Map(all.map((binding) => [turnOfRecord(binding), binding])).values()];
      }),
    plannedEffects: () => state.lines.list(),
  };
}

function asError({ code, message, hint }: ReturnType<typeof movedAway>): OffstageError {
  return new OffstageError(code, message, hint === undefined ? {} : { hint });
}
