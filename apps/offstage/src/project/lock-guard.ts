import { type ErrorData, toErrorData } from "offstage/base";
import { catalogueOf, compareTool, type Lock, lockedTool, type RawTool, toolChanged } from "offstage/tools";
import type { ServerPool } from "offstage/mcp";

/** Compares what servers offer with what was pinned. */
export interface LockGuard {
  /** Starts a server and reads its tools; resolves with why it cannot be reached, else null. Its first call would say the same. */
  readonly connect: (server: string) => Promise<ErrorData | null>;
  /** Reads a server's tools anew if it was started anew or said that they changed; rejects when they cannot be read. */
  readonly refresh: (server: string) => Promise<void>;
  /** `NOT_LOCKED`, `TOOL_CHANGED`, or null when the tool is as it was pinned. */
  readonly fault: (server: string, tool: string) => ErrorData | null;
}

/** Guards the tools of a pool by a lock. */
export function createLockGuard(lock: Lock, pool: Pick<ServerPool, "catalogue">): LockGuard {
  const current = new Map<string, { readonly listing: unknown; readonly tools: ReadonlyMap<string, RawTool> }>();

  const refresh = async (server: string): Promise<void> => {
    if (!lock.servers.has(server)) return;
    const listing = await pool.catalogue(server);
    if (current.get(server)?.listing !== listing) current.set(server, { listing, tools: catalogueOf(listing).catalogue.tools });
  };
  return {
    async connect(server) {
      try {
        await refresh(server);
        return null;
      } catch (error) {
        current.delete(server);
        return toErrorData(error);
      }
    },
    refresh,
    fault(server, tool) {
      try {
        const pinned = lockedTool(lock, server, tool);
        const offered = current.get(server)?.tools;
        const change = offered === undefined ? null : compareTool(tool, pinned, offered.get(tool));
        return change === null ? null : toErrorData(toolChanged(server, change));
      } catch (error) {
        return toErrorData(error);
      }
    },
  };
}
