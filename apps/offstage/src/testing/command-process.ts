import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** The command line in a process of its own, to be killed, or to run beside another one. */
export interface CommandProcess {
  readonly child: ChildProcessWithoutNullStreams;
  /** `code` is null when it was killed. */
  readonly ended: Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>;
}

/** The command line as people start it. */
export const COMMAND_BIN = join(import.meta.dirname, "../../bin/offstage.js");

/** Starts a command in a folder; `input` is what it reads from stdin, null: what is written to its child by and by; `env` what it sees besides PATH. */
export function startCommand(folder: string, argv: readonly string[], input: string | null = "", env: Readonly<Record<string, string>> = {}): CommandProcess {
  const child = spawn(process.execPath, [COMMAND_BIN, ...argv], { cwd: folder, env: { PATH: process.env["PATH"], ...env } });
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (out += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (err += text));
  // One that is killed before it read all breaks the pipe.
  child.stdin.on("error", () => undefined);
  if (input !== null) child.stdin.end(input);
  return { child, ended: once(child, "close").then(([code]) => ({ code: code as number | null, out, err })) };
}
