import { type Clock, type Data, stringifyExact } from "../base/index.ts";
import { ttlOf } from "./read-list.ts";

/** Resources that a server said would hold for a while (SEP-2549), as they came. One for each connection: never across servers or whom they speak to. */
export interface ReadCache {
  get(uri: string): Data | undefined;
  /** Before the question is sent; what is forgotten from then on is not kept when its answer comes. */
  ask(): ReadTicket;
  put(uri: string, result: Data, ticket: ReadTicket): void;
  /** One, or all. */
  forget(uri?: string): void;
}

/** How often something had been forgotten. */
type ReadTicket = number;

/** The newest so many. */
const MOST_KEPT = 64;
/** UTF-16 units of one; larger ones are read again. */
const LARGEST = 1_048_576;
/** Longer than this nothing holds, whatever its server says: a day, ms. */
const LONGEST_MS = 86_400_000;

/** See {@link ReadCache}. */
export function createReadCache(clock: Clock): ReadCache {
  const kept = new Map<string, { readonly result: Data; readonly until: number }>();
  let forgotten = 0;
  return {
    ask: () => forgotten,
    get(uri) {
      const found = kept.get(uri);
      if (found === undefined || clock.now() < found.until) return found?.result;
      kept.delete(uri);
      return undefined;
    },
    put(uri, result, ticket) {
      if (ticket !== forgotten) return;
      kept.delete(uri);
      const ttlMs = ttlOf(typeof result === "object" && result !== null && !Array.isArray(result) ? (result as { readonly [name: string]: Data }) : {}) ?? 0;
      if (ttlMs === 0 || stringifyExact(result).length > LARGEST) return;
      kept.set(uri, { result, until: clock.now() + Math.min(ttlMs, LONGEST_MS) });
      const oldest = kept.keys().next();
      if (kept.size > MOST_KEPT && oldest.done !== true) kept.delete(oldest.value);
    },
    forget(uri) {
      forgotten += 1;
      if (uri === undefined) kept.clear();
      else kept.delete(uri);
    },
  };
}
