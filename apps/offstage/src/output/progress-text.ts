import type { Clock } from "offstage/base";
import type { CallProgress } from "offstage/mcp";
import { escapeControls, type Terminal } from "../terminal.ts";

/** A server may tell a thousand times a second how far it is; nobody reads that. Ms. */
const PAUSE_MS = 100;

/** Shows how far a call is, as its server says. */
export function showProgress(what: string, terminal: Pick<Terminal, "progress">, clock: Clock): (progress: CallProgress) => void {
  let shownAt = -Infinity;
  return (progress) => {
    if (clock.now() - shownAt < PAUSE_MS) return;
    shownAt = clock.now();
    terminal.progress(`${what} … ${progressText(progress)}`);
  };
}

/** `3 of 10: copying`. */
export function progressText({ done, total, message }: CallProgress): string {
  return `${done}${total === null ? "" : ` of ${total}`}${message === null ? "" : `: ${escapeControls(message)}`}`;
}
