import { OffstageError, shorten } from "../../base/index.ts";

/** Quoted words of a server. UTF-16 units. */
const QUOTE = 200;

/** The pause after a 429 that names none. */
const PAUSE_MS = 1_000;

/** Where a server is, as far as it may be told: no user, no password, no query. */
export function shownUrl(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname === "/" ? "" : pathname}`;
}

/** No connection came about: nothing was sent. */
export function unreachable(server: string, url: string, code: string, message: string): OffstageError {
  const [why, hint] = whyUnreachable(code, message);
  return new OffstageError("SERVER_UNREACHABLE", `The MCP server "${server}" at ${shownUrl(url)} cannot be reached: ${why}.`, { hint });
}

function whyUnreachable(code: string, message: string): readonly [why: string, hint: string] {
  switch (code) {
    case "ECONNREFUSED":
      return ["nothing listens there", "See that it runs, and that `url` in mcp.json has the right host and port."];
    case "ENOTFOUND":
      return ["there is no such host", "Look at `url` in mcp.json, and whether this machine can look names up."];
    case "EAI_AGAIN":
      return ["its name cannot be looked up", "Check the network of this machine; behind a proxy, set HTTPS_PROXY."];
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "UND_ERR_CONNECT_TIMEOUT":
      return ["the network gives no way to it", "Check the network of this machine; behind a proxy, set HTTPS_PROXY."];
    case "ERR_SSL_WRONG_VERSION_NUMBER":
    case "ERR_SSL_PACKET_LENGTH_TOO_LONG":
      return [`what answers there speaks no TLS (${code})`, "Should `url` in mcp.json begin with http: rather than https:?"];
    default:
      return /CERT|SSL|TLS|UNABLE/.test(code) ? [`its certificate is not accepted (${code})`, "For a certificate of your own authority, set NODE_EXTRA_CA_CERTS."] : [shorten(message, QUOTE), "Look at `url` in mcp.json."];
  }
}

/** What became of a request that was answered with a status in a message's place. */
export interface Refusal {
  readonly error: OffstageError;
  /** False only where the status says that the server did nothing. */
  readonly sent: boolean;
}

/** The connection ended between the request and its answer: nobody knows what the server did. */
export function connectionBroken(server: string, url: string, cause: unknown): OffstageError {
  const why = cause instanceof Error ? `${cause.message}` : "it was closed";
  return new OffstageError("SERVER_EXITED", `The connection to the MCP server "${server}" at ${shownUrl(url)} broke before the answer: ${shorten(why, QUOTE)}.`, { hint: "It is connected again when it is next needed; its own log says more." });
}

/** It answered well, with a page in a message's place. */
export function noMcp(server: string, url: string, { isSse }: Pick<Answered, "isSse">): OffstageError {
  return new OffstageError("SERVER_PROTOCOL", `What answers at ${shownUrl(url)} in the place of the MCP server "${server}" does not speak MCP.`, { hint: isSse ? NO_SSE : "Look at `url` in mcp.json: it has to be the server's MCP endpoint, often …/mcp." });
}

/** The server does not know our session any more: it did nothing (MCP, transports: "MUST respond … with HTTP 404"). */
export function sessionLost(server: string): OffstageError {
  return new OffstageError("SERVER_SESSION_LOST", `The MCP server "${server}" does not know our session any more.`, { hint: "A new one is begun when it is next needed." });
}

/** Statuses by which a server says that it did not look into a request (RFC 9110, RFC 6585). */
const NOT_TAKEN: ReadonlySet<number> = new Set([401, 405, 406, 411, 413, 415, 429, 431]);

/** An answer with a status in a message's place, all of it redacted. */
interface Answered {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | null;
  readonly location: string | null;
  /** The config says by a header who we are. */
  readonly isAuthorized: boolean;
  /** The config says that it speaks the older HTTP with one event stream, so that nothing else was tried. */
  readonly isSse: boolean;
}

/** So a server of the newer way answers who asks it for an event stream that it does not begin by itself. */
const NO_STREAM: ReadonlySet<number> = new Set([400, 404, 405, 406]);
const NO_SSE = 'mcp.json says "type": "sse", the older event stream, and nothing else was tried. Most servers speak streamable HTTP today: write "type": "http" and the URL of its MCP endpoint, often …/mcp.';

/** An answer that is no MCP. `text` is the beginning of its body, redacted. */
export function statusRefusal(server: string, url: string, { status, text, ...noted }: Answered): Refusal {
  const said = /^\s*</.test(text) || text.trim() === "" ? "" : `: ${shorten(text.trim().replaceAll(/\s+/g, " "), QUOTE)}`;
  const error = new OffstageError("SERVER_REFUSED", `The MCP server "${server}" at ${shownUrl(url)} answered with HTTP ${status}${said}${/[.!?]$/.test(said) ? "" : "."}`, { hint: statusHint(status, noted) });
  return { error, sent: !NOT_TAKEN.has(status) };
}

/** The pause that a server asked for: after a 429 always, a second where it does not say (RFC 6585, 4), and after a 503 that says it (RFC 9110, 10.2.3); ms. */
export function pauseAsked(status: number | undefined, retryAfter: string | null, now: number): number | null {
  if (status !== 429 && !(status === 503 && retryAfter !== null)) return null;
  const said = retryAfter?.trim() ?? "";
  const ms = /^\d+$/.test(said) ? Number(said) * 1_000 : Date.parse(said) - now;
  return ms > 0 ? ms : PAUSE_MS;
}

/** An event stream did not begin: it was answered with this status. */
export function noStream(server: string, url: string, status: number, noted: Omit<Answered, "status" | "text">): OffstageError {
  return status < 300 ? noMcp(server, url, noted) : statusRefusal(server, url, { status, text: "", ...noted }).error;
}

function statusHint(status: number, { retryAfter, location, isAuthorized, isSse }: Omit<Answered, "status" | "text">): string {
  if (isSse && NO_STREAM.has(status)) return NO_SSE;
  if (status === 401 && isAuthorized) return "It does not take the `Authorization` of its `headers` in mcp.json: it may have expired; put a new one where that refers to.";
  if (status === 401 || status === 403) return "It wants to know who you are: give it a header in mcp.json, `auth` in offstage.yaml, or a login (`offstage login`).";
  if (status === 404 || status === 405) return "Look at `url` in mcp.json: it has to be the server's MCP endpoint, often …/mcp, or …/sse for the older event stream.";
  if (status === 429) return `Fewer calls: \`rate\` under servers in offstage.yaml.${retryAfter === null ? "" : ` It asks to wait ${/^\d+$/.test(retryAfter) ? `${retryAfter} s` : `until ${shorten(retryAfter, 40)}`}.`}`;
  if (status >= 300 && status < 400) return `It points ${location === null ? "elsewhere" : `to ${shorten(location, QUOTE)}`}; where that is its own site, write that URL into mcp.json. Redirects are not followed: what answers by one may have done what it was asked for.`;
  return "Its own log says more; try again later.";
}

/** It did not answer the handshake. */
export function httpSilence(server: string, url: string, within: string, { isSse }: Pick<Answered, "isSse">): OffstageError {
  return new OffstageError("SERVER_TIMEOUT", `The MCP server "${server}" at ${shownUrl(url)} did not answer within ${within}.`, { hint: isSse ? `See that it runs. ${NO_SSE}` : "See that it runs, and that `url` in mcp.json is its MCP endpoint." });
}

/** We ended the connection. */
export function connectionEnded(server: string): OffstageError {
  return new OffstageError("SERVER_EXITED", `The connection to the MCP server "${server}" was ended.`, { hint: "It is connected again when it is next needed." });
}

/** The one stream of a legacy server ended. */
export function streamEnded(server: string): OffstageError {
  return new OffstageError("SERVER_EXITED", `The MCP server "${server}" ended its event stream.`, { hint: "It is connected again when it is next needed; its own log says more." });
}
