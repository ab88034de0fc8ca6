/** A request that waits for its answer, or reads it. */
export interface WaitingRequest {
  /** Ends the request itself, when it was given up or the caller's signal says so. */
  readonly signal: AbortSignal;
  isGivenUp(): boolean;
  /** Must be called when the answer was read, or there is none. */
  done(): void;
}

/**
 * Requests of one connection to a legacy server. That a call was given up is told to it by a message, and many servers then never answer
 * and never close the request's stream: each call that ran out of time would hold a connection for as long as the session lasts.
 */
export interface WaitingRequests {
  begin(id: string | number, caller: AbortSignal | null | undefined): WaitingRequest;
  /** To be called when the server was told, or could not be. */
  giveUp(id: string | number): void;
}

/** See {@link WaitingRequests}. */
export function createWaitingRequests(): WaitingRequests {
  const waiting = new Map<string | number, () => void>();
  return {
    begin(id, caller) {
      const stopped = new AbortController();
      const onAbort = (): void => stopped.abort(caller?.reason);
      let isGivenUp = false;
      if (caller?.aborted) onAbort();
      caller?.addEventListener("abort", onAbort, { once: true });
      const giveUp = (): void => {
        isGivenUp = true;
        stopped.abort("given up");
      };
      waiting.set(id, giveUp);
      return {
        signal: stopped.signal,
        isGivenUp: () => isGivenUp,
        done() {
          // The rest of its answer may be waited for under the same id meanwhile.
          if (waiting.get(id) === giveUp) waiting.delete(id);
          caller?.removeEventListener("abort", onAbort);
        },
      };
    },
    giveUp: (id) => waiting.get(id)?.(),
  };
}

/** The request that a message of ours gives up; null for any other message. */
export function givenUpBy(body: unknown): string | number | null {
  if (typeof body !== "string" || body.length > 4_096 || !body.includes('"notifications/cancelled"')) return null;
  const message = JSON.parse(body) as { readonly method?: unknown; readonly params?: { readonly requestId?: unknown } };
  const id = message.method === "notifications/cancelled" ? message.params?.requestId : undefined;
  return typeof id === "string" || typeof id === "number" ? id : null;
}
