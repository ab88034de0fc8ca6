import { type ErrorData, toErrorData } from "offstage/base";
import { catalogueOf, compareTool, type Lock, lockedTool, type RawTool, toolChanged } from "offstage/tools";
import type { ServerPool } from "offstage/mcp";

/** Compares what servers offer with what was pinned. */
export interface LockGuard {
  /** Starts servers and reads their tools; a server that cannot be reached is told by the first call of it. */
  readonly connect: (servers: readonly string[]) => Promise<void>;
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
  // The call says why the server is not there, where it matters to somebody.
  const read = (server: string): Promise<unknown> => refresh(server).catch(() => current.delete(server));
  return {
    connect: async (servers) => void (await Promise.all(servers.map(read))),
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
