import type { Brought, RunNews, ServeNews } from "../host/index.ts";

/**
 * What a process tells of itself to whoever looks at it from outside: the news of its runs and triggers, which it has anyway, and how its calls and
 * transactions went. Nothing below this room knows that somebody looks; where nobody does, nothing is made of it.
 */
export type Observed = RunNews | ServeNews | Delivery | QueueTold | ExchangeEnded | SessionFailed | ToolChanged | TransactionEnded | ReloadTold;

/** The one port of this room. Must not throw and must not wait. */
export type Observe = (observed: Observed) => void;

/** What became of a webhook's delivery; the news of `triggers/webhook` fits it by shape. */
export type Delivery =
  | { readonly kind: "delivered"; readonly source: string; readonly id: string; readonly brought: Brought }
  | { readonly kind: "refused"; readonly source: string; readonly status: number; readonly why: string };

/** How a queue goes on; the news of `triggers/queue` fits it by shape. */
export interface QueueTold {
  readonly kind: "queue-ready" | "queue-lost" | "queue-full" | "queue-flowing" | "queue-aside" | "queue-stuck";
  readonly queue: string;
}

/** One request to a server, from the moment its session was there until the answer. Nothing of what was asked or answered. */
export interface ExchangeEnded {
  readonly kind: "exchange-ended";
  readonly server: string;
  readonly method: "tools/call" | "resources/read" | "prompts/get";
  /** null: no tool is called. */
  readonly tool: string | null;
  readonly seconds: number;
  /** null: it went well; `tool_error`: the tool's result is an error; else the code of ours. */
  readonly error: string | null;
}

/** A server could not be had for a call. */
export interface SessionFailed {
  readonly kind: "session-failed";
  readonly server: string;
  readonly code: string;
}

/** A tool that a run came to is not as it was locked; told once of each. */
export interface ToolChanged {
  readonly kind: "tool-changed";
  /** `server.tool`. */
  readonly tool: string;
}

/** One transaction of the store, its wait for others included. */
export interface TransactionEnded {
  readonly kind: "transaction-ended";
  readonly mode: "read" | "write" | "durable";
  readonly seconds: number;
  /** `STORE_…` when the store failed; what its user threw is no failure of it. */
  readonly error: string | null;
}

/** What became of an edit of the files that a process serves; the news of `offstage serve` fits it by shape. */
export type ReloadTold =
  | { readonly kind: "reloaded"; readonly at: number; readonly files: readonly string[]; readonly added: readonly string[]; readonly changed: readonly string[]; readonly removed: readonly string[] }
  | { readonly kind: "reload-unneeded"; readonly at: number }
  | { readonly kind: "reload-refused"; readonly at: number; readonly code: string }
  | { readonly kind: "restart-needed"; readonly what: readonly string[] };
