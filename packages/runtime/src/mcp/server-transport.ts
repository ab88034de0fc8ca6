import type { Transport } from "@modelcontextprotocol/client";
import type { Clock, OffstageError, Redactor } from "../base/index.ts";
import type { Authorizer } from "./auth/authorizer.ts";
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
  /** Each request is one of HTTP, whose headers repeat parameters that a tool of the modern era marks. */
  readonly carriesHeaders: boolean;
  /** What an error of the SDK means, where this way to a server knows more of it; `sent` is false only when the server certainly did nothing. */
  explain(error: unknown): Explained | null;
  /** Where a legacy server speaks unasked on a stream of its own, that stream. */
  readonly unasked?: UnaskedStream;
  /** Ends the connection, and whatever it needs at this end. */
  close(): Promise<void>;
}

/** A stream that can be lost while its connection lasts. */
export interface UnaskedStream {
  /** `hear` is called each time when it is lost, and with it what was told meanwhile. */
  onLost(hear: () => void): void;
  /** Opens it again where it is lost. Rejects when that fails. */
  ensure(signal: AbortSignal): Promise<void>;
}

/** A failed request, and whether the server may have got it. */
export interface Explained {
  readonly error: OffstageError;
  readonly sent: boolean;
  /** The HTTP status that came in a message's place. */
  readonly status?: number;
  /** It was too much for the server, which asks for a pause. */
  readonly retryAfterMs?: number;
}

/** What every transport gets from the pool. */
export interface TransportContext {
  readonly clock: Clock;
  /** PATH, HOME and LANG are taken from it; nothing else. */
  readonly inheritedEnv: { readonly [name: string]: string | undefined };
  /** A line for the log: the server's stderr, or a line of its stdout that is not the protocol. Already redacted. */
  readonly log: (line: string) => void;
  readonly redactor: Redactor;
  readonly redact: (text: string) => string;
  /** Who we are for a server over HTTP; null where nobody has to say, or a header does. */
  readonly authorizer: Authorizer | null;
  readonly maxLineBytes: number;
  readonly patience: ClosePatience;
}
