import { type Clock, decodeValue, encodeValue, OffstageError } from "../base/index.ts";
import type { CompactedItem, Journal, Value } from "../engine/index.ts";
import type { StepKey } from "../model/index.ts";
import type { JournalRow, Store, StoreTx } from "../state/index.ts";

/** A journal over a store: what is new waits in memory and is written with the next effect's intent, or when enough has gathered. */
export interface StoreJournal extends Journal {
  /** Writes what waits, inside a transaction of the caller's: an intent never becomes durable before what led to it. */
  flush(tx: StoreTx): Promise<void>;
  /** What was flushed in this transaction waits again: it did not commit. */
  restore(tx: StoreTx): void;
}

/** A store whose failed transactions give the journal back what they took: other items of the run may go on meanwhile, and a store may make a transaction again. */
export function keepingJournal(store: Store, journal: Pick<StoreJournal, "restore">): Store {
  return {
    ...store,
    async transact(how, body) {
      let begun: StoreTx | null = null;
      try {
        return await store.transact(how, (tx) => {
          if (begun !== null) journal.restore(begun);
          begun = tx;
          return body(tx);
        });
      } catch (error) {
        if (begun !== null) journal.restore(begun);
        throw error;
      }
    },
  };
}

/** What {@link createStoreJournal} needs. */
export interface StoreJournalOptions {
  readonly runId: string;
  /** What the run journaled before it was interrupted. */
  readonly rows: readonly JournalRow[];
  readonly clock: Clock;
  /** Runs a transaction of its own for the waiting rows; called when they exceed the limits below. */
  readonly spill: (flush: (tx: StoreTx) => Promise<void>) => Promise<void>;
}

const SPILL_ROWS = 1_000;
const SPILL_CHARACTERS = 4 << 20;
const NO_HASH = "";

/**
 * A journal that batches. A crash loses only what was not yet written, and nothing durable depends on that: rows are
 * written in the order they arose, and before any intent. Rows of a finished item that were not yet written never are.
 */
export function createStoreJournal(options: StoreJournalOptions): StoreJournal {
  const known = new Map<StepKey, JournalRow>(options.rows.map((row) => [row.key, row]));
  const times = new Map<StepKey, number>();
  const waiting = new WaitingRows(options.runId, options.rows);
  const spillIfMany = async (): Promise<void> => {
    if (waiting.isMany()) await options.spill((tx) => waiting.flush(tx));
  };
  return {
    flush: (tx) => waiting.flush(tx),
    restore: (tx) => waiting.restore(tx),
    async once(key, hash, perform) {
      const row = known.get(key);
      if (row !== undefined) {
        // Asked once in a life of the process: a long run need not hold what it has used.
        known.delete(key);
        if (row.hash !== hash) throw mismatch(options.runId, key);
        return decodeValue(row.value) as Value;
      }
      const value = await perform();
      waiting.add({ key, kind: "step", hash, value: encodeValue(value) });
      await spillIfMany();
      return value;
    },
    now(key) {
      const before = times.get(key) ?? numberOf(known.get(key));
      const time = before ?? options.clock.now();
      if (before === undefined) waiting.add({ key, kind: "now", hash: NO_HASH, value: String(time) });
      times.set(key, time);
      return time;
    },
    compacted(key) {
      const row = known.get(key);
      return row?.kind === "item" ? (decodeValue(row.value) as unknown as CompactedItem) : undefined;
    },
    async compact(key, item) {
      const below = `${key}/`;
      for (const other of times.keys()) if (other.startsWith(below)) times.delete(other);
      waiting.replaceBelow({ key, kind: "item", hash: NO_HASH, value: encodeValue(item) });
      await spillIfMany();
    },
  };
}

/** What is to be written to the store with the next intent. */
class WaitingRows {
  readonly #runId: string;
  readonly #rows = new Map<StepKey, JournalRow>();
  readonly #toClear: StepKey[] = [];
  readonly #written = new WrittenKeys();
  /** What a transaction took that may still fail; gone with it when it does not. */
  readonly #taken = new WeakMap<StoreTx, { readonly rows: readonly JournalRow[]; readonly cleared: readonly StepKey[] }>();
  #characters = 0;

  constructor(runId: string, written: readonly JournalRow[]) {
    this.#runId = runId;
    for (const row of written) this.#written.add(row.key);
  }

  add(row: JournalRow): void {
    this.#rows.set(row.key, row);
    this.#characters += row.value.length;
  }

  /** Puts `row` in the place of everything at its key and below. */
  replaceBelow(row: JournalRow): void {
    const below = `${row.key}/`;
    for (const [key, { value }] of this.#rows) {
      if (key !== row.key && !key.startsWith(below)) continue;
      this.#rows.delete(key);
      this.#characters -= value.length;
    }
    if (this.#written.takeBelow(row.key)) this.#toClear.push(row.key);
    this.add(row);
  }

  isMany(): boolean {
    return this.#rows.size >= SPILL_ROWS || this.#characters >= SPILL_CHARACTERS;
  }

  async flush(tx: StoreTx): Promise<void> {
    if (this.#rows.size === 0 && this.#toClear.length === 0) return;
    const rows = [...this.#rows.values()];
    const cleared = this.#toClear.splice(0);
    this.#rows.clear();
    this.#characters = 0;
    this.#taken.set(tx, { rows, cleared });
    for (const key of cleared) await tx.clearJournal(this.#runId, key);
    if (rows.length > 0) await tx.appendJournal(this.#runId, rows);
    for (const row of rows) this.#written.add(row.key);
  }

  /** Before what arose since, so that the order stays; without what was compacted since. */
  restore(tx: StoreTx): void {
    const taken = this.#taken.get(tx);
    if (taken === undefined) return;
    const newer = [...this.#rows.values()];
    const compacted = [...this.#toClear];
    this.#rows.clear();
    this.#characters = 0;
    for (const row of taken.rows) if (!compacted.some((key) => row.key === key || row.key.startsWith(`${key}/`))) this.add(row);
    for (const row of newer) this.add(row);
    this.#toClear.unshift(...taken.cleared);
  }
}

function numberOf(row: JournalRow | undefined): number | undefined {
  return row?.kind === "now" ? Number(row.value) : undefined;
}

function mismatch(runId: string, key: StepKey): OffstageError {
  return new OffstageError("JOURNAL_MISMATCH", `Run ${runId} was resumed and asked something else at ${key} than it did before.`, {
    hint: "This is a fault of Offstage or of an edited store. Start a new run; effects that are done stay done.",
  });
}

/** Which keys are in the store, so that compaction clears only where there is something to clear. */
class WrittenKeys {
  readonly #counts = new Map<string, number>();

  add(key: StepKey): void {
    for (const prefix of prefixesOf(key)) this.#counts.set(prefix, (this.#counts.get(prefix) ?? 0) + 1);
  }

  /** True when the store has rows at `key` or below; forgets them. */
  takeBelow(key: StepKey): boolean {
    const count = this.#counts.get(key) ?? 0;
    if (count === 0) return false;
    for (const prefix of prefixesOf(key)) this.#counts.set(prefix, (this.#counts.get(prefix) ?? 0) - count);
    this.#counts.delete(key);
    return true;
  }
}

function prefixesOf(key: StepKey): readonly string[] {
  const prefixes: string[] = [];
  for (let end = key.indexOf("/"); end !== -1; end = key.indexOf("/", end + 1)) prefixes.push(key.slice(0, end));
  prefixes.push(key);
  return prefixes;
}
