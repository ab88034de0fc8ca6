import type { JSONRPCMessage } from "@modelcontextprotocol/client";
import { type Data, isOffstageError, parseExact } from "../base/index.ts";

/** JSON-RPC's own code for what cannot be read; servers use it too. */
const PARSE_ERROR = -32_700;
const INTERNAL_ERROR = -32_603;

type Fields = { readonly [name: string]: Data };

/**
 * Reads one line of a server's output: a message of the protocol, or null when it is something else (a greeting, a log line).
 * An answer that the protocol does not allow (its result is no object, it nests too deeply) becomes an error answer to the
 * same request, so that the caller hears of it now rather than at its timeout.
 */
export function readProtocolLine(line: string): JSONRPCMessage | null {
  if (!line.startsWith("{") && !line.trimStart().startsWith("{")) return null;
  let message: Data;
  try {
    message = parseExact(line);
  } catch (error) {
    return isOffstageError(error) ? unreadableAnswer(line, error.message) : null;
  }
  if (!isFields(message) || message["jsonrpc"] !== "2.0") return null;
  return typeof message["method"] === "string" || !("id" in message) ? (message as JSONRPCMessage) : answer(message);
}

function answer(message: Fields): JSONRPCMessage {
  const id = message["id"];
  if (typeof id !== "number" && typeof id !== "string") return message as JSONRPCMessage;
  if ("error" in message) return errorAnswer(id, message["error"]);
  if (isFields(message["result"])) return message as JSONRPCMessage;
  return answerWithError(id, "the answer holds no result");
}

function errorAnswer(id: number | string, error: Data | undefined): JSONRPCMessage {
  const fields = isFields(error) ? error : { message: error ?? null };
  const code = fields["code"];
  const text = fields["message"];
  return {
    jsonrpc: "2.0",
    id,
    error: {
      code: typeof code === "number" && Number.isInteger(code) ? code : INTERNAL_ERROR,
      message: typeof text === "string" ? text : JSON.stringify(text ?? error ?? null),
      ...("data" in fields ? { data: fields["data"] } : {}),
    },
  };
}

/** An answer to a request that will get no other: what happened instead. */
export function answerWithError(id: number | string, message: string): JSONRPCMessage {
  return { jsonrpc: "2.0", id, error: { code: INTERNAL_ERROR, message } };
}

/** The line is JSON that we refuse to hold; native parsing copes with any depth and tells whose answer it was. */
function unreadableAnswer(line: string, reason: string): JSONRPCMessage | null {
  try {
    const message = JSON.parse(line) as { readonly jsonrpc?: unknown; readonly id?: unknown };
    if (message.jsonrpc !== "2.0" || (typeof message.id !== "number" && typeof message.id !== "string")) return null;
    return { jsonrpc: "2.0", id: message.id, error: { code: PARSE_ERROR, message: `the answer cannot be read: ${reason}` } };
  } catch {
    return null;
  }
}

function isFields(value: Data | undefined): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.getPrototypeOf(value) === Object.prototype;
}

/** A message as a line. Servers that read lines as Node's `readline` does end one at U+2028 and U+2029 too, which JSON lets stand in texts. */
export function printLine(message: JSONRPCMessage): string {
  return `${JSON.stringify(message).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029")}\n`;
}
