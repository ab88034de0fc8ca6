import { Client, ProtocolError, ProtocolErrorCode, SdkError, SdkErrorCode, SdkHttpError } from "@modelcontextprotocol/client";
import { isOffstageError, OffstageError, shorten } from "../base/index.ts";
import { type Connection, type ConnectionContext, createConnection, protocolFailure } from "./connection.ts";
import { limitLines } from "./log-lines.ts";
import { type Attempt, type FailedAttempt, firstAttempt, makeTransport, nextAttempt } from "./make-transport.ts";
import { ANY_STRUCTURE, NO_TIMEOUT } from "./raw-result.ts";
import { createRequestDesk } from "./requests/request-desk.ts";
import { serveRequests } from "./requests/serve-requests.ts";
import type { ServerConfig } from "./server-config.ts";
import type { ServerTransport } from "./server-transport.ts";
import { startTimeLimit, type TimeLimit } from "./time-limit.ts";

/** UTF-16 units of the SDK's own complaints that are logged. */
const COMPLAINT = 300;
/** A server on stdio that has not answered the modern era's first question by then is taken for a legacy one: some never answer what they do not know. Ms. */
const SILENT_AFTER_MS = 10_000;

/** How a server of the modern era alone answers `initialize`: no such method, no such parameters, no such version. Anything else (no licence) is its last word. */
const NO_SUCH_ERA: ReadonlySet<number> = new Set([ProtocolErrorCode.MethodNotFound, ProtocolErrorCode.InvalidParams, ProtocolErrorCode.InvalidRequest, ProtocolErrorCode.UnsupportedProtocolVersion]);

/**
 * Starts a server, or reaches it, and shakes hands. One that was locked as legacy is spoken to as such at once; any other is asked first whether
 * it speaks the modern era, on the same connection. Where that is answered by the end of the process, or by an HTTP status of older
 * servers, the older way is tried.
 *
 * Errors: `SERVER_START`, `SERVER_EXITED`, `SERVER_GARBAGE`, `SERVER_TIMEOUT`, `SERVER_PROTOCOL`, `SERVER_UNREACHABLE`, `SERVER_REFUSED`, those
 * of its authorization, `CANCELLED`; nothing of the server is left then.
 */
export async function connect(config: ServerConfig, context: ConnectionContext, signal: AbortSignal): Promise<Connection> {
  const limit = startTimeLimit(context.clock, context.connectTimeoutMs, signal);
  try {
    let attempt: Attempt | null = firstAttempt(config);
    let first: OffstageError | null = null;
    while (attempt !== null) {
      const made = await shakeHands(config, attempt, context, limit);
      if ("connection" in made) return logged(made.connection, config, attempt, context);
      // Over HTTP the newer way is what its owner will look into; a process that ended twice tells the same twice.
      first = config.kind === "http" ? (first ?? made.error) : made.error;
      attempt = limit.cause() === null ? nextAttempt(attempt, made, config) : null;
    }
    throw first ?? protocolFailure(config.name, "initialize", "nothing was tried");
  } finally {
    limit.release();
  }
}

type Made = { readonly connection: Connection } | (FailedAttempt & { readonly error: OffstageError });

