import type { JSONRPCMessage } from "@modelcontextprotocol/client";
import { createParser, type EventSourceMessage } from "eventsource-parser";
import type { Clock } from "../../base/index.ts";
import { answerWithError, readProtocolLine } from "../protocol-line.ts";
import type { MessageShelf } from "./message-shelf.ts";
import type { OwedAnswers } from "./owed-answers.ts";
import type { WaitingRequest } from "./waiting-requests.ts";

/** What messages are read with. */
export interface ReadingOptions {
  readonly clock: Clock;
  readonly shelf: MessageShelf;
  /** Whether a message goes on; what does not is left out here, where it costs least. */
  readonly passes: (message: JSONRPCMessage) => boolean;
  /** The longest message, bytes or UTF-16 units. */
  readonly maxBytes: number;
  /** The stream that carries all answers ended (legacy SSE): nothing more will come. Absent where each request has its own. */
  readonly onStreamEnd?: () => void;
  /** What was answered may mean that the server does not know our session any more, though it looked at the request. */
  readonly onDoubt?: () => void;
  /** How often the rest of a lost stream is asked for. */
  readonly resumptions: number;
  /** Hands a message on that came by no stream: the answer to a request that will get no other. */
  readonly deliver: (message: JSONRPCMessage) => void;
}

/** The same, and what lost streams owe. */
export type Reading = ReadingOptions & { readonly owed: OwedAnswers };

/** Null: none, a notification or an answer of ours. */
export type RequestId = string | number | null;

/** Who waits for the answer. */
export interface Asking {
  readonly asked: RequestId;
  readonly request: WaitingRequest | null;
  /** It is the rest of a lost stream, behind this event, and fetched until it is there; null: it is the stream itself. */
  readonly restBehind: string | null;
}

/** A stream of the server's messages, with stand-ins in their place. */
export function streamResponse(response: Response, asking: Asking, options: Reading): Response {
  const body = new ReadableStream<Uint8Array>(messageSource(response.body as unknown as AsyncIterable<Uint8Array>, asking, options));
  return new Response(body, { status: response.status, headers: { "content-type": "text/event-stream", ...sessionHeader(response) } });
}

/** What of an answer's headers the SDK needs, beside the type. */
export function sessionHeader(response: Response): Record<string, string> {
  const session = response.headers.get("mcp-session-id");
  return session === null ? {} : { "mcp-session-id": session };
}

/** A lost stream is asked for again no sooner and no later, whatever its server says: a timer takes a delay that is too long for none. */
const SOONEST_RETRY_MS = 300;
const LATEST_RETRY_MS = 30_000;

/** Rather than by a stream behind ours, which each call would pay for. */
const ENCODER = new TextEncoder();

interface MessageSource {
  pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void>;
  cancel(): Promise<void>;
}

/** A stream of the server's events with stand-ins in them; pulled, so that a server is read no faster than its messages are taken. */
function messageSource(stream: AsyncIterable<Uint8Array>, { asked, request, restBehind }: Asking, options: Reading): MessageSource {
  const source = stream[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  // Of a rest that ends before it brings anything the SDK would forget what it is the rest of.
  const ready: string[] = restBehind === null ? [] : [idAlone(restBehind)];
  let isAnswered = asked === null;
  let isResumable = restBehind !== null;
  let isOverlong = false;
  const parser = createParser({
    maxBufferSize: options.maxBytes,
    onEvent: (event) => {
      isResumable ||= isMark(event.id);
      const { text, answers } = standIn(event, options);
      isAnswered ||= answers === asked;
      if (asked !== null && isAnswered) options.owed.settled(asked);
      else if (asked !== null && isMark(event.id)) options.owed.seen(event.id, asked);
      if (text !== "") ready.push(text);
    },
    onRetry: (ms) => ready.push(`retry: ${Math.min(Math.max(ms, SOONEST_RETRY_MS), LATEST_RETRY_MS)}\n\n`),
    onError: (error) => (isOverlong ||= error.type === "max-buffer-size-exceeded"),
  });
  const errorEvent = (message: JSONRPCMessage | null): number => (message === null ? 0 : ready.push(`data: ${JSON.stringify(message)}\n\n`));
  return {
    async pull(controller: ReadableStreamDefaultController<Uint8Array>) {
      while (ready.length === 0) {
        const part = await source.next().catch((error: unknown) => ({ done: true as const, value: undefined, error }));
        if (part.done === true) {
          const isGivenUp = endRequest({ asked, request, restBehind }, options.owed);
          // What is resumable would be asked for again; nobody waits for it.
          if (!isAnswered && isResumable === isGivenUp && asked !== null) errorEvent(answerWithError(asked, isGivenUp ? "it was given up" : "the connection ended before the answer"));
          enqueue(controller, ready);
          options.onStreamEnd?.();
          // The SDK asks anew for what a resumable stream still owes.
          if ("error" in part && isResumable && !isAnswered && !isGivenUp) return controller.error(part.error);
          return controller.close();
        }
        feed(part.value);
      }
      enqueue(controller, ready);
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
    if (asked !== null) options.owed.settled(asked);
    errorEvent(tooLong(asked, options.maxBytes));
    void source.return?.();
    if (ready.length === 0) ready.push(":\n\n");
  }
}

/** Hands over all that is ready. */
function enqueue(controller: ReadableStreamDefaultController<Uint8Array>, ready: string[]): void {
  for (const text of ready.splice(0)) controller.enqueue(ENCODER.encode(text));
}

/** Nothing more comes for it over this stream; true when nobody waits for it either. */
function endRequest({ asked, request }: Asking, owed: OwedAnswers): boolean {
  request?.done();
  const isGivenUp = request?.isGivenUp() ?? false;
  if (isGivenUp && asked !== null) owed.settled(asked);
  return isGivenUp;
}

/** The answer instead of one that is longer than `maxBytes`; null when nothing was asked. */
export function tooLong(asked: RequestId, maxBytes: number): ReturnType<typeof answerWithError> | null {
  return asked === null ? null : answerWithError(asked, `the answer is longer than ${Math.round(maxBytes / 1024 / 1024)} MiB`);
}

/** Whether the SDK takes up a stream at this id: an empty one takes back what was said before. */
function isMark(id: string | undefined): id is string {
  return id !== undefined && id !== "";
}

/** An event that only has an id; without the empty data it would be none. */
function idAlone(id: string): string {
  return `id: ${id}\ndata:\n\n`;
}

/** The event as text, a stand-in where it carries a message, nothing where that does not pass; and which request it answers. */
function standIn({ event, id, data }: EventSourceMessage, { shelf, passes }: ReadingOptions): { readonly text: string; readonly answers: RequestId } {
  const head = `${event === undefined ? "" : `event: ${event}\n`}${id === undefined ? "" : `id: ${id}\n`}`;
  const message = (event === undefined || event === "message") && data !== "" ? readProtocolLine(data) : null;
  if (message === null) return { text: `${head}${data.split("\n").map((line) => `data: ${line}\n`).join("")}\n`, answers: null };
  // An id is where a lost stream is taken up again: it goes on without its message.
  if (!passes(message)) return { text: isMark(id) ? idAlone(id) : "", answers: null };
  const answers = !("method" in message) && "id" in message ? (message.id as RequestId) : null;
  return { text: `${head}data: ${JSON.stringify(shelf.put(message))}\n\n`, answers };
}
