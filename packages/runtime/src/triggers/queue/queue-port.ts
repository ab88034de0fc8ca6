import type { Data } from "../../base/index.ts";

/** What a message holds: JSON that is to be read, a value that its broker has in parts, or what cannot be an event. */
export type QueueContent =
  | { readonly kind: "json"; readonly bytes: Uint8Array }
  | { readonly kind: "data"; readonly data: Data; readonly size: number }
  | { readonly kind: "unfit"; readonly why: string };

/** A message in hand: the broker gives it to nobody else before it is given back, or its time is over. */
export interface QueueMessage {
  /** Tells it from every other one of the queue, and is the same when it comes again. */
  readonly id: string;
  /** How often it was delivered, this time included. */
  readonly attempt: number;
  readonly content: QueueContent;
}

/**
 * A connection to the broker of one queue. Everything rejects with `QUEUE_UNAVAILABLE` when the broker cannot be reached or refuses: then the connection is
 * of no use any more, and what was in hand comes again when its time is over. Messages are those that `receive` of this connection gave.
 */
export interface QueueConnection {
  /** At most `limit` messages: those that are there, else those that come within a second or some; then none. First what others took and did not handle in time. */
  receive(limit: number, stopping: AbortSignal): Promise<readonly QueueMessage[]>;
  /** They do not come again. */
  acknowledge(messages: readonly QueueMessage[]): Promise<void>;
  /** They come again at once, to whoever asks first. */
  giveBack(messages: readonly QueueMessage[]): Promise<void>;
  /** Puts it where somebody can look at it, with the reason; it does not come again. A kill in the middle may leave it in both places. */
  deadLetter(message: QueueMessage, why: string): Promise<void>;
  /** Never rejects. What is in hand comes again. */
  close(): Promise<void>;
}

/** A queue of a broker, before anybody is connected to it. */
export interface QueueBroker {
  /** The queue's name in the project. */
  readonly name: string;
  /** A larger message is put aside. Bytes. */
  readonly maxBytes: number;
  /** One that was delivered more often, and was handled by nobody, is put aside. */
  readonly maxAttempts: number;
  /** Where messages are put aside, for people. */
  readonly deadLetters: string;
  /** Errors: `QUEUE_UNAVAILABLE`, and `QUEUE_CLIENT_MISSING` when the broker's client is not installed. */
  open(): Promise<QueueConnection>;
}
