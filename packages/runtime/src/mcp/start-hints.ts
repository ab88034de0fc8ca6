import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import type { StdioServerConfig } from "./server-config.ts";

/** Where programs look for the certificates of an authority of one's own: Node, OpenSSL with Python and Go and Rust, Python's requests. */
const AUTHORITIES = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"] as const;

const PROXIES = ["HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy"] as const;

/** How Node, npm, Python, Go and Rust say that they trust nobody who signed a certificate. */
const UNTRUSTED = /self[- _]signed[- _]cert|CERTIFICATE[_ ]VERIFY[_ ]FAILED|unable to get (?:local )?issuer cert|UNABLE_TO_(?:GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE)|unable to verify the first certificate|certificate signed by unknown authority|UnknownIssuer/i;

/**
 * What the last words of a server that did not start tell of its entry: a certificate that it does not trust, where the authority that we were told of is not passed on; a file or
 * folder among its arguments that is not there. `lastLines` are redacted: an argument that they do not show is not quoted. `inheritedEnv` is ours.
 */
export function startHints(config: StdioServerConfig, lastLines: readonly string[], inheritedEnv: { readonly [name: string]: string | undefined }): readonly string[] {
  return [...missingPaths(config, lastLines, inheritedEnv["HOME"] ?? "~"), ...untrusted(config, lastLines, inheritedEnv)];
}

function untrusted({ env }: StdioServerConfig, lastLines: readonly string[], inheritedEnv: { readonly [name: string]: string | undefined }): readonly string[] {
  if (!lastLines.some((line) => UNTRUSTED.test(line))) return [];
  const kept = keptBack(AUTHORITIES, env, inheritedEnv);
  if (kept.length > 0) return [`It does not trust a certificate, and ${keptText(kept)}.`];
  if (AUTHORITIES.some((name) => env[name] !== undefined)) return [];
  return ["It does not trust a certificate. For one of an authority of your own, name that in its `env` in mcp.json: NODE_EXTRA_CA_CERTS for Node, SSL_CERT_FILE for most others."];
}

/** What of our own way out a server does not get that says nothing: it may wait for what it cannot reach. Null when nothing is kept from it. */
export function keptWayOut({ env }: StdioServerConfig, inheritedEnv: { readonly [name: string]: string | undefined }): string | null {
  const kept = keptBack([...PROXIES, ...AUTHORITIES], env, inheritedEnv);
  return kept.length === 0 ? null : keptText(kept);
}

function keptBack(names: readonly string[], env: StdioServerConfig["env"], inheritedEnv: { readonly [name: string]: string | undefined }): readonly string[] {
  return names.filter((name) => (inheritedEnv[name] ?? "") !== "" && env[name] === undefined);
}

function keptText(names: readonly string[]): string {
  const [first = ""] = names;
  const said = names.length === 1 ? "is not passed on: it belongs" : "are not passed on: those that its program reads belong";
  return `${names.join(", ")}, which Offstage has, ${said} into its \`env\` in mcp.json, as "${first}": "\${env:${first}}"`;
}

function missingPaths({ args, cwd = "." }: StdioServerConfig, lastLines: readonly string[], home: string): readonly string[] {
  const missing = args.map(pathIn).filter((path) => path !== null).filter((path) => {
    const whole = path.startsWith("~/") ? join(home, path.slice(2)) : resolve(cwd, path);
    return lastLines.some((line) => line.includes(path) || line.includes(whole)) && !existsSync(whole);
  });
  return missing.length === 0 ? [] : [`${missing.join(", ")}, of its \`args\` in mcp.json, ${missing.length === 1 ? "does" : "do"} not exist.`];
}

/** The path that an argument is, or that a flag has after its `=`; null when it is none for certain: packages and URLs have slashes too. */
function pathIn(arg: string): string | null {
  const path = /^--?[\w-]+=(.+)$/s.exec(arg)?.[1] ?? arg;
  return path !== "/" && (isAbsolute(path) || /^(?:\.\.?|~)\//.test(path)) ? path : null;
}
