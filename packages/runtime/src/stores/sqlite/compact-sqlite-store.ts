import type { CompactOptions } from "./compact.ts";

/**
 * Writes the store's file anew, without the space that removed rows left; returns its size in bytes before and after. It needs as much free space as the store holds, and nobody else writes meanwhile. Who is
 * killed leaves it as it was. Errors: `STORE_LOCKED` while a process drives the store, and those of `openSqliteStore`.
 */
export async function compactSqliteStore(options: CompactOptions): Promise<{ readonly before: number; readonly after: number }> {
  return (await import("./compact.ts")).compact(options);
}
