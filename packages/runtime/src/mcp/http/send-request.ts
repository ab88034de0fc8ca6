import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { FetchLike } from "@modelcontextprotocol/client";
import type { OffstageError } from "../../base/index.ts";
import { unreachable } from "./http-failures.ts";
import { proxiesOf } from "./proxies-of.ts";

/** Where and how requests go. */
export interface SendingOptions {
  readonly server: string;
  readonly url: string;
  /** Ours: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` of it, in either case. */
  readonly inheritedEnv: { readonly [name: string]: string | undefined };
  /** Static headers of the config; those of the protocol count before them. */
  readonly headers: { readonly [name: string]: string };
}

/**
 * Sends requests without a time limit of its own: those of calls are ours. A request for which no connection came about rejects with
 * `SERVER_UNREACHABLE`; any other failure as it is: then nobody knows what the server got.
 */
export function createSendRequest(options: SendingOptions): { readonly send: FetchLike; close(): Promise<void> } {
  let opening: Promise<Line> | null = null;
  return {
    async send(input, init) {
      const line = await (opening ??= openLine(options));
      const headers = new Headers(init?.headers);
      for (const [name, value] of Object.entries(options.headers)) if (!headers.has(name)) headers.set(name, value);
      try {
        return await line.fetch(input, { ...init, headers });
      } catch (error) {
        throw neverConnected(error, line, options) ?? error;
      }
    },
    async close() {
      await (await opening)?.close();
    },
  };
}

interface Line {
  readonly fetch: FetchLike;
  /** Whether undici met this error while it connected, TLS and a proxy's tunnel included. */
  isOfConnecting(error: Error): boolean;
  close(): Promise<void>;
}

/** Told by undici for each connection that does not come about; the requests that waited for it fail with the same error. */
const CONNECT_ERROR = "undici:client:connectError";

/** Loaded when a server is reached over HTTP, and not before. */
async function openLine({ inheritedEnv }: SendingOptions): Promise<Line> {
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  const dispatcher = new EnvHttpProxyAgent({ headersTimeout: 0, bodyTimeout: 0, ...proxiesOf(inheritedEnv) });
  const errors = new WeakSet<Error>();
  const hear = (message: unknown): void => {
    const { error } = message as { readonly error: Error & { code?: string } };
    errors.add(error);
    // By this code undici connects again, at once and for ever: to a proxy that hangs up, over a thousand times a second.
    if (error.code === "UND_ERR_SOCKET") error.code = "UND_ERR_CONNECT";
  };
  subscribe(CONNECT_ERROR, hear);
  return {
    fetch: ((input: string | URL, init?: RequestInit) => fetch(input, { ...init, dispatcher } as never)) as unknown as FetchLike,
    isOfConnecting: (error) => errors.has(error),
    async close() {
      unsubscribe(CONNECT_ERROR, hear);
      await dispatcher.destroy();
    },
  };
}

/** By where it failed and not by its code: a host that goes out of reach and a broken TLS record have the same codes in the middle of an answer. */
function neverConnected(error: unknown, line: Line, { server, url }: SendingOptions): OffstageError | null {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (line.isOfConnecting(cause)) return unreachable(server, url, String((cause as NodeJS.ErrnoException).code ?? ""), cause.message);
  }
  return null;
}
