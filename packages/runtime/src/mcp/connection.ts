import { type Client, ProtocolError } from "@modelcontextprotocol/client";
import { type Data, isOffstageError, OffstageError, toErrorData } from "../base/index.ts";
import type { Catalogue } from "./catalogue.ts";
import { type Completion, type CompletionReply, completionRequest, toCompletion } from "./completion.ts";
import { createConnectionLists } from "./connection-lists.ts";
import { followChanges } from "./events/follow-changes.ts";
import type { ServerEvent } from "./events/server-event.ts";
import type { OpenWatch } from "./events/watches.ts";
import { type Offer, offerName, offerRequest, type OfferReply } from "./offer.ts";
import { createToolHeaders } from "./http/tool-headers.ts";
import type { Offers } from "./offers.ts";
import { type OnProgress, readProgress } from "./progress.ts";
import { withoutIssueDump } from "./issue-text.ts";
import { createReadCache } from "./read-cache.ts";
import { askServer, type ServerAnswer, type ServerRequest } from "./requests/ask-server.ts";
import type { RequestDesk } from "./requests/request-desk.ts";
import type { RequestPolicy } from "./requests/request-policy.ts";
import { pagesRequired } from "./requests/pages-required.ts";
import { AfterFirstRound, Unanswered } from "./requests/unanswered.ts";
import { logLevelMeta, logMessages } from "./server-messages.ts";
import type { ServerTransport, TransportContext } from "./server-transport.ts";
import { type ToolReply, toReply } from "./tool-reply.ts";

/** What a connection needs besides its server's config. */
export interface ConnectionContext extends TransportContext {
  readonly clientVersion: string;
  /** How long the start, the handshake and each page of the tool list may take, ms. */
  readonly connectTimeoutMs: number;
  /** What the server may ask of us. */
  readonly requests: RequestPolicy;
}

/** With what one call is made, besides its arguments. */
export interface CallLimits {
  readonly onProgress?: OnProgress | undefined;
  /** Instant (ms) from which nothing is sent for it any more, an answer to what its server asks back neither. */
  readonly deadlineAt?: number | undefined;
  /** Told to the server (MCP, "Trace Context": `_meta.traceparent`), and over HTTP to what stands before it. */
  readonly traceParent?: string | undefined;
}

/** One live connection: from a successful handshake until the server ends. Never comes back to life. */
export interface Connection {
  /** Why it is over; null while it lives. */
  failure(): OffstageError | null;
  /** Resolves when the connection is over. */
  readonly over: Promise<void>;
  /** One call, sent before this returns. Never rejects; an abort of `signal` is an error reply. */
  call(tool: string, args: { readonly [name: string]: Data }, signal: AbortSignal, limits?: CallLimits): Promise<ToolReply>;
  /** Reads a resource or a prompt, as {@link call} makes a call. A resource may be one that was read before, where its server said that it holds, and no call was made since. */
  offer(offer: Offer, signal: AbortSignal, limits?: Pick<CallLimits, "traceParent">): Promise<OfferReply>;
  complete(completion: Completion, signal: AbortSignal): Promise<CompletionReply>;
  /** Read again after the server said that its tools changed, when it is a minute old, and when it is older than `atMostMs`. */
  catalogue(atMostMs?: number): Promise<Catalogue>;
  /** Read once; again after the server said that they changed, or when the time is over that it gave. */
  offers(): Promise<Offers>;
  readonly watch: OpenWatch;
  /** Resolves when the server's whole process group is gone. */
  close(): Promise<void>;
}

/** What a connection stands on, after a handshake. */
export interface Ends {
  readonly server: ServerTransport;
  readonly desk: RequestDesk;
  readonly over: Promise<void>;
  readonly log: (line: string) => void;
}

/** A tool marks other parameters for headers than it did when it was listed (MCP 2026-07-28, streamable HTTP): the next call looks at the list again. */
const HEADER_MISMATCH = -32_020;

type FailedReply = Extract<ToolReply, { readonly kind: "error" }>;

