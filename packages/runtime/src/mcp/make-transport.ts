import { OffstageError } from "../base/index.ts";
import type { ServerConfig } from "./server-config.ts";
import type { ServerTransport, TransportContext } from "./server-transport.ts";
import { createStdioTransport } from "./stdio-transport.ts";

/** Makes the way to a server by the kind of its config. Errors: `NOT_YET` for servers that are reached over HTTP. */
export function makeTransport(config: ServerConfig, context: TransportContext): ServerTransport {
  switch (config.kind) {
    case "stdio":
      return createStdioTransport(config, context);
    case "http":
      throw new OffstageError("NOT_YET", `The MCP server "${config.name}" is reached over HTTP, which Offstage cannot do yet.`, {
        hint: "Use a server that runs on this machine over stdio.",
      });
  }
}
