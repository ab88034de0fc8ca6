import { type Data, type DataChange, diffData, stringifyExact } from "../base/index.ts";
import type { RecordedCall } from "./fixture.ts";

/** A recorded call that a test's call comes close to. */
export interface NearestCall {
  readonly call: RecordedCall;
  /** Its place in the fixture, from 0. */
  readonly index: number;
  readonly changes: readonly DataChange[];
}

/** The recorded call of the same tool whose arguments differ least; null when the tool was never called. */
export function nearestCall(calls: readonly RecordedCall[], wanted: Pick<RecordedCall, "server" | "tool" | "args">): NearestCall | null {
  let nearest: (NearestCall & { readonly distance: number }) | null = null;
  for (const [index, call] of calls.entries()) {
    if (call.server !== wanted.server || call.tool !== wanted.tool) continue;
    const changes = diffData(call.args, wanted.args);
    const distance = changes.reduce((sum, change) => sum + weight(change), 0);
    if (nearest === null || distance < nearest.distance) nearest = { call, index, changes, distance };
  }
  return nearest;
}

/** How far apart two values are: whole places count first, then how much of two texts is alike. */
function weight({ before, after }: DataChange): number {
  if (typeof before !== "string" || typeof after !== "string") return 1;
  const longest = Math.max(before.length, after.length);
  return longest === 0 ? 0 : 1 - (alike(before, after) / longest) * 0.9;
}

/** Characters that two texts have in common at both ends. */
function alike(a: string, b: string): number {
  const shortest = Math.min(a.length, b.length);
  let start = 0;
  while (start < shortest && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < shortest - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return start + end;
}

/** The difference as lines: `-` what is recorded, `+` what was asked. */
export function changeLines(changes: readonly DataChange[]): readonly string[] {
  return changes.flatMap(({ path, before, after }) => [
    ...(before === undefined ? [] : [`- ${path}: ${shown(before)}`]),
    ...(after === undefined ? [] : [`+ ${path}: ${shown(after)}`]),
  ]);
}

const LONGEST = 300;

/** A value on one line. */
export function shown(value: Data): string {
  const text = stringifyExact(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}
