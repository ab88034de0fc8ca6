import type { Client } from "@modelcontextprotocol/client";
import { type Clock, isOffstageError, OffstageError, type Redactor } from "../base/index.ts";
import { type Catalogue, readCatalogue } from "./catalogue.ts";
import { type Kept, keep, type Lasting } from "./lasting.ts";
import { type Offers, readOffers } from "./offers.ts";
import type { ListItem } from "./read-list.ts";
import { startTimeLimit } from "./time-limit.ts";

/** The lists of one connection's server. */
export interface ConnectionLists {
  readonly catalogue: Kept<Catalogue>;
  readonly offers: Kept<Offers>;
}

/** What lists are read with. */
interface ListContext {
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly redact: (text: string) => string;
  readonly connectTimeoutMs: number;
  /** Leaves out tools that may not be used, whatever for. */
  readonly admitTools: (tools: readonly ListItem[]) => readonly ListItem[];
}

/**
 * How long a list of tools is kept at the most, ms, whatever its server says or does not say: writes are made by it, and one that is
 * replaced behind its address tells nobody.
 */
const TOOLS_KEPT_MS = 60_000;

/** `failure` says why a list could not be read, when the reason is no `OffstageError`. */
export function createConnectionLists(name: string, client: Client, context: ListContext, failure: (what: string, message: string) => OffstageError): ConnectionLists {
  const inTime = <T>(what: string, method: string, read: (signal: AbortSignal) => Promise<Lasting<T>>) => async (): Promise<Lasting<T>> => {
    const limit = startTimeLimit(context.clock, context.connectTimeoutMs, undefined);
    try {
      return await read(limit.signal);
    } catch (error) {
      if (isOffstageError(error)) throw error;
      if (limit.cause() === "timeout") throw new OffstageError("SERVER_TIMEOUT", `The MCP server "${name}" did not list ${what} in time.`, { cause: error });
      throw failure(method, context.redact((error as Error).message));
    } finally {
      limit.release();
    }
  };
  return {
    catalogue: keep(context.clock, inTime("its tools", "tools/list", (signal) => readCatalogue(name, client, context, signal)), TOOLS_KEPT_MS),
    offers: keep(context.clock, inTime("what it offers", "its lists", (signal) => readOffers(name, client, context.redactor, signal))),
  };
}
