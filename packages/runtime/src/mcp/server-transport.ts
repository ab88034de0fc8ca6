import type { Transport } from "@modelcontextprotocol/client";
import type { Clock, OffstageError } from "../base/index.ts";
import type { ClosePatience } from "./process-group.ts";

/**
 * A way to one server: what the SDK drives, and what we can say when it fails. One function per kind of config makes it;
 * the protocol above does not know which.
 */
export interface ServerTransport {
  /**
   * `send` rejects only when nothing of the message left this process; what was handed to the system counts as sent.
   */
  readonly transport: Transport;
  /** Why the connection is over, naming the server; null while it lasts. */
  failure(): OffstageError | null;
  /** What the server did instead of answering the handshake in `ms`: silence, or garbage. */
  unanswered(ms: number): OffstageError;
}

/** What every transport gets from the pool. */
export interface TransportContext {
  readonly clock: Clock;
  /** PATH, HOME and LANG are taken from it; nothing else. */
  readonly inheritedEnv: { readonly [name: string]: string | undefined };
  /** A line for the log: the server's stderr, or a line of its stdout that is not the protocol. Already redacted. */
  readonly log: (line: string) => void;
  readonly redact: (text: string) => string;
  readonly maxLineBytes: number;
  readonly patience: ClosePatience;
}
