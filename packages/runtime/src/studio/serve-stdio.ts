import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Readable, Writable } from "node:stream";
import { createStudioServer, type StudioServerOptions } from "./mcp-server.ts";

/** Where a client speaks and listens, and what hears of messages that are none. */
export interface StdioStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly failed: (error: Error) => void;
}

/** Serves one client over stdio, in whichever era it begins. Resolves when it has gone or `stopping` is aborted. */
export async function serveStudioOverStdio(options: StudioServerOptions, { stdin, stdout, failed }: StdioStreams, stopping: AbortSignal): Promise<void> {
  const gone = Promise.withResolvers<void>();
  for (const event of ["end", "close", "error"]) stdin.once(event, () => gone.resolve());
  stopping.addEventListener("abort", () => gone.resolve(), { once: true });
  if (stopping.aborted) gone.resolve();
  const handle = serveStdio(() => createStudioServer(options), { transport: new StdioServerTransport(stdin, stdout), onerror: failed });
  try {
    await gone.promise;
  } finally {
    await handle.close();
  }
}
