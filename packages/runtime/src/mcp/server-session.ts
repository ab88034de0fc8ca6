import { type Clock, type Data, type ErrorData, OffstageError, toErrorData, unsafeInteger, UnsafeInteger } from "../base/index.ts";
import type { Completion, CompletionReply } from "./completion.ts";
import type { Connection } from "./connection.ts";
import { type Offer, offerName, type OfferReply } from "./offer.ts";
import type { OnProgress } from "./progress.ts";
import { orAborted, startTimeLimit, type TimeLimit } from "./time-limit.ts";
import type { ToolReply } from "./tool-reply.ts";

/** How long one call may take, and when it may no longer be made. */
export interface SessionCallOptions {
  /** From now until the answer, a start of the server included. */
  readonly timeoutMs: number;
  /** Instant (ms) from which nothing is sent any more. */
  readonly deadlineAt?: number;
  readonly signal?: AbortSignal;
  /** Is told how far the call is, where its server says so; the time limit stays. */
  readonly onProgress?: OnProgress | undefined;
  /** The trace that the request is part of (W3C Trace Context), for the server: `_meta.traceparent`, and the header over HTTP. */
  readonly traceParent?: string;
}

/** One running server. When it has ended, calls fail and nothing is sent: ask the pool for the session of its successor. */
export interface ServerSession {
  /** One `tools/call`. Never rejects, never repeats a call: whatever happens is in the reply. */
  call(tool: string, args: Data, options: SessionCallOptions): Promise<ToolReply>;
  /** Reads a resource or a prompt, once; nothing rejects here either. */
  offer(offer: Offer, options: SessionCallOptions): Promise<OfferReply>;
  /** Asks how an argument may go on; nothing rejects here either. */
  complete(completion: Completion, options: SessionCallOptions): Promise<CompletionReply>;
}

/** Who lets calls pass and is told how they ended. */
export interface CallWatch {
  /** Why nothing may be sent now, asked right before it is; null when it may. */
  admit(): OffstageError | null;
  ended(reply: Answer, begunAt: number): void;
}

const UNWATCHED: CallWatch = { admit: () => null, ended: () => undefined };

/** `ready` gives the live connection, or a promise of one that rejects with an `OffstageError`. */
export function createServerSession(name: string, clock: Clock, ready: () => Connection | Promise<Connection>, watch: CallWatch = UNWATCHED): ServerSession {
  const within = async <Reply extends Answer>(what: string, options: SessionCallOptions, send: Exchange<Reply>["send"]): Promise<Reply | FailedReply> => {
    if (options.signal?.aborted) return notSent(cancelled(name, what));
    const limit = startTimeLimit(clock, options.timeoutMs, options.signal);
    try {
      return await exchange(limit, { name, what, options, clock, ready, send, watch });
    } finally {
      limit.release();
    }
  };
  return {
    async call(tool, args, options) {
      let fields: { readonly [name: string]: Data };
      try {
        fields = argumentFields(name, tool, args);
      } catch (error) {
        return notSent(toErrorData(error));
      }
      return within(tool, options, (connection, signal) => connection.call(tool, fields, signal, options));
    },
    offer: (offer, options) => within(offerName(offer), options, (connection, signal) => connection.offer(offer, signal, options)),
    complete: (completion, options) => within("completion/complete", options, (connection, signal) => connection.complete(completion, signal)),
  };
}

type FailedReply = Extract<ToolReply, { readonly kind: "error" }>;
/** How an exchange ended. */
export type Answer = { readonly kind: "result" | "values" } | FailedReply;

interface Exchange<Reply> {
  readonly name: string;
  /** What is asked for, in messages. */
  readonly what: string;
  readonly options: SessionCallOptions;
  readonly clock: Clock;
  readonly ready: () => Connection | Promise<Connection>;
  readonly send: (connection: Connection, signal: AbortSignal) => Promise<Reply>;
  readonly watch: CallWatch;
}

async function exchange<Reply extends Answer>(limit: TimeLimit, asked: Exchange<Reply>): Promise<Reply | FailedReply> {
  const { name, what, options } = asked;
  const stopped = (): ErrorData => (limit.cause() === "timeout" ? timedOut(name, what, options.timeoutMs) : cancelled(name, what));
  let connection: Connection;
  try {
    const live = asked.ready();
    connection = live instanceof Promise ? await orAborted(live, limit.signal, () => new OffstageError("SERVER_TIMEOUT", "")) : live;
  } catch (error) {
    return notSent(limit.cause() === null ? toErrorData(error) : stopped());
  }
  if (limit.cause() !== null) return notSent(stopped());
  if (options.deadlineAt !== undefined && asked.clock.now() >= options.deadlineAt) {
    return notSent({ code: "DEADLINE_PASSED", message: `${what} of the MCP server "${name}" was not called: its deadline passed before the server was ready.` });
  }
  const refused = asked.watch.admit();
  if (refused !== null) return notSent(toErrorData(refused));
  const begunAt = asked.clock.now();
  const reply = await asked.send(connection, limit.signal);
  const told = reply.kind !== "error" || limit.cause() === null ? reply : ({ kind: "error", error: stopped(), sent: reply.sent } as const);
  asked.watch.ended(told, begunAt);
  return told;
}

function notSent(error: ErrorData): FailedReply {
  return { kind: "error", error, sent: false };
}

function timedOut(name: string, tool: string, ms: number): ErrorData {
  return { code: "SERVER_TIMEOUT", message: `The MCP server "${name}" did not answer ${tool} within ${ms} ms.` };
}

function cancelled(name: string, tool: string): ErrorData {
  return { code: "CANCELLED", message: `The call of ${tool} of the MCP server "${name}" was cancelled.` };
}

/** Refuses what JSON would silently send as something else. Errors: `VALUE_INVALID`, `UNSAFE_INTEGER`. */
function argumentFields(name: string, tool: string, args: Data): { readonly [name: string]: Data } {
  const fields = args ?? {};
  if (typeof fields !== "object" || Array.isArray(fields) || fields instanceof UnsafeInteger) {
    throw new OffstageError("VALUE_INVALID", `The arguments of ${tool} of the MCP server "${name}" are not an object.`);
  }
  refuseInexact(fields as Data, tool);
  return fields as { readonly [name: string]: Data };
}

function refuseInexact(value: Data, tool: string): void {
  if (typeof value === "number" && !Number.isFinite(value)) throw new OffstageError("VALUE_INVALID", `An argument of ${tool} is ${value}, which JSON cannot carry.`);
  if (typeof value !== "object" || value === null) return;
  if (value instanceof UnsafeInteger) throw unsafeInteger(value);
  for (const item of Array.isArray(value) ? (value as readonly Data[]) : Object.values(value)) refuseInexact(item, tool);
}
