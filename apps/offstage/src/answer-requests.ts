import { randomBytes } from "node:crypto";
import type { Data } from "offstage/base";
import { type ApprovalWait, openApprovals } from "offstage/host";
import { type ApprovalRequest, type Approvers, countApprovers, isAmong, type Run } from "offstage/model";
import { approvalText } from "./answer-approvals.ts";
import { answerAsked, type Answered, type Asked } from "./answer-asked.ts";
import { byPrefix } from "./by-prefix.ts";
import type { CommandIo } from "./command-io.ts";
import { inProject } from "./command-line.ts";
import { type Stage, withStage } from "./compose.ts";
import { withStore } from "./compose-store.ts";
import { changedAnswer } from "./end-answer.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { followRun } from "./follow-run.ts";
import { exitCodeOfRun, runEndText, whatItDid } from "./output/run-answer.ts";
import { requestText } from "./output/request-text.ts";
import { personOf } from "./person.ts";
import { openProject } from "./project/load-project.ts";
import { refuseUnplanned } from "./refuse-unplanned.ts";
import { escapeControls } from "./terminal.ts";

/** What a person said to the requests that wait. */
export interface RequestAnswer {
  readonly answer: "approve" | "deny";
  /** Ids, beginnings of ids, or `all`. None: the open ones are listed. */
  readonly requests: readonly string[];
  readonly by?: string;
  /** What the person says to it; kept with the answer. */
  readonly why?: string;
  /** Do not continue the runs now. */
  readonly later?: boolean;
}

const MAX_LISTED = 1_000;
const NOTHING = "Nothing waits for a person.";

/** Lists what waits for a person, or answers some; runs whose writes were permitted are continued. */
export async function answerRequests(io: CommandIo, given: RequestAnswer): Promise<ExitCode> {
  const project = openProject(io);
  const chosen = await withStore(project, async (store) => {
    const asked: Asked = {
      requests: await store.transact({ durable: false, reads: true }, (tx) => tx.listRequests({ status: ["open", "denied"], limit: MAX_LISTED })),
      approvals: await openApprovals(store, io.clock.now()),
    };
    if (given.requests.length === 0) return { listed: listRequests(io, asked) };
    await refuseUnplanned(store, given.requests, [...asked.requests, ...asked.approvals]);
    const named = choose(asked, given, { by: personOf(io, given.by), approvers: project.settings.policy.approvers });
    // Nobody permits blindly, `all` and beginnings of ids included.
    for (const request of named.requests) io.terminal.note(requestText(request, io));
    for (const approval of named.approvals) io.terminal.note(approvalText(approval));
    const why = given.why === undefined ? {} : { why: io.redactor.redact(given.why) };
    const { grantMaxAgeMs: maxAgeMs, approvers } = project.settings.policy;
    const answered = await answerAsked(store, { clock: io.clock, random: (count) => randomBytes(count) }, named, { answer: given.answer, by: personOf(io, given.by), ...why, way: "cli", maxAgeMs, approvers, ...(given.later === undefined ? {} : { later: given.later }) });
    for (const { label, count, answers, by } of answered.partly) io.terminal.note(`${escapeControls(label)}: ${countApprovers(answers, by, approvers)} of ${count} have permitted it.`);
    if (answered.late.length > 0) io.terminal.note(`Answered by somebody else meanwhile: ${answered.late.map((request) => escapeControls(request.label)).join(", ")}.`);
    return answered;
  });
  if ("listed" in chosen) return chosen.listed;
  if (chosen.asking.length + chosen.permitted.length === 0 || given.later === true) {
    const text = chosen.answered.length === 0 ? NOTHING : `${given.answer === "deny" ? "Refused" : chosen.partly.length > 0 ? "Noted" : "Permitted"}: ${chosen.answered.map(({ label }) => escapeControls(label)).join(", ")}.`;
    io.answer({ answered: chosen.answered.map(({ id }) => id) }, text);
    return EXIT.fine;
  }
  return withStage(io, project, (stage) => continueRuns(io, stage, chosen));
}

async function continueRuns(io: CommandIo, stage: Stage, { permitted, asking }: Answered): Promise<ExitCode> {
  const texts: string[] = [];
  const runs = [];
  let exitCode: ExitCode = EXIT.fine;
  for (const id of [...permitted, ...asking]) {
    const run = await followWithNext(io, stage, id);
    const { effects, started } = await whatItDid(stage.store, run);
    texts.push(runEndText(io, run, effects, started));
    runs.push(run);
    if (exitCodeOfRun(run) !== EXIT.fine) exitCode = exitCodeOfRun(run);
  }
  io.answer({ runs, ...(await changedAnswer(io, stage, runs)) } as unknown as Data, texts.join("\n\n"));
  return exitCode;
}

/** A run that was at work when something of it was permitted, and passed that already, is continued by another one at its end. */
async function followWithNext(io: CommandIo, stage: Stage, id: string): Promise<Run> {
  const run = await followRun(io, stage, await stage.host.resume(id));
  const [next] = await stage.store.transact({ durable: false, reads: true }, (tx) => tx.listRuns({ rootRunId: run.rootRunId, status: ["queued"], limit: 1 }));
  return next === undefined ? run : followRun(io, stage, await stage.host.resume(next.id));
}

function listRequests(io: CommandIo, { requests, approvals }: Asked): ExitCode {
  const open = requests.filter(({ status }) => status === "open");
  const denied = requests.filter(({ status }) => status === "denied");
  const blocks = (listed: readonly ApprovalRequest[]): readonly string[] => listed.flatMap((request) => [requestText(request, io), ""]);
  const asked = [...blocks(open), ...approvals.flatMap((approval) => [approvalText(approval), ""])];
  const waiting = asked.length === 0 ? [NOTHING] : [...asked, inProject(io, "To permit: offstage approve <request>, or all. To refuse: offstage deny <request>.")];
  const refused = denied.length === 0 ? [] : ["", ...blocks(denied), inProject(io, "A denial holds until it is taken back: offstage approve <request>.")];
  io.answer({ requests: open, denied, approvals } as unknown as Data, [...waiting, ...refused].join("\n"));
  return asked.length === 0 ? EXIT.fine : EXIT.waiting;
}

/** `all` are those that wait for this person; one that was denied has to be named to be permitted after all. */
function choose(asked: Asked, { answer: verdict, requests: wanted }: RequestAnswer, { by, approvers }: { readonly by: string; readonly approvers: Approvers }): Asked {
  const open = asked.requests.filter(({ status }) => status === "open");
  const mine = (one: Pick<ApprovalRequest, "by">): boolean => isAmong(one.by, by, approvers);
  if (wanted.includes("all")) return { approvals: asked.approvals.filter(mine), requests: open.filter(mine) };
  const candidates: readonly (ApprovalRequest | ApprovalWait)[] = [...(verdict === "approve" ? asked.requests : open), ...asked.approvals];
  const chosen = wanted.map((prefix) => byPrefix(candidates, prefix, { code: "REQUEST_UNKNOWN", noun: "open request", listing: "offstage approve" }));
  return { requests: chosen.filter((one) => "effect" in one), approvals: chosen.filter((one) => "topic" in one) };
}
