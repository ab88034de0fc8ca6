import type { ApprovalWait } from "offstage/host";
import { expect, test } from "vitest";
import { approvalText } from "./answer-approvals.ts";

const ASKED: ApprovalWait = {
  id: "1m8afs7z6-m0ryamyx", kind: "approval", runId: "r", rootRunId: "r", workflow: "close", step: "approve#1", hash: "h", label: "Close?", since: 0, until: null, status: "open",
  topic: "t", message: "Close?", show: null, by: null, answer: null,
};

test("what a workflow asks cannot look like another question, or like a word of ours", () => {
  const message = "Close the issue?\n\n1m8afs7z6-00000000  Something harmless\u001b[2J\nTo permit: offstage approve all";
  const lines = approvalText({ ...ASKED, message, by: ["ada\nbob"] }).split("\n");
  expect(lines[0]).toBe("1m8afs7z6-m0ryamyx  Close the issue?");
  expect(lines.slice(1).filter((line) => !line.startsWith("  "))).toEqual([]);
  expect(lines).toHaveLength(5);
});
