import { OffstageError } from "../base/index.ts";
import type { Catalogue } from "./catalogue.ts";
import { keepListening } from "./events/keep-listening.ts";
import type { EventWants, ServerEvent } from "./events/server-event.ts";
import type { Offers } from "./offers.ts";
import type { Circuit } from "./breaker-gate.ts";
import type { Member } from "./pool-member.ts";
import type { ServerPoolOptions } from "./pool-options.ts";
import type { ServerSession } from "./server-session.ts";

/** All servers of a project: started when first needed, once each, side by side; restarted with back-off after their end. */
export interface ServerPool {
  /**
   * A session of the server as it runs now, started when it does not. Errors: `SERVER_UNKNOWN` for a name that no config has, and those of a start: `SERVER_START`, `SANDBOX_UNAVAILABLE`,
   * `SERVER_EXITED`, `SERVER_GARBAGE`, `SERVER_TIMEOUT`, `SERVER_PROTOCOL`, `SERVER_UNREACHABLE`, `SERVER_REFUSED`, `AUTH_FAILED`, `AUTH_UNSAFE`, `LOGIN_NEEDED`. A start that failed is not tried again
   * before its back-off is over: until then the same error comes at once. A server that failed again and again, whatever its starts were like,
   * is left alone for a while (`SERVER_AILING`): sessions are not given, calls of those that there are are not sent; then one call tries it.
   */
  session(name: string): Promise<ServerSession>;
  /** What the server offers; read again when it says that it changed, when it is a minute old, and when it is older than `atMostMs`. Errors as of `session`. */
  catalogue(name: string, atMostMs?: number): Promise<Catalogue>;
  /** What the server offers besides tools. Errors as of `session`. */
  offers(name: string): Promise<Offers>;
  /**
   * Tells `hear` of changes at a server until `signal` is aborted: over lost streams and sessions, and over servers that end and are started
   * anew for it, with back-off; what was not told meanwhile is a `gap`. No event is kept here; `hear` must not throw. Resolves when `signal`
   * is aborted or the pool is closed. Errors: `SERVER_UNKNOWN`, and `LISTEN_UNSUPPORTED` where the server does not tell of what is wanted.
   */
  listen(name: string, wants: EventWants, hear: (event: ServerEvent) => void, signal: AbortSignal): Promise<void>;
  /** Whether the servers that were used so far are called (`closed`), left alone (`open`) or tried by one call (`trial`). */
  circuits(): ReadonlyMap<string, Circuit>;
  /** Ends all servers with their whole process groups, and starts none any more. */
  close(): Promise<void>;
}

/** See {@link ServerPool}. */
export function createServerPool(options: ServerPoolOptions): ServerPool {
  const closing = new AbortController();
  const servers = new Map(options.servers.map((server) => [server.name, server]));
  const members = new Map<string, Member>();
  const member = async (name: string): Promise<Member> => {
    const known = members.get(name);
    if (known !== undefined) return known;
    const server = servers.get(name);
    if (server === undefined) throw new OffstageError("SERVER_UNKNOWN", `mcp.json has no MCP server "${name}".`, { hint: `It has: ${[...servers.keys()].join(", ") || "none"}.` });
    // What speaks MCP is as large as all the rest: who uses no server does not load it.
    const { openMember } = await import("./open-member.ts");
    // Somebody else may have asked meanwhile.
    const opened = members.get(name) ?? openMember("config" in server ? server.config() : server, options, closing.signal);
    members.set(name, opened);
    return opened;
  };
  return {
    async session(name) {
      return (await member(name)).session();
    },
    async catalogue(name, atMostMs) {
      return (await member(name)).use((connection) => connection.catalogue(atMostMs));
    },
    async offers(name) {
      return (await member(name)).use((connection) => connection.offers());
    },
    async listen(name, wants, hear, signal) {
      const { ready } = await member(name);
      await keepListening({ clock: options.clock, watches: async () => (await ready()).watch, wants, hear, signal: AbortSignal.any([signal, closing.signal]) });
    },
    circuits: () => new Map([...members].map(([name, one]) => [name, one.circuit()])),
    async close() {
      closing.abort();
      await Promise.all([...members.values()].map((one) => one.close()));
    },
  };
}
