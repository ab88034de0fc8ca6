import { decodeValue, encodeValue } from "../base/index.ts";
import { earlierKey } from "../engine/index.ts";
import type { Run } from "../model/index.ts";
import type { JournalRow, StoreTx } from "../state/index.ts";

/** Steps of which what they came to was done: time passed, an event came. Not `poll`, which reads; what a person answered is found by its topic. */
const WAIT = /(?:^|\/)(?:sleep|until|waitFor)#\d+$/;

/** When a `once … for:` was come to. */
const WINDOW = /\/window$/;

/**
 * Hands what a run waited for to the run that continues it: no time passes again, and an event that came, comes to it too. Waits within items of an `each` that were finished are not among it: their rows are compacted. And when it came to a `once … for:`: what a person
 * permits of that, or what is tried again, is of that time; what was written then, also in items that were finished, the ledger knows.
 */
export async function keepWaits(tx: StoreTx, from: Run, to: Run): Promise<void> {
  const journal = await tx.loadJournal(from.id);
  const over = journal.filter(({ kind, key }) => kind === "step" && WAIT.test(key));
  const windows = journal.filter(({ kind, key }) => kind === "now" && WINDOW.test(key));
  const rows = over.map(({ key, hash, value }): JournalRow => ({ key: earlierKey(key), kind: "item", hash: "", value: encodeValue({ result: { hash, answer: decodeValue(value) }, staged: [] }) }));
  if (rows.length + windows.length > 0) await tx.appendJournal(to.id, [...rows, ...windows]);
}
