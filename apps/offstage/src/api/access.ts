import { bearerToken, isLocal, isSameToken } from "offstage/telemetry";
import { API_ROLES, type ApiRole, type ApiToken } from "../config/api-settings.ts";
import { ApiError } from "./problem.ts";

/** Who asks. */
export interface Caller {
  /** Kept with what is done. */
  readonly name: string;
  readonly role: ApiRole;
}

/** Where no token is asked for: somebody on this machine, who may look. Whoever does something has to have a name, and a name needs a token. */
const SOMEBODY: Caller = { name: "somebody on this machine", role: "viewer" };

/**
 * Who sent a request. A page in a browser, of whatever origin but this one, is answered nothing: it could be any page that somebody opened on a machine that reaches this
 * address. Errors: `API_TOKEN_NEEDED`, `API_NOT_ALLOWED`.
 */
export function callerOf(request: Request, tokens: readonly ApiToken[]): Caller {
  if (isForeign(request)) throw new ApiError(403, "API_NOT_ALLOWED", "Pages of other origins are not answered.");
  if (tokens.length === 0) {
    if (isLocal(request)) return SOMEBODY;
    throw new ApiError(403, "API_NOT_ALLOWED", "Without tokens the API is for this machine alone, by its own name.", { hint: "Give serve.api tokens." });
  }
  const sent = bearerToken(request);
  // All are compared, so that the time does not tell which one it is.
  const [caller] = sent === null ? [] : tokens.filter(({ token }) => isSameToken(sent, token));
  if (caller !== undefined) return caller;
  throw new ApiError(401, "API_TOKEN_NEEDED", sent === null ? "A token is needed." : "This token is not known.", { hint: "Authorization: Bearer …, with one of serve.api.tokens of offstage.yaml.", headers: { "www-authenticate": 'Bearer realm="offstage"' } });
}

/** Errors: `API_NOT_ALLOWED`. */
export function needRole({ name, role }: Caller, needed: ApiRole): void {
  if (API_ROLES.indexOf(role) >= API_ROLES.indexOf(needed)) return;
  throw new ApiError(403, "API_NOT_ALLOWED", `This needs the role ${needed}; ${name} is ${role}.`, { hint: "Roles stand in offstage.yaml: serve.api.tokens." });
}

function isForeign(request: Request): boolean {
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") return true;
  const origin = request.headers.get("origin");
  return origin !== null && hostOf(origin) !== new URL(request.url).host;
}

/** Of the scheme a proxy with TLS knows more than we do. */
function hostOf(origin: string): string | null {
  return URL.canParse(origin) ? new URL(origin).host : null;
}
