import { type Clock, decodeValue, encodeValue, OffstageError } from "../base/index.ts";
import type { CompactedItem, Journal, Value } from "../engine/index.ts";
import type { StepKey } from "../model/index.ts";
import type { JournalRow, StoreTx } from "../state/index.ts";

/** A journal over a store: what is new waits in memory and is written with the next effect's intent, or when enough has gathered. */
export interface StoreJournal extends Journal {
  /** Writes what waits, inside a transaction of the caller's: an intent never becomes durable before what led to it. */
  flush(tx: StoreTx): Promise<void>;
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
  const waiting = new Map<StepKey, JournalRow>();
  const times = new Map<StepKey, number>();
  const written = new KeyTree();
  const toClear: StepKey[] = [];
  let waitingCharacters = 0;
  for (const row of options.rows) written.add(row.key);

  const append = (row: JournalRow): void => {
    waiting.set(row.key, row);
    waitingCharacters += row.value.length;
  };
  const spillIfLarge = async (): Promise<void> => {
    if (waiting.size >= SPILL_ROWS || waitingCharacters >= SPILL_CHARACTERS) await options.spill(flush);
  };
  const flush = async (tx: StoreTx): Promise<void> => {
    if (waiting.size === 0 && toClear.length === 0) return;
    const rows = [...waiting.values()];
    const cleared = toClear.splice(0);
    waiting.clear();
    waitingCharacters = 0;
    for (const key of cleared) await tx.clearJournal(options.runId, key);
    if (rows.length > 0) await tx.appendJournal(options.runId, rows);
    for (const row of rows) written.add(row.key);
  };

  return {
    flush,
    async once(key, hash, perform) {
      const row = known.get(key);
      if (row !== undefined) {
        known.delete(key);
        if (row.hash !== hash) throw mismatch(options.runId, key);
        return decodeValue(row.value) as Value;
      }
      const value = await perform();
      append({ key, kind: "step", hash, value: encodeValue(value) });
      await spillIfLarge();
      return value;
    },
    now(key) {
      const before = times.get(key) ?? numberOf(known.get(key));
      const time = before ?? options.clock.now();
      if (before === undefined) append({ key, kind: "now", hash: NO_HASH, value: String(time) });
      times.set(key, time);
      return time;
    },
    compacted(key) {
      const row = known.get(key);
      return row?.kind === "item" ? (decodeValue(row.value) as unknown as CompactedItem) : undefined;
    },
    async compact(key, item) {
      const below = `${key}/`;
      for (const [other, row] of waiting) {
        if (other !== key && !other.startsWith(below)) continue;
        waiting.delete(other);
        waitingCharacters -= row.value.length;
      }
      if (written.takeBelow(key)) toClear.push(key);
      for (const other of times.keys()) if (other.startsWith(below)) times.delete(other);
      append({ key, kind: "item", hash: NO_HASH, value: encodeValue(item) });
      await spillIfLarge();
    },
  };
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
class KeyTree {
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
