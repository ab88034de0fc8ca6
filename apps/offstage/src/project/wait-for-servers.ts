import type { ErrorData } from "offstage/base";
import type { CommandIo } from "../command-io.ts";
import { escapeControls } from "../terminal.ts";
import type { LockGuard } from "./lock-guard.ts";

/** A server that a run needs and that could not be reached when it began. */
export interface UnreachedServer {
  readonly server: string;
  readonly error: ErrorData;
}

/** Who starts within this is not worth a word. */
const PATIENCE_MS = 3_000;

/**
 * Starts the servers of a run side by side; says which of them it waits for when that takes long. Those that cannot be reached are
 * given back: the run may never call them. Ctrl-C ends the waiting, not the servers' starts: closing the pool does.
 */
export async function waitForServers(io: Pick<CommandIo, "terminal" | "clock" | "signal">, guard: Pick<LockGuard, "connect">, servers: readonly string[]): Promise<readonly UnreachedServer[]> {
  if (servers.length === 0) return [];
  const pending = new Set(servers);
  const unreached: UnreachedServer[] = [];
  const over = new AbortController();
  const started = Promise.all(servers.map(async (server) => {
    const error = await guard.connect(server);
    pending.delete(server);
    if (error !== null) unreached.push({ server, error });
  }));
  void io.clock.sleep(PATIENCE_MS, over.signal).then(() => {
    if (!over.signal.aborted) io.terminal.note(`Waiting for ${[...pending].map((server) => escapeControls(server)).join(", ")} to start …`);
  });
  await Promise.race([started, aborted(io.signal, over.signal)]);
  over.abort();
  return unreached.toSorted((a, b) => (a.server < b.server ? -1 : 1));
}

/** Resolves when `signal` is aborted; `over` lets go of it. */
function aborted(signal: AbortSignal, over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true, signal: over });
  });
}
