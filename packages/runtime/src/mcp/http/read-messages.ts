import type { FetchLike, JSONRPCMessage } from "@modelcontextprotocol/client";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import { answerWithError, readProtocolLine } from "../protocol-line.ts";
import type { MessageShelf } from "./message-shelf.ts";
import { createOwedAnswers, type OwedAnswers } from "./owed-answers.ts";
import { createWaitingRequests, givenUpBy, type WaitingRequest } from "./waiting-requests.ts";

/** What messages are read with. */
export interface ReadingOptions {
  readonly shelf: MessageShelf;
  /** Whether a message goes on; what does not is left out here, where it costs least. */
  readonly passes: (message: JSONRPCMessage) => boolean;
  /** The longest message, bytes or UTF-16 units. */
  readonly maxBytes: number;
  /** The stream that carries all answers ended (legacy SSE): nothing more will come. Absent where each request has its own. */
  readonly onStreamEnd?: () => void;
  /** How often the rest of a lost stream is asked for. */
  readonly resumptions: number;
  /** Hands a message on that came by no stream: the answer to a request that will get no other. */
  readonly deliver: (message: JSONRPCMessage) => void;
}

/**
 * Reads the messages in what `send` answers ourselves, and leaves the SDK their stand-ins: its own reading rounds large integers and holds
 * whatever comes. A message that is too long, an answer that the protocol does not allow and a stream that ends before the answer
 * become an error answer to the request, so that the caller hears of it now rather than at its timeout.
 */
export function readMessages(send: FetchLike, options: ReadingOptions): FetchLike {
  const waiting = createWaitingRequests();
  const owed = createOwedAnswers(options.resumptions);
  return async (input, init) => {
    const resumed = init?.method === "GET" ? owed.of(new Headers(init.headers).get("last-event-id")) : null;
    if (resumed !== null) return resume(resumed, () => Promise.resolve(send(input, init)), { ...options, owed });
    const givenUp = givenUpBy(init?.body);
    if (givenUp !== null) return Promise.resolve(send(input, init)).finally(() => waiting.giveUp(givenUp));
    const asked = requestId(init?.body);
    // In the modern era the SDK closes the request itself.
    const request = asked === null || isModern(init) ? null : waiting.begin(asked, init?.signal);
    try {
      const response = await send(input, request === null ? init : { ...init, signal: request.signal });
      const type = response.headers.get("content-type") ?? "";
      if (response.ok && response.body !== null && /^\s*text\/event-stream\b/i.test(type)) return streamResponse(response, { asked, request, isRest: false }, { ...options, owed });
      const read = response.ok && response.body !== null && /^\s*application\/json\b/i.test(type) ? await jsonResponse(response, asked, options) : await otherResponse(response);
      request?.done();
      return read;
    } catch (error) {
      request?.done();
      throw error;
    }
  };
}

type Reading = ReadingOptions & { readonly owed: OwedAnswers };

/** Fetches the rest of a lost stream; where that fails for the last time, the request that waits for it is told. */
async function resume(asked: string | number, send: () => Promise<Response>, options: Reading): Promise<Response> {
  const giveUp = (): void => options.deliver(answerWithError(asked, "the connection ended before the answer, and the rest could not be fetched"));
  let response: Response;
  try {
    response = await send();
  } catch (error) {
    if (options.owed.failed(asked)) giveUp();
    throw error;
  }
  if (response.ok && response.body !== null) return streamResponse(response, { asked, request: null, isRest: true }, options);
  // A server that gives no streams to GET is not asked again.
  if (response.status === 405 || options.owed.failed(asked)) giveUp();
  return otherResponse(response);
}

function isModern(init: RequestInit | undefined): boolean {
  const { headers } = init ?? {};
  return ((headers instanceof Headers ? headers : new Headers(headers)).get("mcp-protocol-version") ?? "") >= "2026";
}

/** Who waits for the answer. */
interface Asking {
  readonly asked: RequestId;
  readonly request: WaitingRequest | null;
  /** It is the rest of a lost stream, which is fetched until it is there. */
  readonly isRest: boolean;
}

type RequestId = string | number | null;

/** The id of the one request in a body of ours; null for a notification, an answer, or none. */
function requestId(body: unknown): RequestId {
  // The SDK wrote it a moment ago, its id last or first: large arguments need no second reading, and a member of theirs is neither.
  if (typeof body !== "string" || !body.includes('"method"')) return null;
  const found = /"id":(?:(\d+)|"([^"\\]*)")\}$/.exec(body.slice(-200)) ?? /^\{(?:"jsonrpc":"2\.0",)?"id":(?:(\d+)|"([^"\\]*)"),/.exec(body.slice(0, 200));
  if (found === null) return null;
  return found[1] === undefined ? (found[2] ?? null) : Number(found[1]);
}

/** As much of an answer that is no message as anybody looks at. Bytes. */
const OTHER_BYTES = 16 * 1024;

/** Everything else: a status, a page. The SDK would hold whatever comes, for as long as it comes. */
async function otherResponse(response: Response): Promise<Response> {
  if (response.body === null) return response;
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      parts.push(part);
      if ((length += part.length) >= OTHER_BYTES) break;
    }
  } catch {
    // What came tells enough.
  }
  return new Response(Buffer.concat(parts).subarray(0, OTHER_BYTES).toString("utf8"), { status: response.status, headers: response.headers });
}