/** A connection over a client that has shaken hands. */
export function createConnection(name: string, client: Client, { server, desk, over, log }: Ends, context: ConnectionContext): Connection {
  const { clock } = context;
  const headers = createToolHeaders(() => server.carriesHeaders && client.getProtocolEra() === "modern", context.redact, log);
  const lists = createConnectionLists(name, client, { ...context, admitTools: (tools) => headers.admit(tools) }, (method, message) => server.failure() ?? protocolFailure(name, method, message));
  const reads = createReadCache(clock);
  const hear = (event: ServerEvent): void => {
    if (event.kind === "listening") return;
    if (event.kind === "resource-updated") return reads.forget(event.uri);
    if (event.kind === "gap" || event.list === "tools") lists.catalogue.forget();
    if (event.kind === "gap" || event.list !== "tools") lists.offers.forget();
    if (event.kind === "gap") reads.forget();
  };
  const watch = followChanges({ name, client, clock, timeoutMs: context.connectTimeoutMs, over: over.then(() => server.failure()?.message ?? "the connection is over"), ...(server.unasked === undefined ? {} : { unasked: server.unasked }) }, hear);
  logMessages(client, context.redact, log);

  const ask = async (request: ServerRequest, signal: AbortSignal, { onProgress, deadlineAt, traceParent }: CallLimits = {}, own: Readonly<Record<string, string>> = {}): Promise<ServerAnswer> => {
    const meta = { ...logLevelMeta(client), ...(traceParent === undefined ? {} : { traceparent: traceParent }) };
    const params = { ...request.params, ...(Object.keys(meta).length === 0 ? {} : { _meta: meta }) };
    const traceHeader = traceParent === undefined || !server.carriesHeaders ? {} : { traceparent: traceParent };
    return askServer(client, desk, clock, { ...request, params }, { signal, deadlineAt, headers: { ...own, ...traceHeader }, ...(onProgress === undefined ? {} : { onProgress: (progress) => onProgress(readProgress(progress, context.redact)) }) });
  };
  const failed = (what: string) => (error: unknown): FailedReply => errorReply(name, what, server, error);
  return {
    failure: () => server.failure(),
    over,
    async call(tool, args, signal, limits) {
      // It may change anything: what was read before it, and while it ran, is read again.
      reads.forget();
      try {
        const { result, declined } = await ask({ method: "tools/call", params: { name: tool, arguments: args } }, signal, limits, headers.of(tool, args));
        return declined ? { ...toReply(result), declined } : toReply(result);
      } catch (error) {
        if (error instanceof ProtocolError && error.code === HEADER_MISMATCH) lists.catalogue.forget();
        return failed(tool)(error);
      } finally {
        reads.forget();
      }
    },
    async offer(offer, signal, limits) {
      const kept = offer.kind === "resource" ? reads.get(offer.uri) : undefined;
      if (kept !== undefined) return { kind: "result", result: kept };
      const ticket = reads.ask();
      try {
        const result = (await ask(offerRequest(offer), signal, limits)).result as Data;
        if (offer.kind === "resource") reads.put(offer.uri, result, ticket);
        return { kind: "result", result };
      } catch (error) {
        return failed(offerName(offer))(error);
      }
    },
    complete: (completion, signal) => ask(completionRequest(completion), signal).then(({ result }) => toCompletion(result as Data), failed("completion/complete")),
    catalogue: (atMostMs) => lists.catalogue.get(atMostMs),
    offers: () => lists.offers.get(),
    watch,
    close: () => server.close(),
  };
}

function errorReply(name: string, tool: string, server: ServerTransport, error: unknown): FailedReply {
  if (error instanceof AfterFirstRound) return { ...errorReply(name, tool, server, error.cause), sent: true };
  if (error instanceof Unanswered) return { kind: "error", error: toErrorData(new OffstageError("SERVER_PROTOCOL", `The MCP server "${name}" asked back in the middle of ${tool}, which was left there: ${error.message}.`)), sent: true };
  if (isOffstageError(error)) return { kind: "error", error: toErrorData(error), sent: false };
  if (error instanceof ProtocolError) {
    const pages = pagesRequired(error);
    const text = pages === null ? error.message : `${error.message} (somebody has to open ${pages})`;
    return { kind: "error", error: toErrorData(protocolFailure(name, tool, text)), sent: true, text };
  }
  const explained = server.explain(error);
  if (explained !== null) return { kind: "error", ...explained, error: toErrorData(explained.error) };
  const failure = server.failure() ?? protocolFailure(name, tool, error instanceof Error ? error.message : String(error));
  return { kind: "error", error: toErrorData(failure), sent: true };
}

/** What a server answered is an error. */
export function protocolFailure(name: string, what: string, message: string): OffstageError {
  return new OffstageError("SERVER_PROTOCOL", `The MCP server "${name}" answered ${what} with an error: ${withoutIssueDump(message)}`);
}