async function shakeHands(config: ServerConfig, { way, era }: Attempt, context: ConnectionContext, limit: TimeLimit): Promise<Made> {
  const server = endable(makeTransport(config, way, context));
  const log = limitLines(context.clock, context.log);
  const desk = createRequestDesk(context.requests, { ...context, log, onAsksForEver: () => server.end(asksForEver(config.name)) });
  const client = new Client(
    { name: "offstage", version: context.clientVersion },
    { jsonSchemaValidator: ANY_STRUCTURE, capabilities: desk.capabilities, versionNegotiation: { mode: era === "ask" ? "auto" : "legacy", probe: { timeoutMs: way === "stdio" ? SILENT_AFTER_MS : NO_TIMEOUT } } },
  );
  serveRequests(client, desk);
  client.onerror = (error) => log(`protocol: ${shorten(context.redact(error.message), COMPLAINT)}`);
  const over = new Promise<void>((resolve) => (client.onclose = resolve));
  let stopped: OffstageError | null = null;
  const halted = Promise.withResolvers<never>();
  halted.promise.catch(() => undefined);
  // The SDK's first question does not listen to a signal, and its start of an event stream that says nothing not even to the end of that.
  const stop = (): void => {
    // Asked before our own closing becomes the reason.
    stopped = limit.cause() === "timeout" ? server.unanswered(context.connectTimeoutMs) : new OffstageError("CANCELLED", `The start of the MCP server "${config.name}" was cancelled.`);
    void server.transport.close();
    halted.reject(stopped);
  };
  limit.signal.addEventListener("abort", stop, { once: true });
  try {
    if (limit.signal.aborted) stop();
    await Promise.race([client.connect(server.transport, { signal: limit.signal, timeout: NO_TIMEOUT }), halted.promise]);
    return { connection: createConnection(config.name, client, { server, desk, over, log }, context) };
  } catch (error) {
    const failure = stopped ?? handshakeFailure(config.name, server, error, context);
    await server.close();
    const root = rootOf(error);
    return { error: failure, ended: failure.code === "SERVER_EXITED", refused: root instanceof ProtocolError && NO_SUCH_ERA.has(root.code), status: root instanceof SdkHttpError ? root.data.status : null };
  } finally {
    limit.signal.removeEventListener("abort", stop);
  }
}

/** What began the chain: the SDK wraps what its first question met. */
function rootOf(error: unknown): unknown {
  let root = error;
  for (let depth = 0; root instanceof SdkError && !(root instanceof SdkHttpError) && root.cause !== undefined && depth < 5; depth++) root = root.cause;
  return root;
}

function handshakeFailure(name: string, server: ServerTransport, error: unknown, context: ConnectionContext): OffstageError {
  const root = rootOf(error);
  if (isOffstageError(root)) return root;
  const explained = server.explain(root);
  if (explained !== null) return explained.error;
  // The SDK closes the transport when a handshake goes wrong; only a connection that closed by itself is the reason.
  if (root instanceof SdkError && (root.code === SdkErrorCode.ConnectionClosed || root.code === SdkErrorCode.EraNegotiationFailed)) {
    const failure = server.failure();
    if (failure !== null) return failure;
    if (root.code === SdkErrorCode.ConnectionClosed) return protocolFailure(name, "initialize", "it closed the connection");
  }
  return protocolFailure(name, "initialize", context.redact(root instanceof Error ? root.message : String(root)));
}

/** Says where a server no longer is what it was locked as. */
function logged(connection: Connection, config: ServerConfig, { way, era }: Attempt, context: ConnectionContext): Connection {
  if (config.era === "legacy" && era === "ask") context.log("protocol: it was locked as a server of the legacy era and is none any more; `offstage lock` pins what it is now");
  if (way === "sse" && config.kind === "http" && config.transport !== "sse") context.log("protocol: it speaks the older HTTP with one event stream");
  return connection;
}

/** A transport that ends for a reason of ours, which is then why the connection is over. */
function endable(server: ServerTransport): ServerTransport & { end(failure: OffstageError): void } {
  let ended: OffstageError | null = null;
  return {
    transport: server.transport,
    carriesHeaders: server.carriesHeaders,
    failure: () => ended ?? server.failure(),
    unanswered: (ms) => server.unanswered(ms),
    explain: (error) => server.explain(error),
    ...(server.unasked === undefined ? {} : { unasked: server.unasked }),
    close: () => server.close(),
    end(failure) {
      ended ??= failure;
      void server.close();
    },
  };
}

function asksForEver(name: string): OffstageError {
  return new OffstageError("SERVER_PROTOCOL", `The MCP server "${name}" asked for ever instead of answering; it was ended.`, { hint: "Its log says what it asked; tell its authors." });
}
