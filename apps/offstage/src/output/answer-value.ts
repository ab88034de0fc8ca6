import { resolve } from "node:path";
import { type Data, UnsafeInteger } from "offstage/base";
import type { CommandIo } from "../command-io.ts";
import { escapeControls } from "../terminal.ts";
import type { HeldBlobs } from "./held-blobs.ts";

/** Answers with what a server gave; its binary parts go into the folder that `save` names, or it is told how. */
export function answerValue(io: CommandIo, value: Data, blobs: HeldBlobs, save: string | undefined): void {
  io.answer(value, valueText(value));
  for (const line of blobs.settle(value, save === undefined ? null : resolve(io.cwd, save))) io.terminal.note(escapeControls(line));
}

/** For people: indented, integers beyond 2^53-1 as text, nothing that could steer the terminal. */
function valueText(value: Data): string {
  if (typeof value === "string") return escapeControls(value, "keep");
  return escapeControls(JSON.stringify(value, (_key, part: unknown) => (part instanceof UnsafeInteger ? (part.digits ?? "(an integer beyond 2^53-1)") : part), 2), "keep");
}
