import type { RunWait } from "offstage/model";
import { type GivenFor, inProject } from "../command-line.ts";
import { escapeControls } from "../terminal.ts";

/** What a parked run waits for, until when, and how a person brings it, in one line. */
export function waitLine(runId: string, wait: RunWait, given: GivenFor): string {
  return `${escapeControls(wait.label)}${untilText(wait)}${inProject(given, bringText(runId, wait))}`;
}

function bringText(runId: string, { kind, id }: RunWait): string {
  if (kind === "approval") return `: offstage approve ${id}, or deny`;
  return kind === "event" ? `: offstage resume ${runId} --event <file>` : "";
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
    case "event":
      return `, until ${at}`;
    case "approval":
      return `, to be answered until ${at}`;
  }
}
