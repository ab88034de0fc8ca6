import type { ServerSandbox } from "./server-sandbox.ts";

/** What the launcher is told, one line of JSON on its descriptor 3: arguments and environment would be seen by everybody on the machine. */
export interface LaunchRequest {
  readonly command: string;
  readonly args: readonly string[];
  /** Where the server runs. The launcher does not: the library would mount what it finds there by its name, while a server may put links in its place. */
  readonly cwd: string;
  /** All that the server gets. */
  readonly env: Readonly<Record<string, string>>;
  readonly sandbox: ServerSandbox;
  /** Where the programs of the sandbox itself are looked for, whatever the server's own PATH. */
  readonly path: string;
  /** For sockets of the sandbox; nobody else's, and gone in the end. */
  readonly scratch: string;
}

/** What it answers, once, when the server is about to run inside, or cannot. */
export type LaunchAnswer = { readonly ok: true } | { readonly ok: false; readonly why: string };

/** Where the two talk. */
export const LAUNCH_DESCRIPTOR = 3;
