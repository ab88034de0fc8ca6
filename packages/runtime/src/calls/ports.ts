import type { Data, ErrorData } from "../base/index.ts";

/** A live connection to one MCP server; `mcp`'s sessions fit it by shape. */
export interface Session {
  /** Never rejects and never repeats a call: a failure, a timeout, an abort of `signal` is a reply too. */
  call(tool: string, args: Data, options: CallOptions): Promise<RawReply>;
  /** Reads a resource or a prompt; never rejects either. */
  offer(offer: Offer, options: CallOptions): Promise<OfferReply>;
}

/** What servers have besides tools, and what is only read: a resource by its URI, a prompt by its name. */
export type Offer =
  | { readonly kind: "resource"; readonly uri: string }
  | { readonly kind: "prompt"; readonly name: string; readonly args: { readonly [name: string]: string } };

/** What came back for one `resources/read` or `prompts/get`: the protocol's result as it came, or an error as of {@link RawReply}. */
export type OfferReply = { readonly kind: "result"; readonly result: Data } | Extract<RawReply, { readonly kind: "error" }>;

/** Where the binary parts of results are kept, by the SHA-256 (hex) of their bytes. */
export interface Blobs {
  /** Resolves when they are kept; what is kept already stays. */
  keep(hash: string, bytes: Uint8Array): Promise<void>;
  load(hash: string): Promise<Uint8Array | null>;
}

export interface CallOptions {
  /** From now until the answer, a start of the server included. */
  readonly timeoutMs: number;
  /** Instant (ms) from which nothing is sent any more, looked at right before sending. */
  readonly deadlineAt?: number;
  readonly signal?: AbortSignal;
  /** Is told how far the call is, where its server says so; the time limit stays. */
  readonly onProgress?: ((progress: { readonly done: number; readonly total: number | null; readonly message: string | null }) => void) | undefined;
}

/** Limits of one call. */
export interface CallLimits {
  /** Instant (ms) from which nothing is sent: waiting for a turn and for the server included. */
  readonly deadlineAt?: number;
  /** From its turn until the answer; the server's own when absent. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  /** Is told how far the call is, where its server says so. */
  readonly onProgress?: CallOptions["onProgress"];
}

/** What came back for one `tools/call`, before anything is understood. */
export type RawReply =
  | {
      readonly kind: "result";
      readonly isError: boolean;
      readonly structured: Data | undefined;
      readonly content: readonly ContentBlock[];
      /** The server wanted something from a person in the middle of the call, and did not get it: what it says may be about something that it did not do. */
      readonly declined?: boolean;
    }
  | {
      readonly kind: "error";
      readonly error: ErrorData;
      /** False only when it is certain that the server got nothing of the call. */
      readonly sent: boolean;
      /** The server's own words when it answered with a protocol error: what rules see. Absent when the error is ours. */
      readonly text?: string;
      /** It was too much for the server, which asks for a pause. */
      readonly retryAfterMs?: number;
    };

/** A content block of a tool's result (MCP `ContentBlock`); other kinds are kept whole. */
export type ContentBlock = { readonly type: "text"; readonly text: string } | { readonly type: string; readonly [key: string]: Data };

/** What the profile says of one call with its final arguments. A function that is absent says nothing. */
export interface Rule {
  readonly effect: "read" | "prepare" | "write";
  /** Only its server says so (`readOnlyHint`), of the tool that was pinned: what became of that since is vouched for by nobody. */
  readonly isHinted?: true;
  readonly sensitive: readonly string[];
  readonly rate: { readonly perSecond?: number; readonly concurrent?: number };
  result?(reply: RuleReply): Data;
  /** A success that is a failure: nothing happened, or, with `refused`, what that says of it. */
  failed?(reply: RuleReply): boolean;
  /** An error that proves that nothing happened. */
  refused?(reply: RuleReply): boolean;
  gone?(reply: RuleReply): boolean;
}

/** `r` of LANGUAGE.md §4. */
export interface RuleReply {
  readonly text: string;
  readonly data: Data;
  readonly isError: boolean;
}

export interface Rules {
  rule(server: string, tool: string, args: Data): Rule;
}

/**
 * How one call ended, understood. `refused`: provably without effect (never sent, or a rule says so).
 * `unreadable`: it succeeded and its result could not be understood.
 */
export type CallOutcome =
  | { readonly kind: "value"; readonly value: Data; readonly gone: boolean }
  | { readonly kind: "unreadable"; readonly error: ErrorData }
  | { readonly kind: "error"; readonly error: ErrorData; readonly refused: boolean; readonly gone: boolean };
