import { type Client, LOG_LEVEL_META_KEY } from "@modelcontextprotocol/client";
import type { Data } from "../base/index.ts";
import { stringifyExact } from "../base/index.ts";

/** UTF-16 units of a message that are looked at at all; the log cuts it further, when it is redacted. */
const LONGEST = 16_384;

/** Writes what a server tells (`notifications/message`) into its log. `log` takes redacted lines. */
export function logMessages(client: Client, redact: (text: string) => string, log: (line: string) => void): void {
  client.setNotificationHandler("notifications/message", ({ params: { level, logger, data } }) => {
    const text = typeof data === "string" ? data : stringifyExact(data ?? null);
    log(`${level}: ${logger === undefined ? "" : `${redact(logger.slice(0, LONGEST))}: `}${redact(text.slice(0, LONGEST))}`);
  });
}

/** What the `_meta` of a call says so that a server of the modern era tells anything; others tell unasked. */
export function logLevelMeta(client: Client): { readonly [key: string]: Data } {
  return client.getProtocolEra() === "modern" && client.getServerCapabilities()?.logging !== undefined ? { [LOG_LEVEL_META_KEY]: "info" } : {};
}
