import type { Data, OffstageError } from "../../base/index.ts";

/**
 * Where the tokens of logins are kept, sealed. Every document has an id; who changes one holds its lock, also against other
 * processes. A file for each on disk, or whatever fits. Errors of all: `TOKENS_UNREADABLE`, `STORE_FULL`, `STORE_UNAVAILABLE`.
 */
export interface TokenStore {
  /** Everything that can be opened; what cannot is told beside it. */
  list(): Promise<StoredTokens>;
  /** As it is now on disk; null when there is none. */
  read(id: string): Promise<Data | null>;
  /** Runs `work` while no other caller, of whatever process, does so for the same id. A process that dies lets go. */
  exclusively<T>(id: string, work: () => Promise<T>): Promise<T>;
  /** Replaces a document in one step that survives a kill and a power cut. It is on disk when this returns, before the promise is awaited. */
  write(id: string, document: Data): Promise<void>;
  /** False when there was none. */
  remove(id: string): Promise<boolean>;
}

/** What {@link TokenStore.list} finds. */
export interface StoredTokens {
  readonly documents: readonly { readonly id: string; readonly document: Data }[];
  readonly unreadable: readonly OffstageError[];
}

/** Tokens of this process only. */
export function createMemoryTokenStore(): TokenStore {
  const documents = new Map<string, Data>();
  const queues = new Map<string, Promise<unknown>>();
  return {
    list: () => Promise.resolve({ documents: [...documents].map(([id, document]) => ({ id, document })), unreadable: [] }),
    read: (id) => Promise.resolve(documents.get(id) ?? null),
    exclusively(id, work) {
      const mine = (queues.get(id) ?? Promise.resolve()).then(work);
      queues.set(id, mine.catch(() => undefined));
      return mine;
    },
    write: (id, document) => Promise.resolve(void documents.set(id, document)),
    remove: (id) => Promise.resolve(documents.delete(id)),
  };
}
