import { Client, ProtocolError, SdkError, SdkErrorCode } from "@modelcontextprotocol/client";
import { type Data, isOffstageError, OffstageError, type Redactor, shorten, toErrorData } from "../base/index.ts";
import type { Catalogue } from "./catalogue.ts";
import { type Completion, type CompletionReply, completionRequest, toCompletion } from "./completion.ts";
import { createConnectionLists } from "./connection-lists.ts";
import { followChanges } from "./events/follow-changes.ts";
import type { ServerEvent } from "./events/server-event.ts";
import type { OpenWatch } from "./events/watches.ts";
import { limitLines } from "./log-lines.ts";
import { makeTransport } from "./make-transport.ts";
import { type Offer, offerName, offerRequest, type OfferReply } from "./offer.ts";
import type { Offers } from "./offers.ts";
import { type OnProgress, readProgress } from "./progress.ts";
import { ANY_STRUCTURE, NO_TIMEOUT } from "./raw-result.ts";
import { createReadCache } from "./read-cache.ts";
import { askServer, type ServerAnswer, type ServerRequest } from "./requests/ask-server.ts";
import { createRequestDesk, type RequestDesk } from "./requests/request-desk.ts";
import type { RequestPolicy } from "./requests/request-policy.ts";
import { serveRequests } from "./requests/serve-requests.ts";
import { AfterFirstRound } from "./requests/unanswered.ts";
import type { ServerConfig } from "./server-config.ts";
import { logLevelMeta, logMessages } from "./server-messages.ts";
import type { ServerTransport, TransportContext } from "./server-transport.ts";
import { startTimeLimit } from "./time-limit.ts";
import { type ToolReply, toReply } from "./tool-reply.ts";

/** UTF-16 units of the SDK's own complaints that are logged. */
const COMPLAINT = 300;

/** What a connection needs besides its server's config. */
export interface ConnectionContext extends TransportContext {
  readonly redactor: Redactor;
  readonly clientVersion: string;
  /** How long the start, the handshake and each page of the tool list may take, ms. */
  readonly connectTimeoutMs: number;
  /** What the server may ask of us. */
  readonly requests: RequestPolicy;
}

/** One live connection: from a successful handshake until the server ends. Never comes back to life. */
export interface Connection {
  /** Why it is over; null while it lives. */
  failure(): OffstageError | null;
  /** Resolves when the connection is over. */
  readonly over: Promise<void>;
  /** One call, sent before this returns. Never rejects; an abort of `signal` is an error reply. */
  call(tool: string, args: { readonly [name: string]: Data }, signal: AbortSignal, onProgress?: OnProgress): Promise<ToolReply>;
  /** Reads a resource or a prompt, as {@link call} makes a call. A resource may be one that was read before, where its server said that it holds, and no call was made since. */
  offer(offer: Offer, signal: AbortSignal): Promise<OfferReply>;
  complete(completion: Completion, signal: AbortSignal): Promise<CompletionReply>;
  /** Read once; again after the server said that its tools changed, or when the time is over that it gave. */
  catalogue(): Promise<Catalogue>;
  /** The same for the lists besides tools. */
  offers(): Promise<Offers>;
  readonly watch: OpenWatch;
  /** Resolves when the server's whole process group is gone. */
  close(): Promise<void>;
}

/**
 * Starts a server and shakes hands. The protocol era is the SDK's default (legacy); a transport and an era negotiation per
 * kind of config is all that other servers will need here.
 *
 * Errors: `SERVER_START`, `SERVER_EXITED`, `SERVER_GARBAGE`, `SERVER_TIMEOUT`, `SERVER_PROTOCOL`, `NOT_YET`, `CANCELLED`;
 * nothing of the server is left then.
 */
export async function connect(config: ServerConfig, context: ConnectionContext, signal: AbortSignal): Promise<Connection> {
  const server = endable(makeTransport(config, context));
  const log = limitLines(context.clock, context.log);
  const desk = createRequestDesk(context.requests, { ...context, log, onAsksForEver: () => server.end(asksForEver(config.name)) });
  const client = new Client({ name: "offstage", version: context.clientVersion }, { jsonSchemaValidator: ANY_STRUCTURE, capabilities: desk.capabilities });
  serveRequests(client, desk);
  client.onerror = (error) => log(`protocol: ${shorten(context.redact(error.message), COMPLAINT)}`);
  const over = new Promise<void>((resolve) => (client.onclose = resolve));
  const limit = startTimeLimit(context.clock, context.connectTimeoutMs, signal);
  try {
    await client.connect(server.transport, { signal: limit.signal, timeout: NO_TIMEOUT });
  } catch (error) {
    const cause = limit.cause();
    // Asked before our own closing becomes the reason.
    const silence = cause === "timeout" ? server.unanswered(context.connectTimeoutMs) : null;
    await server.transport.close();
    if (cause === "cancelled") throw new OffstageError("CANCELLED", `The start of the MCP server "${config.name}" was cancelled.`);
    throw silence ?? handshakeFailure(config.name, server, error, context);
  } finally {
    limit.release();
  }
  return createConnection(config.name, client, { server, desk, over, log }, context);
}

