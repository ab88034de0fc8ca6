import { stringifyExact } from "offstage/base";
import { answerApproval, type ApprovalWait } from "offstage/host";
import type { Store } from "offstage/state";
import type { CommandIo } from "./command-io.ts";
import { escapeControls } from "./terminal.ts";

/** What a workflow asks of a person, with all that the person is to see before answering. */
export function approvalText(asked: ApprovalWait): string {
  const who = asked.by === null ? "" : `, by ${asked.by.join(", ")}`;
  const until = asked.until === null ? "" : `, until ${new Date(asked.until).toISOString()}`;
  const shown = asked.show === null ? [] : stringifyExact(asked.show, 2).split("\n").map((line) => `    ${escapeControls(line)}`);
  return [`${asked.id}  ${escapeControls(asked.message, "mark")}`, `    asked by ${asked.workflow} since ${new Date(asked.since).toISOString()}${until}${escapeControls(who)}`, ...shown].join("\n");
}

/** Gives a person's answer to what workflows ask, showing first what is answered. Returns the runs that can go on. */
export async function answerApprovals(io: CommandIo, store: Store, chosen: readonly ApprovalWait[], said: { readonly verdict: "approved" | "denied"; readonly by: string }): Promise<readonly string[]> {
  const runs: string[] = [];
  for (const asked of chosen) {
    io.terminal.note(approvalText(asked));
    runs.push(...(await answerApproval(store, asked.id, { ...said, at: io.clock.now() })));
  }
  return runs;
}
