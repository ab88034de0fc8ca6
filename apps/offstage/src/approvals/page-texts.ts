import { type Redactor, stringifyExact } from "offstage/base";
import type { ApprovalWait } from "offstage/host";
import type { ApprovalRequest, PersonAnswer, Run } from "offstage/model";
import { targetText } from "../output/plan-text.ts";
import { escapeControls } from "../terminal.ts";

/** What a person is shown before answering: every text redacted, and harmless. */
export interface ShownRequest {
  readonly title: string;
  /** Name and value, in order. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  /** What exactly is written, or what the workflow shows. */
  readonly body: string | null;
  readonly said: readonly string[];
}

/** A write that the policy wants permitted. `root`: the run with which it began; null when it is not kept any more. `timeoutMs`: for how long it is asked; absent: for ever. */
export function shownPermission(request: ApprovalRequest, root: Run | null, redactor: Redactor, timeoutMs?: number): ShownRequest {
  const { server, tool, label, workflow, runId, reason, openedAt, count, by, effect } = request;
  return shown(redactor, {
    title: `Permit ${label}?`,
    facts: [
      ["Writes with", tool === null ? `${server}, by taking over what is there` : `${server}.${tool}`], ["On", targetText(request)], ["What it is", label], ["Workflow", workflow], ["Started by", root === null ? "not known any more" : startOf(root)],
      ["Held because", reason], ["Asked since", instant(openedAt)], ...(timeoutMs === undefined ? [] : [["Can be permitted until", instant(openedAt + timeoutMs)] as const]), ["Who may permit it", `${by === null ? "anybody" : by.join(", ")}${count > 1 ? `; ${count} of them have to` : ""}`], ["Run", runId], ["Identity", effect.slice(0, 12)],
    ],
    body: stringifyExact(request.args, 2), said: request.answers.map(saidText),
  });
}

/** What a workflow asks itself. */
export function shownQuestion({ message, show, workflow, runId, since, until, by }: ApprovalWait, root: Run | null, redactor: Redactor): ShownRequest {
  return shown(redactor, {
    title: message,
    facts: [
      ["Asked by the workflow", workflow], ["Started by", root === null ? "not known any more" : startOf(root)], ["Asked since", instant(since)], ...(until === null ? [] : [["Can be answered until", instant(until)] as const]),
      ["Who may answer", by === null ? "anybody" : by.join(", ")], ["Run", runId],
    ],
    body: show === null ? null : stringifyExact(show, 2), said: [],
  });
}

function shown(redactor: Redactor, { title, facts, body, said }: ShownRequest): ShownRequest {
  const harmless = (text: string): string => escapeControls(redactor.redact(text), "keep");
  return { title: harmless(title), facts: facts.map(([name, value]) => [name, harmless(value)] as const), body: body === null ? null : harmless(body), said: said.map(harmless) };
}

function saidText({ verdict, by, at, why }: PersonAnswer): string {
  return `${by} ${verdict === "approve" ? "permitted it" : "refused it"} at ${instant(at)}${why === null ? "" : `: ${why}`}`;
}

function startOf({ event, createdAt }: Run): string {
  const who = event.kind === "call" ? (event.by ?? "somebody by hand") : event.kind === "started" ? `the workflow ${event.workflow}` : event.kind === "webhook" ? `a delivery of ${event.source}` : `a ${event.kind}`;
  const again = event.by === undefined || event.kind === "call" || event.kind === "started" ? "" : `, once more by ${event.by}`;
  return `${who}${again}, ${instant(createdAt)}`;
}

/** For people: to the second. */
export function instant(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
