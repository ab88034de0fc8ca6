import type { FetchLike, JSONRPCMessage } from "@modelcontextprotocol/client";
import { type Clock, type Data, stringifyExact } from "../../base/index.ts";
import { answerWithError, readProtocolLine } from "../protocol-line.ts";
import { startTimeLimit } from "../time-limit.ts";
import { boundedText, otherResponse } from "./bounded-text.ts";
import { type Reading, type ReadingOptions, type RequestId, sessionHeader, streamResponse, tooLong } from "./message-stream.ts";
import { createOwedAnswers, type OwedAnswer } from "./owed-answers.ts";
import { mayAnswer, statusResponse } from "./status-answer.ts";
import { createWaitingRequests, givenUpBy, type WaitingRequest } from "./waiting-requests.ts";

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
    // What nobody waits for is not fetched; at this status the SDK asks no more.
    if (resumed?.isGivenUp === true) return new Response(null, { status: 405 });
    if (resumed !== null) {
      const request = waiting.begin(resumed.asked, init?.signal);
      return resume({ resumed, request }, () => Promise.resolve(send(input, { ...init, signal: request.signal })), { ...options, owed });
    }
    const givenUp = givenUpBy(init?.body);
    if (givenUp !== null) {
      return tellWithin(options.clock, init, (told) => send(input, told)).finally(() => {
        owed.giveUp(givenUp);
        waiting.giveUp(givenUp);
      });
    }
    const asked = requestId(init?.body);
    // In the modern era the SDK closes the request itself.
    const request = asked === null || isModern(init) ? null : waiting.begin(asked, init?.signal);
    try {
      const response = await send(input, request === null ? init : { ...init, signal: request.signal });
      const type = response.headers.get("content-type") ?? "";
      if (response.ok && response.body !== null && /^\s*text\/event-stream\b/i.test(type)) return streamResponse(response, { asked, request, restBehind: null }, { ...options, owed });
      const isMessage = response.ok && response.body !== null && /^\s*application\/json\b/i.test(type);
      const read = isMessage ? await jsonResponse(response, asked, options) : mayAnswer(response, init) ? await statusResponse(response, asked, options) : await otherResponse(response);
      request?.done();
      return read;
    } catch (error) {
      request?.done();
      throw error;
    }
  };
}

/** A server that hangs does not take what it is told either: each call that ran out of time would hold two connections for ever. Ms. */
const TOLD_WITHIN_MS = 5_000;

/** Tells what nobody waits for an answer to. */
async function tellWithin(clock: Clock, init: RequestInit | undefined, tell: (init: RequestInit) => Promise<Response>): Promise<Response> {
  const limit = startTimeLimit(clock, TOLD_WITHIN_MS, init?.signal ?? undefined);
  try {
    return await tell({ ...init, signal: limit.signal });
  } catch (error) {
    if (limit.cause() !== "timeout") throw error;
    return new Response(null, { status: 202 });
  } finally {
    limit.release();
  }
}

interface Resumed {
  readonly resumed: OwedAnswer;
  readonly request: WaitingRequest;
}

/** Fetches the rest of a lost stream; where that fails for the last time, the request that waits for it is told. */
async function resume({ resumed: { asked, eventId }, request }: Resumed, send: () => Promise<Response>, options: Reading): Promise<Response> {
  const lost = (): void => {
    options.owed.settled(asked);
    options.deliver(answerWithError(asked, "the connection ended before the answer, and the rest could not be fetched"));
  };
  let response: Response;
  try {
    response = await send();
    if (response.ok && response.body !== null) return streamResponse(response, { asked, request, restBehind: eventId }, options);
  } catch (error) {
    request.done();
    if (options.owed.failed(asked)) lost();
    throw error;
  }
  request.done();
  // A server that gives no streams to GET is not asked again.
  if (response.status === 405 || options.owed.failed(asked)) lost();
  return otherResponse(response);
}

function isModern(init: RequestInit | undefined): boolean {
  const { headers } = init ?? {};
  return ((headers instanceof Headers ? headers : new Headers(headers)).get("mcp-protocol-version") ?? "") >= "2026";
}

/** The id of the one request in a body of ours; null for a notification, an answer, or none. */
function requestId(body: unknown): RequestId {
  // The SDK wrote it a moment ago, its id last or first: large arguments need no second reading, and a member of theirs is neither.
  if (typeof body !== "string" || !body.includes('"method"')) return null;
  const found = /"id":(?:(\d+)|"([^"\\]*)")\}$/.exec(body.slice(-200)) ?? /^\{(?:"jsonrpc":"2\.0",)?"id":(?:(\d+)|"([^"\\]*)"),/.exec(body.slice(0, 200));
  if (found === null) return null;
  return found[1] === undefined ? (found[2] ?? null) : Number(found[1]);
}

async function jsonResponse(response: Response, asked: RequestId, { shelf, maxBytes }: ReadingOptions): Promise<Response> {
  const text = await boundedText(response, maxBytes);
  const message = text === null ? tooLong(asked, maxBytes) : answerToUnread(readProtocolLine(text), asked);
  const body = message === null ? (text ?? "") : JSON.stringify(shelf.put(message));
  return new Response(body, { status: response.status, headers: { "content-type": "application/json", ...sessionHeader(response) } });
}

/** A server that could not read the id of what it refuses answers to none (JSON-RPC 2.0, 5): there is only one that it can mean. */
function answerToUnread(message: JSONRPCMessage | null, asked: RequestId): JSONRPCMessage | null {
  if (message === null || asked === null || !("error" in message) || (message as { readonly id?: unknown }).id !== null) return message;
  return readProtocolLine(stringifyExact({ ...message, id: asked } as unknown as Data));
}
