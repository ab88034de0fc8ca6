import type { FetchLike } from "@modelcontextprotocol/client";
import type { Clock } from "../../base/index.ts";
import type { UnaskedStream } from "../server-transport.ts";

/** The SDK tries to open a lost stream again within this time, a few times, and then gives up for good. Ms. */
const SDK_TRIES_MS = 4_000;

/** Follows the stream on which a legacy server speaks unasked (a GET of streamable HTTP). Many servers have none: then nothing is lost. */
export interface FollowedStream extends UnaskedStream {
  /** Passes all requests on, and looks at those that open the stream. */
  readonly follow: (send: FetchLike) => FetchLike;
}

/** `reopen` opens the stream of the session as it is now; it rejects when the server does not let us. */
export function followUnaskedStream(clock: Clock, reopen: () => Promise<void>): FollowedStream {
  const hearers = new Set<() => void>();
  let open = 0;
  let wasOpened = false;
  let tried = new AbortController();
  const opened = (response: Response): Response => {
    open += 1;
    wasOpened = true;
    const ended = (): void => {
      open -= 1;
      if (open === 0) for (const hear of hearers) hear();
    };
    return new Response(tellingItsEnd(response.body as ReadableStream<Uint8Array>, ended), { status: response.status, headers: response.headers });
  };
  return {
    follow: (send) => async (input, init) => {
      // With an id it is the rest of an answer that is fetched.
      const isUnasked = init?.method === "GET" && !new Headers(init.headers).has("last-event-id");
      if (!isUnasked) return send(input, init);
      try {
        const response = await send(input, init);
        return response.ok && response.body !== null ? opened(response) : response;
      } finally {
        tried.abort("tried");
        tried = new AbortController();
      }
    },
    onLost(hear) {
      hearers.add(hear);
    },
    async ensure(signal) {
      if (open > 0 || !wasOpened) return;
      await clock.sleep(SDK_TRIES_MS, AbortSignal.any([signal, tried.signal]));
      if (open === 0 && !signal.aborted) await reopen();
    },
  };
}

function tellingItsEnd(body: ReadableStream<Uint8Array>, ended: () => void): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let isOver = false;
  const end = (): void => {
    if (!isOver) ended();
    isOver = true;
  };
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        const { done, value } = await reader.read();
        if (!done) return controller.enqueue(value);
        end();
        controller.close();
      } catch (error) {
        end();
        controller.error(error);
      }
    },
    async cancel(reason) {
      end();
      await reader.cancel(reason);
    },
  });
}
