import type { JSONRPCMessage, Transport } from "@modelcontextprotocol/client";

/** Where a message stays that was read by us, while its stand-in goes through the SDK's own reading. */
export interface MessageShelf {
  /** Keeps a message, and gives what the SDK shall read instead: the same kind of message, with the same id. Errors pass as they are: they are small. */
  put(message: JSONRPCMessage): JSONRPCMessage;
  /** The message itself, in the place of its stand-in. */
  take(standIn: JSONRPCMessage): JSONRPCMessage;
}

/** The one member of a stand-in's params or result. No message of a server is mistaken for one: each has its own stand-in. */
const PLACE = "~";

/** See {@link MessageShelf}. One for each connection. */
export function createMessageShelf(): MessageShelf {
  const kept = new Map<number, JSONRPCMessage>();
  let last = 0;
  return {
    put(message) {
      if ("error" in message) return message;
      kept.set(++last, message);
      const place = { [PLACE]: last };
      const head = { jsonrpc: "2.0" as const, ...("id" in message ? { id: message.id } : {}) };
      return ("method" in message ? { ...head, method: message.method, params: place } : { ...head, result: place }) as JSONRPCMessage;
    },
    take(standIn) {
      const place = (("params" in standIn ? standIn.params : "result" in standIn ? standIn.result : undefined) as { readonly [PLACE]?: unknown } | undefined)?.[PLACE];
      const message = typeof place === "number" ? kept.get(place) : undefined;
      if (message === undefined) return standIn;
      kept.delete(place as number);
      // A resumed stream gets the id of the request that it answers.
      return "id" in message && "id" in standIn && message.id !== standIn.id ? ({ ...message, id: standIn.id } as JSONRPCMessage) : message;
    },
  };
}

/** From now on whoever listens to the transport gets messages themselves. */
export function takeFrom(shelf: MessageShelf, transport: Transport): void {
  let listener: Transport["onmessage"];
  const tell: NonNullable<Transport["onmessage"]> = (message, extra) => listener?.(shelf.take(message), extra);
  Object.defineProperty(transport, "onmessage", {
    get: () => (listener === undefined ? undefined : tell),
    // Whoever puts back what was there means the listener that there is.
    set(handler: Transport["onmessage"]) {
      if (handler !== tell) listener = handler;
    },
    configurable: true, enumerable: true,
  });
}
