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

/** What the system says when no connection came about: then nothing was sent. Codes of Node, of OpenSSL and of undici. */
const NEVER_CONNECTED = /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|UND_ERR_CONNECT_TIMEOUT|ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL_\w+|CERT_\w+|UNABLE_TO_\w+|SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|ERR_INVALID_URL)$/;

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
        throw neverConnected(error, options) ?? error;
      }
    },
    async close() {
      await (await opening)?.close();
    },
  };
}

interface Line {
  readonly fetch: FetchLike;
  close(): Promise<void>;
}

/** Loaded when a server is reached over HTTP, and not before. */
async function openLine({ inheritedEnv }: SendingOptions): Promise<Line> {
  const { EnvHttpProxyAgent, fetch } = await import("undici");
  const dispatcher = new EnvHttpProxyAgent({ headersTimeout: 0, bodyTimeout: 0, ...proxiesOf(inheritedEnv) });
  return {
    fetch: ((input: string | URL, init?: RequestInit) => fetch(input, { ...init, dispatcher } as never)) as unknown as FetchLike,
    close: () => dispatcher.destroy(),
  };
}

function neverConnected(error: unknown, { server, url }: SendingOptions): OffstageError | null {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    const code = String((cause as NodeJS.ErrnoException).code ?? "");
    if (NEVER_CONNECTED.test(code)) return unreachable(server, url, code, cause.message);
  }
  return null;
}
