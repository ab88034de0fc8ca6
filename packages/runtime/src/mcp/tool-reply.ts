import type { Data, ErrorData } from "../base/index.ts";

/** A content block of a tool's result; kinds we do not know are kept whole. */
export type ReplyBlock = { readonly type: "text"; readonly text: string } | { readonly type: string; readonly [key: string]: Data };

/** What came back for one `tools/call`, before anything is understood or redacted. */
export type ToolReply =
  | {
      readonly kind: "result";
      readonly isError: boolean;
      readonly structured: Data | undefined;
      readonly content: readonly ReplyBlock[];
      /** The server wanted something from a person in the middle of the call, and did not get it. */
      readonly declined?: boolean;
    }
  | {
      readonly kind: "error";
      readonly error: ErrorData;
      /** False only when it is certain that the server got nothing of the call. */
      readonly sent: boolean;
      /** The HTTP status that came in a message's place. */
      readonly status?: number;
      /** It was too much for the server, which asks for a pause. */
      readonly retryAfterMs?: number;
      /** The server's own words, when it answered with a protocol error. */
      readonly text?: string;
    };

/** Reads a result as it came over the wire. What is not a content block is left out; nothing a server sends makes this fail. */
export function toReply(result: unknown): Extract<ToolReply, { readonly kind: "result" }> {
  const fields = (typeof result === "object" && result !== null ? result : {}) as { readonly [name: string]: Data | undefined };
  const content = fields["content"];
  return {
    kind: "result",
    isError: fields["isError"] === true,
    structured: fields["structuredContent"],
    content: Array.isArray(content) ? (content as readonly Data[]).filter(isBlock) : [],
  };
}

function isBlock(value: Data): value is ReplyBlock {
  if (typeof value !== "object" || value === null) return false;
  const { type, text } = value as { readonly type?: unknown; readonly text?: unknown };
  return type === "text" ? typeof text === "string" : typeof type === "string";
}
