import { type Clock, OffstageError, type Redactor } from "../base/index.ts";
import { createAuthorizer } from "./auth/authorizer.ts";
import type { OpenInteraction } from "./auth/interaction.ts";
import { createMemoryTokenStore, type TokenStore } from "./auth/token-store.ts";
import type { Catalogue } from "./catalogue.ts";
import type { ConnectionContext } from "./connection.ts";
import { keepListening } from "./events/keep-listening.ts";
import type { EventWants, ServerEvent } from "./events/server-event.ts";
import type { Offers } from "./offers.ts";
import type { ClosePatience } from "./process-group.ts";
import type { Circuit } from "./breaker-gate.ts";
import { createMember, type Member } from "./pool-member.ts";
import { DECLINE_ALL, type RequestPolicy } from "./requests/request-policy.ts";
import type { ServerConfig } from "./server-config.ts";
import type { ServerSession } from "./server-session.ts";

/** What the pool is made of. */
export interface ServerPoolOptions {
  readonly servers: readonly (ServerConfig | LateConfig)[];
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** Ours: children get PATH, HOME and LANG of it, and nothing else. */
  readonly inheritedEnv: { readonly [name: string]: string | undefined };
  /** A line that a server wrote, redacted: its stderr, and what on its stdout was not the protocol. */
  readonly onStderr: (server: string, line: string) => void;
  /** Told to servers as our version. */
  readonly clientVersion: string;
  /** How long a start with its handshake may take, ms. */
  readonly connectTimeoutMs: number;
  /** The longest line that a server may write, bytes; 64 MiB when absent. */
  readonly maxLineBytes?: number;
  readonly patience?: ClosePatience;
  /** Where tokens of servers over HTTP are kept; in this process alone when absent. */
  readonly tokens?: TokenStore;
  /** Asks a person for a login, in the middle of a request. Absent where nobody is there: then `LOGIN_NEEDED` says what to type. */
  readonly interact?: OpenInteraction;
  /** What a server may ask of us; where nothing is said, questions are declined. */
  readonly requests?: (server: string) => RequestPolicy;
}

/** A server whose config is asked for when it is first used, once: to know it may cost a program that asks a vault. */
export interface LateConfig {
  readonly name: string;
  /** Whatever it throws is the error of the use. */
  readonly config: () => ServerConfig;
}

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

const MAX_LINE_BYTES = 64 * 1024 * 1024;
const PATIENCE: ClosePatience = { afterInputClosedMs: 500, afterTermMs: 2_000 };

/** See {@link ServerPool}. */
export function createServerPool(options: ServerPoolOptions): ServerPool {
  const closing = new AbortController();
  const servers = new Map(options.servers.map((server) => [server.name, server]));
  const members = new Map<string, Member>();
  const memberOf = (config: ServerConfig): Member => createMember(config, contextOf(config, options), closing.signal);
  const member = (name: string): Member => {
    const server = servers.get(name);
    if (server === undefined) throw new OffstageError("SERVER_UNKNOWN", `mcp.json has no MCP server "${name}".`, { hint: `It has: ${[...servers.keys()].join(", ") || "none"}.` });
    const found = members.get(name) ?? memberOf("config" in server ? server.config() : server);
    members.set(name, found);
    return found;
  };
  return {
    async session(name) {
      return member(name).session();
    },
    async catalogue(name, atMostMs) {
      return member(name).use((connection) => connection.catalogue(atMostMs));
    },
    async offers(name) {
      return member(name).use((connection) => connection.offers());
    },
    async listen(name, wants, hear, signal) {
      const { ready } = member(name);
      await keepListening({ clock: options.clock, watches: async () => (await ready()).watch, wants, hear, signal: AbortSignal.any([signal, closing.signal]) });
    },
    circuits: () => new Map([...members].map(([name, one]) => [name, one.circuit()])),
    async close() {
      closing.abort();
      await Promise.all([...members.values()].map((one) => one.close()));
    },
  };
}

function contextOf(config: ServerConfig, options: ServerPoolOptions): ConnectionContext {
  return {
    clock: options.clock,
    redactor: options.redactor,
    authorizer: config.kind === "http" ? createAuthorizer(config, { ...options, tokens: options.tokens ?? createMemoryTokenStore(), log: (line) => options.onStderr(config.name, line) }) : null,
    redact: (text) => options.redactor.redact(text),
    log: (line) => options.onStderr(config.name, line),
    inheritedEnv: options.inheritedEnv,
    clientVersion: options.clientVersion,
    connectTimeoutMs: options.connectTimeoutMs,
    requests: options.requests?.(config.name) ?? DECLINE_ALL,
    maxLineBytes: options.maxLineBytes ?? MAX_LINE_BYTES,
    patience: options.patience ?? PATIENCE,
  };
}
