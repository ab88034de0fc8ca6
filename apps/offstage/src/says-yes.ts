import { createInterface } from "node:readline/promises";
import { OffstageError } from "offstage/base";
import type { CommandIo } from "./command-io.ts";

/** Whether somebody sits there. */
export function isAsked(io: Pick<CommandIo, "json">): boolean {
  return !io.json && process.stdin.isTTY === true;
}

/** Asks whoever sits there; only the whole word counts. Errors: `USAGE` with `nobody` and `hint` where nobody does. */
export async function saysYes(io: Pick<CommandIo, "json" | "signal">, question: string, { nobody, hint }: { readonly nobody: string; readonly hint: string }): Promise<boolean> {
  if (!isAsked(io)) throw new OffstageError("USAGE", nobody, { hint });
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await prompt.question(`\n${question} Only 'yes' is accepted: `, { signal: io.signal })).trim() === "yes";
  } finally {
    prompt.close();
  }
}
