import { Client, ProtocolError, SdkError, SdkErrorCode } from "@modelcontextprotocol/client";
import { type Data, isOffstageError, OffstageError, type Redactor, shorten, toErrorData } from "../base/index.ts";
import { type Catalogue, readCatalogue } from "./catalogue.ts";
import { makeTransport } from "./make-transport.ts";
import { type Offer, offerName, offerRequest, type OfferReply } from "./offer.ts";
import { ANY_STRUCTURE, NO_TIMEOUT } from "./raw-result.ts";
import { askServer, type ServerAnswer, type ServerRequest } from "./requests/ask-server.ts";
import { createRequestDesk, type RequestDesk } from "./requests/request-desk.ts";
import type { RequestPolicy } from "./requests/request-policy.ts";
import { serveRequests } from "./requests/serve-requests.ts";
import { AfterFirstRound } from "./requests/unanswered.ts";
import type { ServerConfig } from "./server-config.ts";
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
  call(tool: string, args: { readonly [name: string]: Data }, signal: AbortSignal): Promise<ToolReply>;
  /** Reads a resource or a prompt, as {@link call} makes a call. */
  offer(offer: Offer, signal: AbortSignal): Promise<OfferReply>;
  /** Read once; again after the server said that its tools changed. */
  catalogue(): Promise<Catalogue>;
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
  const desk = createRequestDesk(context.requests, { ...context, onAsksForEver: () => server.end(asksForEver(config.name)) });
  const client = new Client({ name: "offstage", version: context.clientVersion }, { jsonSchemaValidator: ANY_STRUCTURE, capabilities: desk.capabilities });
  serveRequests(client, desk);
  client.onerror = (error) => context.log(`protocol: ${shorten(context.redact(error.message), COMPLAINT)}`);
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
  return createConnection(config.name, client, { server, desk, over }, context);
}

interface Ends {
  readonly server: ServerTransport;
  readonly desk: RequestDesk;
  readonly over: Promise<void>;
}

function createConnection(name: string, client: Client, { server, desk, over }: Ends, context: ConnectionContext): Connection {
  let catalogue: Promise<Catalogue> | null = null;
  const forget = (): void => void (catalogue = null);
  client.setNotificationHandler("notifications/tools/list_changed", forget);

  const list = async (): Promise<Catalogue> => {
    const limit = startTimeLimit(context.clock, context.connectTimeoutMs, undefined);
    try {
      return await readCatalogue(name, client, context.redactor, limit.signal, NO_TIMEOUT);
    } catch (error) {
      if (isOffstageError(error)) throw error;
      if (limit.cause() === "timeout") throw new OffstageError("SERVER_TIMEOUT", `The MCP server "${name}" did not list its tools in time.`, { cause: error });
      throw server.failure() ?? protocolFailure(name, "tools/list", context.redact((error as Error).message));
    } finally {
      limit.release();
    }
  };

  const ask = (request: ServerRequest, signal: AbortSignal): Promise<ServerAnswer> => askServer(client, desk, context.clock, request, { signal });
  return {
    failure: () => server.failure(),
    over,
    async call(tool, args, signal) {
      try {
        const { result, declined } = await ask({ method: "tools/call", params: { name: tool, arguments: args } }, signal);
        return declined ? { ...toReply(result), declined } : toReply(result);
      } catch (error) {
        return errorReply(name, tool, server, error);
      }
    },
    async offer(offer, signal) {
      try {
        return { kind: "result", result: (await ask(offerRequest(offer), signal)).result as Data };
      } catch (error) {
        return errorReply(name, offerName(offer), server, error);
      }
    },
    catalogue() {
      catalogue ??= list().catch((error: unknown) => {
        forget();
        throw error;
      });
      return catalogue;
    },
    close: () => server.transport.close(),
  };
}

function handshakeFailure(name: string, server: ServerTransport, error: unknown, context: ConnectionContext): OffstageError {
  if (isOffstageError(error)) return error;
  // The SDK closes the transport when a handshake goes wrong; only a connection that closed by itself is the reason.
  if (error instanceof SdkError && error.code === SdkErrorCode.ConnectionClosed) return server.failure() ?? protocolFailure(name, "initialize", "it closed the connection");
  return protocolFailure(name, "initialize", context.redact(error instanceof Error ? error.message : String(error)));
}

function errorReply(name: string, tool: string, server: ServerTransport, error: unknown): Extract<ToolReply, { readonly kind: "error" }> {
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
