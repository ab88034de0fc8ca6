import type { RunWait } from "offstage/model";
import { escapeControls } from "../terminal.ts";

/** What a parked run waits for, and until when, in one line. */
export function waitLine(wait: RunWait): string {
  const answer = wait.kind === "approval" ? `: offstage approve ${wait.id}, or deny` : "";
  return `${escapeControls(wait.label)}${untilText(wait)}${answer}`;
}

/** When a wait is over by itself. */
function untilText({ kind, until }: RunWait): string {
  if (until === null) return "";
  const at = new Date(until).toISOString();
  switch (kind) {
    case "sleep":
      return `, over at ${at}`;
    case "poll":
      return `, looks again at ${at}`;
    case "approval":
      return `, to be answered until ${at}`;
  }
}
