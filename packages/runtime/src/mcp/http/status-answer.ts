import type { JSONRPCMessage } from "@modelcontextprotocol/client";
import { readProtocolLine } from "../protocol-line.ts";
import { boundedText, otherResponse } from "./bounded-text.ts";
import { type ReadingOptions, type RequestId, sessionHeader, tooLong } from "./message-stream.ts";

/** JSON-RPC's. */
const METHOD_NOT_FOUND = -32_601;

/** By these a legacy server says that it does not know our session, or cannot use the request; some put them over answers. */
const MAY_ANSWER: ReadonlySet<number> = new Set([400, 404]);

/** Whether a status may stand over an answer to this request: one of a session. */
export function mayAnswer({ status, body }: Response, init: RequestInit | undefined): boolean {
  return MAY_ANSWER.has(status) && body !== null && new Headers(init?.headers).has("mcp-session-id");
}

/**
 * What came under such a status. A message with the request's own id is the answer to it, whatever the status says: the server has
 * looked at the request, and may have done it. Taken for a session that was lost it would be sent again.
 */
export async function statusResponse(response: Response, asked: RequestId, { shelf, maxBytes, onDoubt }: ReadingOptions): Promise<Response> {
  const { status, headers } = response;
  const isOurs = /\bjson\b|\bevent-stream\b/i.test(headers.get("content-type") ?? "");
  const text = isOurs ? await boundedText(response, maxBytes) : await (await otherResponse(response)).text();
  const message = text === null ? tooLong(asked, maxBytes) : (messagesIn(response, text).find((one) => answers(one, asked)) ?? null);
  if (message === null) return otherResponse(new Response(text, { status, headers }));
  // It may speak of the session all the same: then the next request needs another one.
  if (status === 404 && "error" in message && message.error.code !== METHOD_NOT_FOUND) onDoubt?.();
  return new Response(JSON.stringify(shelf.put(message)), { headers: { "content-type": "application/json", ...sessionHeader(response) } });
}

/** The one that a body is, or those of the events in it. */
function messagesIn({ headers }: Response, text: string): readonly JSONRPCMessage[] {
  const isStream = /\bevent-stream\b/i.test(headers.get("content-type") ?? "");
  const texts = isStream ? [...text.matchAll(/^data: ?(.*)$/gm)].map(([, data = ""]) => data) : [text];
  return texts.map(readProtocolLine).filter((one) => one !== null);
}

/** The SDK finds the request by the number of an id, too. */
function answers(message: JSONRPCMessage, asked: RequestId): boolean {
  return asked !== null && !("method" in message) && String(message.id) === String(asked);
}
