import type { JSONRPCMessage } from "@modelcontextprotocol/client";
import type { Clock } from "../base/index.ts";
import { MOST_LINES } from "./log-lines.ts";

const MINUTE_MS = 60_000;

/**
 * Whether a message goes on to the SDK: all do, but for log messages beyond what the log takes in a minute (and one more, so that it tells
 * that some are left out). A million of them would cost the SDK a minute, and the calls beside them their time.
 */
export function createFloodGate(clock: Clock): (message: JSONRPCMessage) => boolean {
  let from = clock.now();
  let passed = 0;
  return (message) => {
    if (!("method" in message) || message.method !== "notifications/message" || "id" in message) return true;
    const now = clock.now();
    if (now - from >= MINUTE_MS) [from, passed] = [now, 0];
    return ++passed <= MOST_LINES + 1;
  };
}
