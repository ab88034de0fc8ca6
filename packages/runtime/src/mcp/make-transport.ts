import { createHttpTransport } from "./http/http-transport.ts";
import type { ServerConfig } from "./server-config.ts";
import type { ServerTransport, TransportContext } from "./server-transport.ts";
import { createStdioTransport } from "./stdio-transport.ts";

/** One way to try: how messages travel, and whether the server is asked which era it speaks, or taken for a legacy one. */
export interface Attempt {
  readonly way: "stdio" | "streamable" | "sse";
  readonly era: "ask" | "legacy";
}

/** What is tried first. */
export function firstAttempt(config: ServerConfig): Attempt {
  const era = config.era === "legacy" ? "legacy" : "ask";
  if (config.kind === "stdio") return { way: "stdio", era };
  return config.transport === "sse" ? { way: "sse", era: "legacy" } : { way: "streamable", era };
}

/** How an attempt failed, as far as the next one depends on it. */
export interface FailedAttempt {
  /** The process ended before it was ready. */
  readonly ended: boolean;
  /** The server answered that it knows no such handshake. */
  readonly refused: boolean;
  /** It was answered with this HTTP status in a message's place. */
  readonly status: number | null;
}

/** By these a server of the older kind refuses the newer one's first request (MCP, transports: backwards compatibility). */
const OLDER: ReadonlySet<number> = new Set([400, 404, 405]);

/** What is tried after that; null: nothing more. Never the same twice. */
export function nextAttempt({ way, era }: Attempt, failed: FailedAttempt, config: ServerConfig): Attempt | null {
  // Some servers end at any request before `initialize`; what they were locked as was true, until it is not.
  if (way === "stdio" && era === "ask" && failed.ended && config.era !== "legacy") return { way, era: "legacy" };
  if (era === "legacy" && way !== "sse" && config.era === "legacy" && (failed.refused || failed.status === 400)) return { way, era: "ask" };
  if (way === "streamable" && failed.status !== null && OLDER.has(failed.status)) return { way: "sse", era: "legacy" };
  return null;
}

/** Makes the way to a server. */
export function makeTransport(config: ServerConfig, way: Attempt["way"], context: TransportContext): ServerTransport {
  return config.kind === "stdio" ? createStdioTransport(config, context) : createHttpTransport(config, context, way === "sse" ? "sse" : "streamable");
}
