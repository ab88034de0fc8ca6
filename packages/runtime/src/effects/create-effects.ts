import { OffstageError } from "../base/index.ts";
import { type EffectAnswer, effectId, type EffectId, type RecordKey } from "../model/index.ts";
import { bindChange } from "./bind.ts";
import { createBudget } from "./budget.ts";
import { movedAway } from "./ledger-answer.ts";
import { performOnce, type PerformerState } from "./perform.ts";
import { createPlannedLines } from "./planned-lines.ts";
import type { Effects, EffectsOptions } from "./ports.ts";
import { viewRecord } from "./record-view.ts";
import { needEffect, settleEffect } from "./settle.ts";

/**
 * The writes of one run, over one store: the only way to a server's writing tools. Methods reject with `LEASE_LOST` when
 * another process took the store over, and with store errors; what a server does is an answer.
 */
export function createEffects(options: EffectsOptions): Effects {
  const { store, fence, run } = options;
  const state: PerformerState = { options, plan: new Map((options.plan?.effects ?? []).map((line) => [line.id, line])), budget: createBudget(run.id), lines: createPlannedLines() };
  const inFlight = new Map<EffectId, Promise<EffectAnswer>>();
  const ofRecord = new Map<string, Set<Promise<EffectAnswer>>>();
  // Lost in a crash, a completion is only made again: it need not cost a transaction of its own.
  const completions = new Map<EffectId, string>();
  const fenced = fence === null ? {} : { fence };
  const durable = { durable: true, ...fenced } as const;
  const quick = { durable: false, ...fenced } as const;
  const reads = { ...quick, reads: true } as const;

  return {
    async perform(request) {
      const id = effectId(request.identity);
      const running = request.identityKnown ? inFlight.get(id) : undefined;
      if (running !== undefined) {
        const answer = await running;
        return answer.kind === "done" ? { ...answer, replayed: true } : answer;
      }
      const mine = performOnce(state, request);
      if (request.identityKnown) inFlight.set(id, mine);
      const forget = request.identity.kind === "record" ? remember(ofRecord, nameOf(request.identity), mine) : () => undefined;
      try {
        return await mine;
      } finally {
        if (inFlight.get(id) === mine) inFlight.delete(id);
        forget();
      }
    },
    async entry(identity) {
      const id = effectId(identity);
      await settled(inFlight.get(id));
      const entry = await store.transact(reads, (tx) => tx.getEffect(id));
      if (entry === null || entry.status === "failed") return entry;
      const target = options.targetOf(entry.server);
      if (entry.target !== target) throw asError(movedAway(entry, target));
      return { ...entry, completion: entry.completion ?? completions.get(id) ?? null };
    },
    async record(key, server) {
      for (const running of ofRecord.get(nameOf(key)) ?? []) await settled(running);
      return store.transact(reads, (tx) => viewRecord(tx, key, server, options));
    },
    async settle(effect, evidence) {
      await settled(inFlight.get(effect));
      return store.transact(durable, (tx) => settleEffect(tx, effect, evidence, options.clock.now()));
    },
    complete(effect, completion) {
      completions.set(effect, completion);
      return Promise.resolve();
    },
    async flush(tx) {
      for (const [effect, completion] of completions) {
        const entry = await needEffect(tx, effect);
        if (entry.status === "done" && entry.completion === null) await tx.putEffect({ ...entry, completion }, "done");
        completions.delete(effect);
      }
    },
    bind: (change) => store.transact(quick, (tx) => bindChange(tx, change, options)),
    bindings: (scope, record) =>
      store.transact(reads, async (tx) => {
        const all = await tx.listBindings({ scope, record, limit: Number.MAX_SAFE_INTEGER });
        // Generations come in order: the last of a key is the one that counts.
        return [...new Map(all.map((binding) => [binding.key, binding])).values()];
      }),
    plannedEffects: () => state.lines.list(),
  };
}

/** Waits for a write that is in flight in this process; how it ends is its asker's matter. */
async function settled(running: Promise<EffectAnswer> | undefined): Promise<void> {
  await running?.catch(() => undefined);
}

function remember(running: Map<string, Set<Promise<EffectAnswer>>>, name: string, mine: Promise<EffectAnswer>): () => void {
  const set = running.get(name) ?? new Set();
  running.set(name, set.add(mine));
  return () => {
    set.delete(mine);
    if (set.size === 0) running.delete(name);
  };
}

function nameOf({ scope, record, key }: RecordKey): string {
  return JSON.stringify([scope, record, key]);
}

function asError({ code, message, hint }: ReturnType<typeof movedAway>): OffstageError {
  return new OffstageError(code, message, hint === undefined ? {} : { hint });
}