interface Ends {
  readonly server: ServerTransport;
  readonly desk: RequestDesk;
  readonly over: Promise<void>;
  readonly log: (line: string) => void;
}

type FailedReply = Extract<ToolReply, { readonly kind: "error" }>;

function createConnection(name: string, client: Client, { server, desk, over, log }: Ends, context: ConnectionContext): Connection {
  const { clock } = context;
  const lists = createConnectionLists(name, client, context, (method, message) => server.failure() ?? protocolFailure(name, method, message));
  const reads = createReadCache(clock);
  const hear = (event: ServerEvent): void => {
    if (event.kind === "listening") return;
    if (event.kind === "resource-updated") return reads.forget(event.uri);
    if (event.kind === "gap" || event.list === "tools") lists.catalogue.forget();
    if (event.kind === "gap" || event.list !== "tools") lists.offers.forget();
    if (event.kind === "gap") reads.forget();
  };
  const watch = followChanges({ name, client, clock, timeoutMs: context.connectTimeoutMs, over: over.then(() => server.failure()?.message ?? "the connection is over") }, hear);
  logMessages(client, context.redact, log);

  const ask = async (request: ServerRequest, signal: AbortSignal, onProgress?: OnProgress): Promise<ServerAnswer> => {
    const params = { ...request.params, ...logLevelMeta(client) };
    return askServer(client, desk, clock, { ...request, params }, { signal, ...(onProgress === undefined ? {} : { onProgress: (progress) => onProgress(readProgress(progress, context.redact)) }) });
  };
  const failed = (what: string) => (error: unknown): FailedReply => errorReply(name, what, server, error);
  return {
    failure: () => server.failure(),
    over,
    async call(tool, args, signal, onProgress) {
      // It may change anything: what was read before it, and while it ran, is read again.
      reads.forget();
      try {
        const { result, declined } = await ask({ method: "tools/call", params: { name: tool, arguments: args } }, signal, onProgress);
        return declined ? { ...toReply(result), declined } : toReply(result);
      } catch (error) {
        return failed(tool)(error);
      } finally {
        reads.forget();
      }
    },
    async offer(offer, signal) {
      const kept = offer.kind === "resource" ? reads.get(offer.uri) : undefined;
      if (kept !== undefined) return { kind: "result", result: kept };
      const ticket = reads.ask();
      try {
        const result = (await ask(offerRequest(offer), signal)).result as Data;
        if (offer.kind === "resource") reads.put(offer.uri, result, ticket);
        return { kind: "result", result };
      } catch (error) {
        return failed(offerName(offer))(error);
      }
    },
    complete: (completion, signal) => ask(completionRequest(completion), signal).then(({ result }) => toCompletion(result as Data), failed("completion/complete")),
    catalogue: () => lists.catalogue.get(),
    offers: () => lists.offers.get(),
    watch,
    close: () => server.transport.close(),
  };
}

function handshakeFailure(name: string, server: ServerTransport, error: unknown, context: ConnectionContext): OffstageError {
  if (isOffstageError(error)) return error;
  // The SDK closes the transport when a handshake goes wrong; only a connection that closed by itself is the reason.
  if (error instanceof SdkError && error.code === SdkErrorCode.ConnectionClosed) return server.failure() ?? protocolFailure(name, "initialize", "it closed the connection");
  return protocolFailure(name, "initialize", context.redact(error instanceof Error ? error.message : String(error)));
}

function errorReply(name: string, tool: string, server: ServerTransport, error: unknown): FailedReply {
  if (error instanceof AfterFirstRound) return { ...errorReply(name, tool, server, error.cause), sent: true };
  if (isOffstageError(error)) return { kind: "error", error: toErrorData(error), sent: false };
  if (error instanceof ProtocolError) return { kind: "error", error: toErrorData(protocolFailure(name, tool, error.message)), sent: true, text: error.message };
  const failure = server.failure() ?? protocolFailure(name, tool, error instanceof Error ? error.message : String(error));
  return { kind: "error", error: toErrorData(failure), sent: true };
}

/** A transport that ends for a reason of ours, which is then why the connection is over. */
function endable(server: ServerTransport): ServerTransport & { end(failure: OffstageError): void } {
  let ended: OffstageError | null = null;
  return {
    transport: server.transport,
    failure: () => ended ?? server.failure(),
    unanswered: (ms) => server.unanswered(ms),
    end(failure) {
      ended ??= failure;
      void server.transport.close();
    },
  };
}

function asksForEver(name: string): OffstageError {
  return new OffstageError("SERVER_PROTOCOL", `The MCP server "${name}" asked for ever instead of answering; it was ended.`, { hint: "Its log says what it asked; tell its authors." });
}

function protocolFailure(name: string, what: string, message: string): OffstageError {
  return new OffstageError("SERVER_PROTOCOL", `The MCP server "${name}" answered ${what} with an error: ${message}`);
}
