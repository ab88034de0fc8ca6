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

/**
 * An item that came to nothing, or caught that something could not be read, before it came to a record: which identity it would have visited is not known. It is looked at again when the
 * run goes on.
 */
export function noteItem(child: Strand, key: string, reachedItsEnd: boolean): void {
  if (child.visited || (reachedItsEnd && !child.missedRead)) return;
  child.unsettled ||= child.run.sweep !== null;
  noteLost(child, `${key} ended before it came to its record`);
}

/** An identity, for a sweep's notes. */
export function visitName({ scope, record, key }: RecordKey): string {
  return JSON.stringify([scope, record, key]);
}
