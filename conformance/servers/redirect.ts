import { fileURLToPath } from "node:url";

const PRELOAD = fileURLToPath(new URL("redirect.mjs", import.meta.url));

/** The environment in which what a server of Node fetches from one address goes to another. */
export function redirected(from: string, to: string): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${PRELOAD}`, REDIRECT_FROM: from, REDIRECT_TO: to };
}
