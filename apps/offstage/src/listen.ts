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
  /** Takes no further connection; what is being answered is answered. */
  close(): Promise<void>;
}

/** Nobody needs longer to send one delivery; who is slower holds a connection for nothing. Ms. */
const REQUEST_MS = 30_000;

/** Listens; `peer` is the address of who sent a request. Errors: `PORT_UNAVAILABLE`. */
export async function listen({ host, port }: ListenSettings, answer: (request: Request, peer: string | null) => Promise<Response>): Promise<Listening> {
  const server = serve({ fetch: async (request, { incoming, outgoing }) => breakable(await answer(request, incoming.socket.remoteAddress ?? null), () => outgoing.destroy()), hostname: host, port, serverOptions: { requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS } }) as Server;
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
      const closed = once(server, "close");
      server.close();
      server.closeIdleConnections();
      await closed;
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
