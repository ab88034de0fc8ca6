import type { CommandIo } from "./command-io.ts";

/** Text that no shell takes apart. */
const PLAIN = /^[\w./:@%+=,-]+$/;

/** A command to give next, as it can be given: in the project that this one was given for. */
export function commandLine(io: Pick<CommandIo, "projectFolder">, ...words: readonly string[]): string {
  const all = ["offstage", ...words, ...(io.projectFolder === null ? [] : ["--project", io.projectFolder])];
  return all.map((word) => (PLAIN.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`)).join(" ");
}
