import { type ErrorData, toErrorData } from "offstage/base";
import { catalogueOf, compareTool, type Lock, lockedTool, type RawTool, toolChanged } from "offstage/tools";
import type { ServerPool } from "offstage/mcp";

/** Compares what servers offer with what was pinned. */
export interface LockGuard {
  /** When a run begins: starts a server and reads its tools, anew unless that was a moment ago; resolves with why it cannot be reached, else null. Its first call would say the same. */
  readonly connect: (server: string) => Promise<ErrorData | null>;
  /** Before a call: reads a server's tools anew if it was started anew, said that they changed, or was not asked for a minute; rejects when they cannot be read. */
  readonly refresh: (server: string) => Promise<void>;
  /** `NOT_LOCKED`, `TOOL_CHANGED`, or null when the tool is as it was pinned. */
  readonly fault: (server: string, tool: string) => ErrorData | null;
}

/** A server may be another one since the run before. Runs that begin at once, as those of a storm of events do, ask it together. Ms. */
const A_MOMENT = 5_000;

/** Guards the tools of a pool by a lock, as it is at that moment. `onChanged` hears of each tool once a lock: when its fault is first asked for and it is not as it was pinned. */
export function createLockGuard(lockNow: () => Lock, pool: Pick<ServerPool, "catalogue">, onChanged: (server: string, tool: string) => void = () => undefined): LockGuard {
  const told = new WeakMap<Lock, Set<string>>();
  const current = new Map<string, { readonly listing: unknown; readonly tools: ReadonlyMap<string, RawTool> }>();

  const refresh = async (server: string, atMostMs?: number): Promise<void> => {
    if (!lockNow().servers.has(server)) return;
    const listing = await pool.catalogue(server, atMostMs);
    if (current.get(server)?.listing !== listing) current.set(server, { listing, tools: catalogueOf(listing).catalogue.tools });
  };
  return {
    async connect(server) {
      try {
        await refresh(server, A_MOMENT);
        return null;
      } catch (error) {
        current.delete(server);
        return toErrorData(error);
      }
    },
    refresh: (server) => refresh(server),
    fault(server, tool) {
      try {
        const lock = lockNow();
        const pinned = lockedTool(lock, server, tool);
        const offered = current.get(server)?.tools;
        const change = offered === undefined ? null : compareTool(tool, pinned, offered.get(tool));
        if (change === null) return null;
        const key = JSON.stringify([server, tool]);
        const before = told.get(lock) ?? new Set();
        if (!before.has(key)) onChanged(server, tool);
        told.set(lock, before.add(key));
        return toErrorData(toolChanged(server, change));
      } catch (error) {
        return toErrorData(error);
      }
    },
  };
}