async function jsonResponse(response: Response, asked: RequestId, { shelf, maxBytes }: ReadingOptions): Promise<Response> {
  const text = await boundedText(response, maxBytes);
  const message = text === null ? tooLong(asked, maxBytes) : readProtocolLine(text);
  const body = message === null ? (text ?? "") : JSON.stringify(shelf.put(message));
  return new Response(body, { status: response.status, headers: { "content-type": "application/json", ...sessionHeader(response) } });
}

/** Null when it is longer than that. */
async function boundedText(response: Response, maxBytes: number): Promise<string | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const part of response.body as unknown as AsyncIterable<Uint8Array>) {
      length += part.length;
      if (length > maxBytes) return null;
      parts.push(part);
    }
  } catch (error) {
    throw new TypeError("The answer broke off.", { cause: error });
  }
  return Buffer.concat(parts).toString("utf8");
}

function streamResponse(response: Response, asking: Asking, options: Reading): Response {
  const body = new ReadableStream<Uint8Array>(messageSource(response.body as unknown as AsyncIterable<Uint8Array>, asking, options));
  return new Response(body, { status: response.status, headers: { "content-type": "text/event-stream", ...sessionHeader(response) } });
}

function sessionHeader(response: Response): Record<string, string> {
  const session = response.headers.get("mcp-session-id");
  return session === null ? {} : { "mcp-session-id": session };
}

/** A lost stream is asked for again no sooner, whatever its server says. */
const SOONEST_RETRY_MS = 300;

/** Rather than by a stream behind ours, which each call would pay for. */
const ENCODER = new TextEncoder();

interface MessageSource {
  pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void>;
  cancel(): Promise<void>;
}

/** A stream of the server's events with stand-ins in them; pulled, so that a server is read no faster than its messages are taken. */
function messageSource(stream: AsyncIterable<Uint8Array>, { asked, request, isRest }: Asking, options: Reading): MessageSource {
  const source = stream[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  let ready: string[] = [];
  let isAnswered = asked === null;
  let isResumable = isRest;
  let isOverlong = false;
  const parser = createParser({
    maxBufferSize: options.maxBytes,
    onEvent: (event) => {
      isResumable ||= event.id !== undefined;
      const { text, answers } = standIn(event, options);
      isAnswered ||= answers === asked;
      if (asked !== null && isAnswered) options.owed.settled(asked);
      else if (asked !== null && event.id !== undefined) options.owed.seen(event.id, asked);
      if (text !== "") ready.push(text);
    },
    onRetry: (ms) => ready.push(`retry: ${Math.max(ms, SOONEST_RETRY_MS)}\n\n`),
    onError: (error) => (isOverlong ||= error.type === "max-buffer-size-exceeded"),
  });
  const errorEvent = (message: JSONRPCMessage | null): number => (message === null ? 0 : ready.push(`data: ${JSON.stringify(message)}\n\n`));
  return {
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      while (ready.length === 0) {
        const part = await source.next().catch((error: unknown) => ({ done: true as const, value: undefined, error }));
        if (part.done === true) {
          const isGivenUp = endRequest({ asked, request, isRest }, options.owed);
          // What is resumable would be asked for again; nobody waits for it.
          if (!isAnswered && isResumable === isGivenUp && asked !== null) errorEvent(answerWithError(asked, isGivenUp ? "it was given up" : "the connection ended before the answer"));
          for (const text of ready) controller.enqueue(ENCODER.encode(text));
          options.onStreamEnd?.();
          // The SDK asks anew for what a resumable stream still owes.
          if ("error" in part && isResumable && !isAnswered && !isGivenUp) return controller.error(part.error);
          return controller.close();
        }
        feed(part.value);
      }
      for (const text of ready) controller.enqueue(ENCODER.encode(text));
      ready = [];
      if (!isOverlong) return;
      controller.close();
      options.onStreamEnd?.();
    },
    async cancel() {
      request?.done();
      await source.return?.();
    },
  };

  function feed(part: Uint8Array): void {
    if (isOverlong) return;
    parser.feed(decoder.decode(part, { stream: true }));
    if (!isOverlong) return;
    request?.done();
    errorEvent(tooLong(asked, options.maxBytes));
    void source.return?.();
    if (ready.length === 0) ready.push(":\n\n");
  }
}

/** Nothing more comes for it over this stream; true when nobody waits for it either. */
function endRequest({ asked, request }: Asking, owed: OwedAnswers): boolean {
  request?.done();
  const isGivenUp = request?.isGivenUp() ?? false;
  if (isGivenUp && asked !== null) owed.settled(asked);
  return isGivenUp;
}

function tooLong(asked: RequestId, maxBytes: number): ReturnType<typeof answerWithError> | null {
  return asked === null ? null : answerWithError(asked, `the answer is longer than ${Math.round(maxBytes / 1024 / 1024)} MiB`);
}

/** The event as text, a stand-in where it carries a message, nothing where that does not pass; and which request it answers. */
function standIn({ event, id, data }: EventSourceMessage, { shelf, passes }: ReadingOptions): { readonly text: string; readonly answers: RequestId } {
  const head = `${event === undefined ? "" : `event: ${event}\n`}${id === undefined ? "" : `id: ${id}\n`}`;
  const message = (event === undefined || event === "message") && data !== "" ? readProtocolLine(data) : null;
  if (message === null) return { text: `${head}${data.split("\n").map((line) => `data: ${line}\n`).join("")}\n`, answers: null };
  // An id is where a lost stream is taken up again: it goes on without its message.
  if (!passes(message)) return { text: id === undefined ? "" : `id: ${id}\n\n`, answers: null };
  const answers = !("method" in message) && "id" in message ? (message.id as RequestId) : null;
  return { text: `${head}data: ${JSON.stringify(shelf.put(message))}\n\n`, answers };
}
