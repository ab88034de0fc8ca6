import { AuthorizationServerMismatchError, InsecureTokenEndpointError, IssuerMismatchError, OAuthError, RegistrationRejectedError } from "@modelcontextprotocol/client";
import { isOffstageError, OffstageError, shorten } from "../../base/index.ts";
import { loginHelp } from "./login-help.ts";

/** UTF-16 units of what an OAuth server says that are told on. */
const QUOTE = 200;

const PLAIN_SCOPE = /^[\w:./ -]{1,500}$/;

/** What somebody asks of us that the rules of the specification forbid. Nothing secret was sent. */
export function unsafe(message: string, hint?: string): OffstageError {
  return new OffstageError("AUTH_UNSAFE", message, { hint: hint ?? "Nothing secret was sent. If this server is yours, correct what it says; if not, do not use it." });
}

/** Only a person can help, and this is what they type. */
export function loginNeeded(server: string, why: string, scope: string | null = null): OffstageError {
  // A stranger's words: what a shell could take for more than a text is not part of a command to type.
  const words = scope === null ? "" : PLAIN_SCOPE.test(scope) ? ` --scope '${scope}'` : " --scope '…', with the scope that it asks for";
  return new OffstageError("LOGIN_NEEDED", `The MCP server "${server}" needs a login by a person: ${why}.`, { hint: loginHelp(server, words) });
}

/** Nothing at a server says where its tokens come from, and none are to be had where servers of 2025-03-26 give them. `status` is its answer to somebody without a token; null when it was not asked. */
export function nobodyGivesTokens(server: string, serverUrl: URL, status: number | null): OffstageError {
  const { origin, pathname } = serverUrl;
  const answered = status === null ? "" : status === 401 ? " It wants a token (HTTP 401)." : status < 300 ? ` It may want none: it answers without one (HTTP ${status}).` : ` Without one it answers with HTTP ${status}.`;
  const path = pathname === "/" ? "" : `[${pathname}]`;
  return new OffstageError("AUTH_FAILED", `Nobody can log in to the MCP server "${server}": it does not say where its tokens come from.${answered} Looked for, at ${origin}: /.well-known/oauth-protected-resource${path}, /.well-known/oauth-authorization-server, /.well-known/openid-configuration, and a registration of clients at /register.`, {
    hint: `Where its site lets you make a token, put that into a header in mcp.json: "headers": { "Authorization": "Bearer \${env:${variable(server)}_TOKEN}" }. Where you know its authorization server, name it: servers: { ${server}: { auth: { kind: login, issuer: https://… } } } in offstage.yaml.`,
  });
}

/** `my-server` as the beginning of a variable's name. */
function variable(server: string): string {
  const name = server.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_").replaceAll(/^_+|_+$/g, "");
  return /^[A-Z]/.test(name) ? name : `MCP_${name}`;
}

/**
 * What went wrong while a token was got, for people. What others said is quoted redacted and short; an error that could quote
 * an answer with a token in it (one of JSON or of its shape) is not quoted at all.
 */
export function authFailure(server: string, what: string, error: unknown, redact: (text: string) => string): OffstageError {
  if (isOffstageError(error)) return error;
  if (error instanceof IssuerMismatchError) return issuerMismatch(server, error);
  if (error instanceof AuthorizationServerMismatchError) {
    return unsafe(`The MCP server "${server}" names the authorization server ${quoted(error.currentIssuer, redact)}, and its credentials belong to ${quoted(error.recordedIssuer, redact)}.`);
  }
  if (error instanceof InsecureTokenEndpointError) return unsafe(`The MCP server "${server}" would have its tokens got without https.`);
  if (error instanceof RegistrationRejectedError) {
    return failed(server, `${what}: its authorization server refused to register this client (HTTP ${error.status}): ${quoted(error.body, redact)}`, `Register a client there by hand, and name it: servers: { ${server}: { auth: { kind: login, clientId: … } } } in offstage.yaml.`);
  }
  if (error instanceof OAuthError) return failed(server, `${what}: its authorization server answered ${quoted(error.code, redact)}: ${quoted(error.message, redact)}`, "Check the client's id, its secret and scope in offstage.yaml, and what the authorization server grants it.");
  const own = error instanceof Error && OWN_WORDS.find((words) => error.message.startsWith(words)) !== undefined ? `: ${quoted(error.message, redact)}` : ": its authorization server answered with something that this version cannot read";
  return failed(server, `${what}${own}`, "Ask whoever runs the authorization server; its log says more.");
}

/** The SDK's own words, which quote no answer. */
const OWN_WORDS = ["Incompatible auth server", "Protected resource ", "HTTP ", "Resource server ", "Redirect "];

function issuerMismatch(server: string, error: IssuerMismatchError): OffstageError {
  // What came with an answer in a wrong name is a stranger's text: not shown.
  if (error.kind === "authorization_response") return unsafe(`The answer to the login at "${server}" does not come from ${error.expected ?? "the authorization server that was asked"}, as its "iss" shows (RFC 9207).`);
  return unsafe(`The authorization server of "${server}" calls itself by another name than the one it was found under: expected ${JSON.stringify(error.expected)} (RFC 8414).`);
}

function failed(server: string, message: string, hint: string): OffstageError {
  return new OffstageError("AUTH_FAILED", `No token for the MCP server "${server}" could be got; ${message}.`, { hint });
}

function quoted(text: string, redact: (text: string) => string): string {
  return JSON.stringify(shorten(redact(text), QUOTE));
}
