import type { ProgramDebug } from "./program.ts";

/** Where an offset (UTF-16 units) stands in a program's text, for people: `workflows/tickets.ts:18`. */
export function lineOf({ file, source }: Pick<ProgramDebug, "file" | "source">, offset: number): string {
  return `${file}:${source.slice(0, offset).split("\n").length}`;
}
