import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { Readable } from "node:stream";
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
  readonly headers: () => { readonly [name: string]: string };
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
      for (const [name, value] of Object.entries(options.headers())) if (!headers.has(name)) headers.set(name, value);
      try {
        return await line.fetch(input, { ...init, headers });
      } catch (error) {
        if (init?.signal?.aborted === true) throw error;
        throw neverConnected(error, line, options) ?? new TypeError("The request failed.", { cause: error });
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

/** Statuses whose answers have no body. */
const BODILESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** Told by undici for each connection that does not come about; the requests that waited for it fail with the same error. */
const CONNECT_ERROR = "undici:client:connectError";

/**
 * Each request goes out once. By undici's plain request, since a `fetch` sends again by itself: after a redirect, after a 421, and nobody
 * would know that the first one was a write that was made. Answers are asked for as they are, not compressed. Loaded when a server is reached
 * over HTTP, and not before.
 */
async function openLine({ inheritedEnv }: SendingOptions): Promise<Line> {
  const { EnvHttpProxyAgent, request } = await import("undici");
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
    async fetch(input, init) {
      const method = init?.method ?? "GET";
      const body = init?.body == null ? null : String(init.body as string | URLSearchParams);
      const sent = await request(input, { dispatcher, method: method as "GET", headers: Object.fromEntries(new Headers(init?.headers)), body, ...(init?.signal == null ? {} : { signal: init.signal }) });
      const headers = new Headers(Object.entries(sent.headers).flatMap(([name, value]) => (Array.isArray(value) ? value : [value ?? ""]).map((one): [string, string] => [name, one])));
      if (!BODILESS.has(sent.statusCode)) return new Response(webStream(sent.body), { status: sent.statusCode, headers });
      await sent.body.dump();
      return new Response(null, { status: sent.statusCode, headers });
    },
    isOfConnecting: (error) => errors.has(error),
    async close() {
      unsubscribe(CONNECT_ERROR, hear);
      await dispatcher.destroy();
    },
  };
}

/** Node's own adapter throws, past everybody, when a stream is let go while a part of it is on its way. */
function webStream(body: Readable): ReadableStream<Uint8Array> {
  const parts = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  // Whoever reads is told; who let it go does not want to know.
  body.on("error", () => undefined);
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const part = await parts.next();
        if (part.done === true) controller.close();
        else controller.enqueue(part.value);
      },
      cancel: () => void body.destroy(),
    },
    { highWaterMark: 0 },
  );
}

/** By where it failed and not by its code: a host that goes out of reach and a broken TLS record have the same codes in the middle of an answer. */
function neverConnected(error: unknown, line: Line, { server, url }: SendingOptions): OffstageError | null {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 5; cause = cause.cause, depth++) {
    if (line.isOfConnecting(cause)) return unreachable(server, url, String((cause as NodeJS.ErrnoException).code ?? ""), cause.message);
  }
  return null;
}
