import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Clock, formatDuration, OffstageError } from "../../base/index.ts";
import { startTimeLimit } from "../time-limit.ts";
import type { Interaction } from "./interaction.ts";

const PATH = "/callback";
/** Nothing is loaded, nothing is told to anybody, nothing is kept by the browser. */
const HEADERS = { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", "referrer-policy": "no-referrer", "content-security-policy": "default-src 'none'", "x-content-type-options": "nosniff", connection: "close" };

/** How a person is asked on the machine where their browser is. */
export interface LoopbackOptions {
  /** 0: any free port. */
  readonly port: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** How long they may take, ms. */
  readonly timeoutMs: number;
  /** Shows the URL, or opens it. */
  readonly show: (url: URL) => void | Promise<void>;
}

/**
 * Listens on 127.0.0.1 for the browser to come back (RFC 8252). Whatever does not carry the state of this login is answered with 404 and
 * waited past: any page of the person's browser can send requests there. Errors: `LOGIN_NEEDED` when the port is taken or nobody
 * comes back in time, `CANCELLED`.
 */
export async function openLoopback(options: LoopbackOptions): Promise<Interaction> {
  let waiting: { readonly state: string; readonly done: (answer: URLSearchParams) => void } | null = null;
  const server = createServer((request, response) => {
    const answer = answerIn(request, server.address() as AddressInfo);
    if (waiting === null || answer?.get("state") !== waiting.state) return say(response, 404, "Nobody waits for this.");
    say(response, 200, answer.has("code") ? "Offstage has the answer. You can close this window." : "This login was not permitted. The terminal says more.");
    waiting.done(answer);
    waiting = null;
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => reject(new OffstageError("LOGIN_NEEDED", `The port ${options.port} of this machine cannot be listened on: ${error.code ?? error.message}.`, { hint: "Free it, or log in with --paste.", cause: error })));
    server.listen(options.port, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    redirectUrl: `http://127.0.0.1:${port}${PATH}`,
    async authorize(url, state) {
      const limit = startTimeLimit(options.clock, options.timeoutMs, options.signal);
      try {
        return await new Promise<URLSearchParams>((resolve, reject) => {
          const stop = (): void => reject(limit.cause() === "cancelled" ? new OffstageError("CANCELLED", "Interrupted.") : nobodyCame(options.timeoutMs));
          if (limit.signal.aborted) return stop();
          limit.signal.addEventListener("abort", stop, { once: true });
          waiting = { state, done: resolve };
          Promise.resolve(options.show(url)).catch(reject);
        });
      } finally {
        waiting = null;
        limit.release();
      }
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The query of the redirect; null for anything else. A name that was made to mean this machine is not how the browser was sent here. */
function answerIn(request: IncomingMessage, { port }: AddressInfo): URLSearchParams | null {
  if (request.method !== "GET" || request.headers.host !== `127.0.0.1:${port}` || !URL.canParse(request.url ?? "", "http://127.0.0.1")) return null;
  const url = new URL(request.url ?? "", "http://127.0.0.1");
  return url.pathname === PATH ? url.searchParams : null;
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, HEADERS).end(`<!doctype html><title>Offstage</title><p>${text}</p>`);
}

function nobodyCame(ms: number): OffstageError {
  return new OffstageError("LOGIN_NEEDED", `Nobody logged in within ${formatDuration(ms)}.`, { hint: "Begin again. On a machine without a browser: --paste" });
}
