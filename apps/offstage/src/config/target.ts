import { maskCredentials } from "./credentials.ts";

/** Variables that say how a process runs, not whom it speaks to. */
const ABOUT_THE_PROCESS = /^(NODE_.*|PATH|HOME|LANG|LC_.*|TZ|TERM|NO_COLOR|FORCE_COLOR|DEBUG|.*LOG_?LEVEL|.*_PROXY|PYTHON.*|UV_.*|NPM_.*)$/i;

/** What a target is made of, secrets already replaced by their names. */
export type TargetParts =
  | { readonly kind: "stdio"; readonly args: readonly string[]; readonly env: Readonly<Record<string, { readonly shown: string; readonly secret: boolean }>> }
  | { readonly kind: "http"; readonly url: string };

/**
 * Which account or site a server speaks to, as far as its entry tells: the URL; for a server that we start, the variables
 * that are no secrets and the arguments that are URLs, sorted. Command, package and version are not part of it, so that an
 * update does not look like another site; credentials and the queries of URLs are not, so that a rotated token does not either. A
 * changed `JIRA_BASE_URL` does change it, and then bindings refuse with `TARGET_CHANGED`.
 */
export function targetOf(parts: TargetParts): string {
  if (parts.kind === "http") return maskCredentials(parts.url).shown;
  const variables = Object.entries(parts.env).filter(([name, { secret }]) => !secret && !ABOUT_THE_PROCESS.test(name)).map(([name, { shown }]) => `${name}=${maskCredentials(shown).shown}`);
  const urls = parts.args.flatMap((arg) => maskCredentials(arg).urls);
  return [...variables, ...urls].toSorted().join(" ");
}
