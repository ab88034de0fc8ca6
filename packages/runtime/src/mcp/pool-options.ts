import type { Clock, Redactor } from "../base/index.ts";
import type { OpenInteraction } from "./auth/interaction.ts";
import type { TokenStore } from "./auth/token-store.ts";
import type { ClosePatience } from "./process-group.ts";
import type { RequestPolicy } from "./requests/request-policy.ts";
import type { ServerConfig } from "./server-config.ts";

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
