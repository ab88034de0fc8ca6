import type { FetchLike } from "@modelcontextprotocol/client";
import type { Clock, Redactor } from "../../base/index.ts";
import type { AccessToken } from "./access-token.ts";
import type { Challenge } from "./discovery.ts";

/** Where the tokens of one server come from. One for each kind of `ServerAuth`. */
export interface TokenSource {
  /** What is there already, without asking anybody; null when nothing is. */
  held(): Promise<AccessToken | null>;
  /** Gets one. Called by one caller at a time. Errors: `AUTH_FAILED`, `AUTH_UNSAFE`, `LOGIN_NEEDED`, `TOKENS_UNREADABLE`. */
  obtain(need: Need): Promise<AccessToken>;
}

/** Why a token is needed. */
export interface Need {
  /** The one that does not do any more; null when there is none. */
  readonly refused: AccessToken | null;
  /** What the server asked for when it refused; empty when it was not asked. */
  readonly challenge: Challenge;
  /** Everything that was asked for until now, separated by spaces; null: nothing was. */
  readonly scope: string | null;
}

/** What every source works with. */
export interface SourceContext {
  /** The server's name in `mcp.json`, for messages. */
  readonly server: string;
  readonly serverUrl: URL;
  readonly clock: Clock;
  readonly redactor: Redactor;
  /** For whatever the server's metadata points to; guarded. */
  readonly fetch: FetchLike;
}
