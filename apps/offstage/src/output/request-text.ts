import type { ApprovalRequest } from "offstage/model";
import { foldBlanks } from "offstage/tools";
import { type GivenFor, inProject } from "../command-line.ts";
import { escapeControls } from "../terminal.ts";
import { callLines, labelText } from "./plan-text.ts";

/** What a person is asked to permit, as a plan would show it: the call, where it goes, its arguments, and who asks why. Nothing of it is cut. */
export function requestText(request: ApprovalRequest, given: GivenFor): string {
  const { id, label, workflow, reason, status, openedAt, answeredAt, answeredBy, answeredWhy } = request;
  // The reason is of the policy's; why somebody said no is theirs.
  const why = status === "denied" ? `denied by ${answeredBy ?? "a person"} at ${instant(answeredAt ?? openedAt)}${answeredWhy === null ? "" : `: ${answeredWhy}`}` : `${inProject(given, reason)}, since ${instant(openedAt)}${saidSoFar(request)}`;
  const [call = "", ...args] = callLines({ ...request, args: { value: request.args, unknown: [] } }, Infinity);
  return foldBlanks([`${id}  ${labelText(label)}  ${call}`, ...args, `      # ${workflow}; ${escapeControls(why)}`]).join("\n");
}

/** Who has permitted what several people have to. */
function saidSoFar({ answers, count }: ApprovalRequest): string {
  return answers.length === 0 ? "" : `; ${answers.map(({ by }) => by).join(", ")} permitted it, ${answers.length} of ${count}`;
}

function instant(ms: number): string {
  return new Date(ms).toISOString();
}
