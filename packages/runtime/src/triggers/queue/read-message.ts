import { type Data, isOffstageError, parseExact } from "../../base/index.ts";
import type { RunEvent } from "../../model/index.ts";
import type { QueueBroker, QueueMessage } from "./queue-port.ts";

/** A message as an event; or why it can be none, however often it comes. */
export type ReadMessage = { readonly kind: "event"; readonly event: Extract<RunEvent, { readonly kind: "queue" }> } | { readonly kind: "unfit"; readonly why: string };

/** Reads a message. One that was delivered too often is not even looked at: whoever did so before may have died of it. */
export function readMessage({ content, attempt }: QueueMessage, { maxBytes, maxAttempts }: Pick<QueueBroker, "maxBytes" | "maxAttempts">): ReadMessage {
  if (attempt > maxAttempts) return unfit(`it was delivered ${attempt} times, and nobody handled it`);
  switch (content.kind) {
    case "unfit":
      return content;
    case "data":
      return content.size > maxBytes ? tooLarge(maxBytes) : eventOf(content.data, attempt);
    case "json":
      return content.bytes.length > maxBytes ? tooLarge(maxBytes) : parsed(content.bytes, attempt);
  }
}

function parsed(bytes: Uint8Array, attempt: number): ReadMessage {
  const text = utf8(bytes);
  if (text === null) return unfit("it is no UTF-8");
  try {
    return eventOf(parseExact(text), attempt);
  } catch (error) {
    if (!isOffstageError(error)) throw error;
    return unfit(`it is no JSON that can be read: ${error.message}`);
  }
}

/** null: it is none. */
export function utf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function eventOf(body: Data, attempt: number): ReadMessage {
  return { kind: "event", event: { kind: "queue", body, attempt } };
}

function tooLarge(maxBytes: number): ReadMessage {
  return unfit(`it is larger than ${maxBytes} bytes`);
}

function unfit(why: string): ReadMessage {
  return { kind: "unfit", why };
}
