import { type FetchLike, SdkError, SdkErrorCode, SdkHttpError, SSEClientTransport, SseError, StreamableHTTPClientTransport, type Transport } from "@modelcontextprotocol/client";
import { formatDuration, isOffstageError, type OffstageError } from "../../base/index.ts";
import { createFloodGate } from "../log-flood.ts";
import type { HttpServerConfig } from "../server-config.ts";
import type { Explained, ServerTransport, TransportContext } from "../server-transport.ts";
import { connectionBroken, connectionEnded, httpSilence, noMcp, noStream, pauseAsked, sessionLost, statusRefusal, streamEnded } from "./http-failures.ts";
import { createMessageShelf, takeFrom } from "./message-shelf.ts";
import { readMessages } from "./read-messages.ts";
import { createSendRequest } from "./send-request.ts";
import { followUnaskedStream } from "./unasked-stream.ts";

/** A server that knows no DELETE, or does not answer, shall not hold up the end. Ms. */
const GOODBYE_MS = 1_000;

/** A lost stream is opened again at once, nearly: whoever waits for it hears nothing meanwhile. */
const REOPENING = { initialReconnectionDelay: 300, maxReconnectionDelay: 30_000, reconnectionDelayGrowFactor: 2, maxRetries: 3 };

/** A redirect of the server's own site is not followed either: what answers by one may have done what it was asked for, and would be asked again. */
const ONCE: RequestInit = { redirect: "manual" };

/** An authorization server that dawdles shall not hold up the end; a renewal whose answer is under way has this long. Ms. */
const SETTLE_MS = 5_000;

/** The two ways of MCP over HTTP. */
export type HttpKind = "streamable" | "sse";

/**
 * Reaches a server over streamable HTTP, or over the older HTTP with one event stream (`sse`). The SDK speaks; requests are sent,
 * authorized and read by us, so that integers stay exact, sizes bounded, and it is known of a failed request whether it went out.
 */
export function createHttpTransport(config: HttpServerConfig, context: TransportContext, kind: HttpKind): ServerTransport {
  const { name, url } = config;
  const shelf = createMessageShelf();
  const line = createSendRequest({ server: name, url, inheritedEnv: context.inheritedEnv, headers: () => config.headersNow?.() ?? config.headers });
  let failure: OffstageError | null = null;
  const isAuthorized = Object.keys(config.headers).some((header) => header.toLowerCase() === "authorization");
  const noted = { isAuthorized, isSse: config.transport === "sse", retryAfter: null as string | null, location: null as string | null };
  const noting: typeof line.send = async (input, init) => {
    const response = await line.send(input, init);
    // Clean before anything is cut from them: a secret that was cut is not found any more.
    const note = (header: string): string | null => (response.headers.has(header) ? context.redact(response.headers.get(header) ?? "") : null);
    if (!response.ok) Object.assign(noted, { retryAfter: note("retry-after"), location: note("location") });
    return response;
  };
  const end = (why: OffstageError): void => {
    failure ??= why;
    void transport.close();
  };
  const unasked = followUnaskedStream(context.clock, () => reopenStream());
  const { fetch, thrown } = remembering(readMessages(unasked.follow(context.authorizer?.over(noting) ?? noting), { clock: context.clock, shelf, passes: createFloodGate(context.clock), maxBytes: context.maxLineBytes, resumptions: REOPENING.maxRetries, deliver: (message) => transport.onmessage?.(message), onDoubt: () => void (failure ??= sessionLost(name)), ...(kind === "sse" ? { onStreamEnd: () => end(streamEnded(name)) } : {}) }));
  const transport: Transport = kind === "sse" ? new SSEClientTransport(new URL(url), { fetch, requestInit: ONCE }) : new StreamableHTTPClientTransport(new URL(url), { fetch, requestInit: ONCE, onInsufficientScope: "throw", reconnectionOptions: REOPENING });
  takeFrom(shelf, transport);
  const explain = (error: unknown): Explained | null => {
    if (error instanceof TypeError && error.cause !== undefined) return { error: connectionBroken(name, url, error.cause), sent: true };
    if (error instanceof SdkError && error.code === SdkErrorCode.ClientHttpUnexpectedContent) return { error: noMcp(name, url, noted), sent: true };
    if (error instanceof SseError && thrown() !== null) return isOffstageError(thrown()) ? { error: thrown() as OffstageError, sent: false } : explain(thrown());
    if (error instanceof SseError) return { error: noStream(name, url, error.code ?? 200, noted), sent: false };
    if (!(error instanceof SdkHttpError)) return null;
    const { status } = error.data;
    if (status === 404 && transport.sessionId !== undefined) {
      failure ??= sessionLost(name);
      return { error: failure, sent: false };
    }
    const retryAfterMs = pauseAsked(status, noted.retryAfter, context.clock.now());
    return { ...statusRefusal(name, url, { status, text: context.redact(textOf(error)), ...noted }), status, ...(retryAfterMs === null ? {} : { retryAfterMs }) };
  };
  const reopenStream = async (): Promise<void> => {
    if (!(transport instanceof StreamableHTTPClientTransport)) return;
    await transport.resumeStream(undefined as never).catch((error: unknown) => {
      throw explain(error)?.error ?? error;
    });
  };
  return {
    transport,
    carriesHeaders: kind === "streamable",
    ...(kind === "streamable" ? { unasked } : {}),
    failure: () => failure,
    unanswered: (ms) => httpSilence(name, url, formatDuration(ms), noted),
    explain,
    async close() {
      failure ??= connectionEnded(name);
      await goodbye(transport, context);
      await transport.close();
      await settled(context);
      await line.close();
    },
  };
}

/** The SDK keeps of what an event stream failed for no more than the words. */
function remembering(fetch: FetchLike): { readonly fetch: FetchLike; thrown(): unknown } {
  let thrown: unknown = null;
  const remember = (error: unknown): never => {
    thrown = error;
    throw error;
  };
  return { fetch: (input, init) => fetch(input, init).catch(remember), thrown: () => thrown };
}

function textOf(error: SdkHttpError): string {
  const { text } = error.data as { readonly text?: unknown };
  return typeof text === "string" ? text : "";
}

async function settled({ authorizer, clock }: TransportContext): Promise<void> {
  if (authorizer === null) return;
  const done = new AbortController();
  await Promise.race([authorizer.settled().finally(() => done.abort()), clock.sleep(SETTLE_MS, done.signal)]);
  if (!done.signal.aborted) authorizer.giveUp();
}

/** Tells the server that its session is over, where there is one. */
async function goodbye(transport: Transport, { clock }: TransportContext): Promise<void> {
  if (!(transport instanceof StreamableHTTPClientTransport) || transport.sessionId === undefined) return;
  const said = new AbortController();
  const told = transport.terminateSession().catch(() => undefined).finally(() => said.abort());
  await Promise.race([told, clock.sleep(GOODBYE_MS, said.signal)]);
}
