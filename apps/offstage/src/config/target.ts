/** Variables that say how a process runs, not whom it speaks to. */
const ABOUT_THE_PROCESS = /^(NODE_.*|PATH|HOME|LANG|LC_.*|TZ|TERM|NO_COLOR|FORCE_COLOR|DEBUG|.*LOG_?LEVEL|.*_PROXY|PYTHON.*|UV_.*|NPM_.*)$/i;

/** What a target is made of, secrets already replaced by their names. */
export type TargetParts =
  | { readonly kind: "stdio"; readonly args: readonly string[]; readonly env: Readonly<Record<string, { readonly shown: string; readonly secret: boolean }>> }
  | { readonly kind: "http"; readonly url: string };

/**
 * Which account or site a server speaks to, as far as its entry tells: the URL; for a server that we start, the variables
 * that are no secrets and the arguments that are URLs, sorted. Command, package and version are not part of it, so that an
 * update does not look like another site; secrets are not, so that a rotated token does not either. A changed
 * `JIRA_BASE_URL` does change it, and then bindings refuse with `TARGET_CHANGED`.
 */
export function targetOf(parts: TargetParts): string {
  if (parts.kind === "http") return withoutPassword(parts.url);
  const variables = Object.entries(parts.env).filter(([name, { secret }]) => !secret && !ABOUT_THE_PROCESS.test(name)).map(([name, { shown }]) => `${name}=${withoutPassword(shown)}`);
  const urls = parts.args.flatMap((arg) => /[a-z][a-z0-9+.-]*:\/\/\S+/i.exec(arg)?.[0] ?? []).map(withoutPassword);
  return [...variables, ...urls].toSorted().join(" ");
}

/** `postgres://ada:pw@host/db` → `postgres://ada@host/db`. */
function withoutPassword(text: string): string {
  return text.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?#:@\s]*):[^/?#@\s]*@/i, "$1@");
}
