import { effectId, type EffectIdentity, type RecordKey } from "../model/index.ts";

/**
 * Whose turn it is with an identity, among all runs of a process: one attempt at it ends before the next one, or a look at what
 * became of it, begins. What the store calls intended is therefore never under way in this process, but was interrupted.
 */
export interface Turns {
  /** Runs `body` when everything that came before under this name has ended; how that ended is its asker's matter. Bodies take no turns themselves. */
  take<T>(name: string, body: () => Promise<T>): Promise<T>;
}

/** One for each process and store. */
export function createTurns(): Turns {
  const last = new Map<string, Promise<unknown>>();
  return {
    async take(name, body) {
      const before = last.get(name);
      const mine = before === undefined ? body() : before.then(body, body);
      last.set(name, mine);
      try {
        return await mine;
      } finally {
        if (last.get(name) === mine) last.delete(name);
      }
    },
  };
}

/** All writes of one record's identity share a turn; any other effect has its own. */
export function turnOf(identity: EffectIdentity): string {
  return identity.kind === "record" ? turnOfRecord(identity) : effectId(identity);
}

/** The turn of a record's identity. */
export function turnOfRecord({ scope, record, key }: RecordKey): string {
  return JSON.stringify([scope, record, key]);
}
