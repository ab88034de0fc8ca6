import { once } from "node:events";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { serve } from "@hono/node-server";
import { OffstageError } from "offstage/base";
import type { ListenSettings } from "./config/serve-settings.ts";

/** A server over HTTP that listens. */
export interface Listening {
  /** `http://127.0.0.1:8400`. */
  readonly url: string;
  /** Takes no further connection, and no further request on those that are kept; what is being answered is answered, and cut off when that takes longer than two seconds. */
  close(): Promise<void>;
}

/** Nobody needs longer to send one delivery; who is slower holds a connection for nothing. Ms. */
const REQUEST_MS = 30_000;
/** Once it is to close; whoever ends this process waits for it. Ms. */
const LAST_MS = 2_000;

/** Listens; `peer` is the address of who sent a request. Errors: `PORT_UNAVAILABLE`. */
export async function listen({ host, port }: ListenSettings, answer: (request: Request, peer: string | null) => Promise<Response>): Promise<Listening> {
  let closing = false;
  const fetch: Parameters<typeof serve>[0]["fetch"] = async (request, { incoming, outgoing }) => {
    const answered = await answer(request, incoming.socket.remoteAddress ?? null);
    // Else whoever keeps sending on a connection keeps it, and this process, for ever.
    if (closing) answered.headers.set("connection", "close");
    // What began before, a stream of events, has told nobody that its connection ends with it.
    else outgoing.once("finish", () => setImmediate(() => closing && server.closeIdleConnections()));
    return breakable(answered, () => outgoing.destroy());
  };
  const server = serve({ fetch, hostname: host, port, serverOptions: { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS } }) as Server;
  try {
    await once(server, "listening");
  } catch (error) {
    const taken = (error as { readonly code?: unknown }).code === "EADDRINUSE";
    throw new OffstageError("PORT_UNAVAILABLE", `Nothing can listen on ${host}:${port}: ${taken ? "another process has it, maybe an `offstage serve` that runs already" : (error as Error).message}`, {
      hint: `Choose another one in offstage.yaml: serve: { listen: "${host.includes(":") ? `[${host}]` : host}:${port === 8400 ? 8401 : 8400}" }. Two processes on one machine need two: with port 0 each takes one that is free, and prints it.`, cause: error,
    });
  }
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(":") ? `[${host}]` : host}:${bound}`,
    async close() {
      closing = true;
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      const cutOff = setTimeout(() => server.closeAllConnections(), LAST_MS);
      await closed;
      clearTimeout(cutOff);
    },
  };
}

/** A stream of events that breaks takes its connection with it, at once, also when nothing can be written to it; the server itself would write of it to stderr, where only we do. */
function breakable(response: Response, end: () => void): Response {
  if (response.body === null || response.headers.get("content-type") !== "text/event-stream") return response;
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  reader.closed.catch(end);
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await reader.read().catch(() => ({ done: true as const, value: undefined }));
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
  return new Response(body, { status: response.status, headers: response.headers });
}
