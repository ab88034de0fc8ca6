import { type EffectAnswer, effectId, type EffectId, type EffectRequest, type RecordKey } from "../model/index.ts";

/** The writes that are under way in this process: whoever comes second waits for the first, and reads wait for what they would miss. */
export class InFlight {
  readonly #byEffect = new Map<EffectId, Promise<EffectAnswer>>();
  readonly #byRecord = new Map<string, Set<Promise<EffectAnswer>>>();

  /** Starts a write, unless the same one is under way: then its answer, as one that was given before. */
  async perform(request: EffectRequest, start: () => Promise<EffectAnswer>): Promise<EffectAnswer> {
    const id = effectId(request.identity);
    const running = request.identityKnown ? this.#byEffect.get(id) : undefined;
    if (running !== undefined) {
      const answer = await running;
      return answer.kind === "done" ? { ...answer, replayed: true } : answer;
    }
    const mine = start();
    if (request.identityKnown) this.#byEffect.set(id, mine);
    const forget = request.identity.kind === "record" ? this.#remember(nameOf(request.identity), mine) : () => undefined;
    try {
      return await mine;
    } finally {
      if (this.#byEffect.get(id) === mine) this.#byEffect.delete(id);
      forget();
    }
  }

  /** Resolves when the write, if it is under way, has ended; how it ends is its asker's matter. */
  async ended(effect: EffectId): Promise<void> {
    await this.#byEffect.get(effect)?.catch(() => undefined);
  }

  /** The same for all writes of a record's identity. */
  async endedOf(key: RecordKey): Promise<void> {
    for (const running of this.#byRecord.get(nameOf(key)) ?? []) await running.catch(() => undefined);
  }

  #remember(name: string, mine: Promise<EffectAnswer>): () => void {
    const set = this.#byRecord.get(name) ?? new Set();
    this.#byRecord.set(name, set.add(mine));
    return () => {
      set.delete(mine);
      if (set.size === 0) this.#byRecord.delete(name);
    };
  }
}

function nameOf({ scope, record, key }: RecordKey): string {
  return JSON.stringify([scope, record, key]);
}
