import type { FetchLike } from "@modelcontextprotocol/client";
import { type Clock, OffstageError, type Redactor } from "../../base/index.ts";
import type { HttpServerConfig } from "../server-config.ts";
import { orAborted } from "../time-limit.ts";
import type { AccessToken } from "./access-token.ts";
import { unsafe } from "./auth-errors.ts";
import { type Challenge, challengeOf } from "./discovery.ts";
import { createGuardedFetch, type InheritedEnv, isOnLoopback, type Resolve } from "./guarded-fetch.ts";
import { createLoginSource } from "./login-source.ts";
import { createMachineSource } from "./machine-source.ts";
import { DEFAULT_LOGIN, type BearerAuth, type ServerAuth } from "./server-auth.ts";
import { createTokenKeeper } from "./token-keeper.ts";
import type { SourceContext, TokenSource } from "./token-source.ts";
import type { OpenInteraction } from "./interaction.ts";
import type { TokenStore } from "./token-store.ts";

/** What the authorization of a server works with. */
export interface AuthContext {
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly tokens: TokenStore;
  /** A line for the server's log, redacted. */
  readonly log: (line: string) => void;
  /** Asks a person, or what stands for one. Absent wherever nobody is there: then `LOGIN_NEEDED` says what to type. */
  readonly interact?: OpenInteraction;
  /** Ours: the proxies of it are used. */
  readonly inheritedEnv?: InheritedEnv;
  /** Looks names up; the system's unless a test has another. */
  readonly resolve?: Resolve;
}

/** The authorization of one server in this process, for its connections one after another: they share the token. */
export interface Authorizer {
  /**
   * Sends what `send` sends with the token, and once more with a new one after a 401 (the token is not taken) or a 403 that asks for more
   * scope: the server says by these that it did nothing. Redirects are left to the caller, and a token goes to the server's
   * own origin only. Errors: `AUTH_FAILED`, `AUTH_UNSAFE`, `LOGIN_NEEDED`, `TOKENS_UNREADABLE`: the request was not
   * made, or refused.
   */
  over(send: FetchLike): FetchLike;
  /** Resolves when no renewal is under way. Wait for it before the process ends. */
  settled(): Promise<void>;
  /** Ends what is under way: its answer is not waited for any more, and keeps no process alive. */
  giveUp(): void;
}

/** See {@link Authorizer}. Null for a server whose config says by a header who we are: then nobody else does. */
export function createAuthorizer(server: Pick<HttpServerConfig, "name" | "url" | "headers" | "auth">, context: AuthContext): Authorizer | null {
  if (server.auth === undefined && Object.keys(server.headers).some((header) => header.toLowerCase() === "authorization")) return null;
  const { auth = DEFAULT_LOGIN } = server;
  const serverUrl = new URL(server.url);
  const guard = createGuardedFetch({ ...context, serverUrl });
  let underWay = new AbortController();
  const fetch: FetchLike = (input, init) => guard(input, { ...init, signal: AbortSignal.any([underWay.signal, ...(init?.signal == null ? [] : [init.signal])]) });
  const source = sourceOf(auth, { server: server.name, serverUrl, clock: context.clock, redactor: context.redactor, fetch }, context);
  const keeper = createTokenKeeper(source, context.clock, (error) => context.log(`auth: ${context.redactor.redact(error.message)}`));
  const wait = <T>(work: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> =>
    signal == null ? work : orAborted(work, signal, () => new OffstageError("CANCELLED", `The request to "${server.name}" was cancelled.`));
  return {
    over: (send) => async (input, init) => {
      if (new URL(input).origin !== serverUrl.origin) return send(input, init);
      const attempt = async (token: AccessToken | null): Promise<Response> => send(input, withToken(init, token, serverUrl));
      const token = await wait(keeper.current(), init?.signal);
      return answered({ server: server.name, attempt, replace: (refused, challenge) => wait(keeper.replace(refused, challenge), init?.signal) }, token);
    },
    settled: () => keeper.settled(),
    giveUp() {
      underWay.abort();
      underWay = new AbortController();
    },
  };
}

interface Exchange {
  readonly server: string;
  readonly attempt: (token: AccessToken | null) => Promise<Response>;
  readonly replace: (refused: AccessToken | null, challenge: Challenge) => Promise<AccessToken>;
}

/** One new token after a 401 and one after a 403, and then no more: a server that always asks for more is not argued with. */
async function answered({ server, attempt, replace }: Exchange, first: AccessToken | null): Promise<Response> {
  let token = first;
  let response = await attempt(token);
  if (response.status === 401) {
    const challenge = await refusalOf(response);
    token = await replace(token, challenge);
    response = await attempt(token);
    if (response.status === 401) {
      await refusalOf(response);
      throw refused(server, "a token that was made for it a moment ago");
    }
  }
  if (response.status !== 403 || challengeOf(response).error !== "insufficient_scope") return response;
  const challenge = await refusalOf(response);
  response = await attempt(await replace(token, challenge));
  if (response.status !== 401 && (response.status !== 403 || challengeOf(response).error !== "insufficient_scope")) return response;
  await refusalOf(response);
  throw refused(server, "a token with the scope that it asked for");
}

/** Reads the challenge, and lets the answer's body go. */
async function refusalOf(response: Response): Promise<Challenge> {
  const challenge = challengeOf(response);
  await response.body?.cancel().catch(() => undefined);
  return challenge;
}

function refused(server: string, what: string): OffstageError {
  return new OffstageError("AUTH_FAILED", `The MCP server "${server}" refuses ${what}.`, { hint: "Nothing was done. Whoever runs the server can see in its log why; its resource or audience may be configured wrongly." });
}

function withToken(init: RequestInit | undefined, token: AccessToken | null, serverUrl: URL): RequestInit | undefined {
  if (token === null) return init;
  if (serverUrl.protocol !== "https:" && !isOnLoopback(serverUrl)) throw unsafe(`The server at ${serverUrl.origin} is reached without https, and tokens go nowhere else.`, "Use its https URL. A server inside of your own network that has none can be given a header instead.");
  const headers = new Headers(init?.headers);
  headers.set("authorization", `Bearer ${token.value}`);
  return { ...init, headers };
}

function sourceOf(auth: ServerAuth, source: SourceContext, context: AuthContext): TokenSource {
  switch (auth.kind) {
    case "bearer":
      return staticSource(auth, source.server);
    case "login":
      return createLoginSource(auth, source, context);
    case "client-credentials":
    case "private-key-jwt":
    case "enterprise":
      return createMachineSource(auth, source);
  }
}

function staticSource(auth: BearerAuth, server: string): TokenSource {
  const held = (): AccessToken => ({ value: auth.token, expiresAt: null, renewAt: null, scope: null });
  return {
    held: () => Promise.resolve(held()),
    // Whoever made it may have put another one there.
    obtain: ({ refused }) => held().value !== refused?.value ? Promise.resolve(held()) : Promise.reject(new OffstageError("AUTH_FAILED", `The MCP server "${server}" refuses the token of its configuration.`, { hint: "It may have expired: put a new one where offstage.yaml or mcp.json refers to." })),
  };
}
