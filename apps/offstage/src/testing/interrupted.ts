import { OffstageError } from "offstage/base";
import { runCommandLine } from "../main.ts";
import type { CommandEnd } from "./command-line.ts";

/** A command line in a folder, which Ctrl-C meets when `when` resolves, or before it begins. */
export async function interrupted(folder: string, argv: readonly string[], when: (() => Promise<unknown>) | null): Promise<CommandEnd> {
  const interrupt = new AbortController();
  const texts = { out: "", err: "" };
  const abort = (): void => interrupt.abort(new OffstageError("CANCELLED", "Interrupted."));
  if (when === null) abort();
  const ended = runCommandLine(argv, {
    stdout: { write: (text) => (texts.out += text) }, stderr: { write: (text) => (texts.err += text) },
    env: { PATH: process.env["PATH"] }, cwd: folder, signal: interrupt.signal,
  });
  await when?.();
  abort();
  return { code: await ended, ...texts };
}
