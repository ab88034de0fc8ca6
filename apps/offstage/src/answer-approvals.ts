import { stringifyExact } from "offstage/base";
import type { ApprovalWait } from "offstage/host";
import { escapeControls } from "./terminal.ts";

/** What a workflow asks of a person, with all that the person is to see before answering. */
export function approvalText(asked: ApprovalWait): string {
  const who = asked.by === null ? "" : `, by ${asked.by.join(", ")}`;
  const until = asked.until === null ? "" : `, until ${new Date(asked.until).toISOString()}`;
  const shown = asked.show === null ? [] : stringifyExact(asked.show, 2).split("\n").map((line) => `    ${escapeControls(line)}`);
  return [`${asked.id}  ${escapeControls(asked.message, "mark")}`, `    asked by ${asked.workflow} since ${new Date(asked.since).toISOString()}${until}${escapeControls(who)}`, ...shown].join("\n");
}
