import type { RecordKey } from "../model/index.ts";
import type { Strand } from "./strand.ts";

/** Notes that an identity occurs: whatever becomes of its ensure, it is no orphan. */
export function noteVisit(c: Strand, key: RecordKey): void {
  c.visited = true;
  c.run.sweep?.visited.add(visitName(key));
}

/** Notes that there may be more than the sweep sees; the first reason is told. */
export function noteLost(c: Strand, why: string): void {
  if (c.run.sweep !== null) c.run.sweep.lost ??= why;
}

/** Notes that a list was not read to its end; what looks for the traces of a write looks for nothing else. */
export function noteTruncated(c: Strand, what: string): void {
  if (c.probe !== null) return;
  c.missedRead = true;
  noteLost(c, what);
}

/** How an item ended, for a sweep. */
export interface ItemEnd {
  /** One that failed at its record left out no other: neither in it nor, where it ends the loop, behind it. */
  readonly visitsOne: boolean;
  readonly reachedItsEnd: boolean;
}

/**
 * An item that came to nothing, or caught that something could not be read or kept, before it came to all of its records: which identities it would have visited is not known. It is looked at
 * again when the run goes on.
 */
export function noteItem(child: Strand, key: string, { visitsOne, reachedItsEnd }: ItemEnd): void {
  if (child.run.sweep === null || (reachedItsEnd && !child.missedRead && !child.missedRecord)) return;
  child.unsettled = true;
  if (visitsOne && child.visited && !child.missedRead) return;
  noteLost(child, child.visited ? `${key} may have ended before it came to all of its records` : `${key} ended before it came to its record`);
}

/** An identity, for a sweep's notes. */
export function visitName({ scope, record, key }: RecordKey): string {
  return JSON.stringify([scope, record, key]);
}
