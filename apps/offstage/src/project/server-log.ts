import { appendFileSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { escapeControls } from "../terminal.ts";

/** Kept twice: the log, and the one before it. */
const MAX_LOG_BYTES = 5 * 1024 * 1024;

/** Where the lines of servers go; they come redacted, and are written so that reading the file in a terminal is harmless. */
export interface ServerLog {
  readonly file: string;
  append(server: string, line: string): void;
}

/** A log under `.offstage/logs`. A line that cannot be written is lost: a full disk must not stop a run for a remark on stderr. */
export function createServerLog(folder: string, now: () => number): ServerLog {
  const file = join(folder, ".offstage/logs/servers.log");
  let bytes: number | null = null;
  const append = (text: string): void => {
    if (bytes === null) {
      mkdirSync(join(folder, ".offstage/logs"), { recursive: true, mode: 0o700 });
      bytes = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
    }
    if (bytes > MAX_LOG_BYTES) {
      renameSync(file, `${file}.1`);
      bytes = 0;
    }
    appendFileSync(file, text, { mode: 0o600 });
    bytes += Buffer.byteLength(text);
  };
  return {
    file,
    append(server, line) {
      try {
        append(`${new Date(now()).toISOString()} ${server} ${escapeControls(line)}\n`);
      } catch {
        // See above.
      }
    },
  };
}
