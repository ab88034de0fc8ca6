import type { ToolWarning } from "offstage/tools";
import { escapeControls } from "../terminal.ts";

const SAYS: Readonly<Record<ToolWarning["kind"], string>> = {
  hidden: "has characters that nobody sees",
  lookalike: "has letters that only look like others",
  instruction: "speaks to a model rather than about the tool",
  "secret-file": "names a place where secrets lie",
  encoded: "holds what only a program can read",
  padding: "pushes text out of sight",
  "same-name": "are not its own",
  "speaks-of-others": "speaks of another server's tool",
};

/** One line: where, what, and the text. `below` where the tool's name stands above it already. */
export function warningText({ server, tool, where, kind, found }: ToolWarning, place: "named" | "below"): string {
  const what = place === "below" ? "" : `${escapeControls(tool === null ? server : `${server}.${tool}`)}: `;
  return `warning: ${what}${escapeControls(where)} ${SAYS[kind]}: ${escapeControls(found)}`;
}
