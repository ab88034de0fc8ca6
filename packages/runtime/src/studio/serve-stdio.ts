import { StdioServerTransport, serveStdio } from "@modelcontextprotocol/server/stdio";
import type { Readable, Writable } from "node:stream";
import { OffstageError } from "../base/index.ts";
import { LONGEST_DRAFT } from "./drafts.ts";
import { createStudioServer, type StudioServerOptions } from "./mcp-server.ts";

/** Bytes that are held of what a client says before a message is whole. */
const LONGEST_MESSAGE = 10 * 1024 * 1024;

/** Where a client speaks and listens, and what hears of messages that are none. */
export interface StdioStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly failed: (error: Error) => void;
}

/**
 * Serves one client over stdio, in whichever era it begins. Resolves when it has gone or `stopping` is aborted. Errors: `LIMIT_SIZE` for a message that is too long to be held: whose it
 * is stands somewhere in it, so it is not answered, and nothing after it is.
 */
export async function serveStudioOverStdio(options: StudioServerOptions, { stdin, stdout, failed }: StdioStreams, stopping: AbortSignal): Promise<void> {
  const gone = Promise.withResolvers<void>();
  stopping.addEventListener("abort", () => gone.resolve(), { once: true });
  if (stopping.aborted) gone.resolve();
  stdin.once("error", () => gone.resolve());
  const transport = new StdioServerTransport(stdin, stdout, { maxBufferSize: LONGEST_MESSAGE });
  const handle = serveStdio(() => createStudioServer(options), { transport, onerror: failed });
  // The transport closes itself: when the client has gone, and when it cannot go on with what came. Whoever serves over it listens to that too.
  const { onclose } = transport;
  transport.onclose = () => {
    onclose?.();
    if (stdin.readableEnded || stdin.destroyed || stdout.errored !== null || stopping.aborted) gone.resolve();
    else gone.reject(new OffstageError("LIMIT_SIZE", `The client sent a message of more than ${LONGEST_MESSAGE >> 20} MiB.`, { hint: `Texts of drafts are short: the longest has ${LONGEST_DRAFT} characters. Start it again.` }));
  };
  try {
    await gone.promise;
  } finally {
    await handle.close();
  }
}
