import type { Data } from "offstage/base";
import { answerRequests as answer } from "offstage/effects";
import type { ApprovalRequest } from "offstage/model";
import type { Store } from "offstage/state";
import { byPrefix } from "./by-prefix.ts";
import type { CommandIo } from "./command-io.ts";
import { type Stage, withStage, withStore } from "./compose.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { followRun } from "./follow-run.ts";
import { exitCodeOfRun } from "./output/run-answer.ts";
import { requestText } from "./output/request-text.ts";
import { runText } from "./output/run-text.ts";
import { personOf } from "./person.ts";
import { openProject } from "./project/load-project.ts";
import { escapeControls } from "./terminal.ts";

/** What a person said to the requests that wait. */
export interface RequestAnswer {
  readonly answer: "approve" | "deny";
  /** Ids, beginnings of ids, or `all`. None: the open ones are listed. */
  readonly requests: readonly string[];
  readonly by?: string;
  /** Do not continue the runs now. */
  readonly later?: boolean;
}

const MAX_LISTED = 1_000;
const NOTHING = "Nothing waits for a person.";

/** Lists what waits for a person, or answers some; runs whose writes were permitted are continued. */
export async function answerRequests(io: CommandIo, given: RequestAnswer): Promise<ExitCode> {
  const project = openProject(io);
  const chosen = await withStore(project, async (store) => {
    const asked = await store.transact({ durable: false }, (tx) => tx.listRequests({ status: ["open", "denied"], limit: MAX_LISTED }));
    if (given.requests.length === 0) return { listed: listRequests(io, asked) };
    const named = choose(asked, given);
    // Nobody permits blindly, `all` and beginnings of ids included.
    for (const request of named) io.terminal.note(requestText(request, io.terminal.width));
    return answerAll(io, store, named, given, project.settings.policy.grantMaxAgeMs);
  });
  if ("listed" in chosen) return chosen.listed;
  if (chosen.length === 0 || given.answer === "deny" || given.later === true) {
    const text = chosen.length === 0 ? NOTHING : `${given.answer === "deny" ? "Refused" : "Permitted"}: ${chosen.map((request) => escapeControls(request.label)).join(", ")}.`;
    io.answer({ answered: chosen.map((request) => request.id) }, text);
    return EXIT.fine;
  }
  return withStage(io, project, (stage) => continueRuns(io, stage, [...new Set(chosen.map((request) => request.runId))]));
}

/** Answers what is still open; what somebody else answered meanwhile is told. */
async function answerAll(io: CommandIo, store: Store, chosen: readonly ApprovalRequest[], given: RequestAnswer, maxAgeMs: number): Promise<readonly ApprovalRequest[]> {
  const answered = await answer(store, chosen.map(({ id }) => id), { verdict: given.answer, by: personOf(io, given.by), now: io.clock.now(), maxAgeMs });
  const done = new Set(answered.map(({ id }) => id));
  const late = chosen.filter(({ id }) => !done.has(id));
  if (late.length > 0) io.terminal.note(`Answered by somebody else meanwhile: ${late.map((request) => escapeControls(request.label)).join(", ")}.`);
  return answered;
}

async function continueRuns(io: CommandIo, stage: Stage, runIds: readonly string[]): Promise<ExitCode> {
  const texts: string[] = [];
  const runs = [];
  let exitCode: ExitCode = EXIT.fine;
  for (const runId of runIds) {
    const run = await followRun(io, stage, await stage.host.continue(runId));
    const effects = await stage.store.transact({ durable: false }, (tx) => tx.listEffects({ runId: run.id, limit: MAX_LISTED }));
    texts.push(runText(run, effects));
    runs.push(run);
    if (exitCodeOfRun(run) !== EXIT.fine) exitCode = exitCodeOfRun(run);
  }
  io.answer({ runs } as unknown as Data, texts.join("\n\n"));
  return exitCode;
}

function listRequests(io: CommandIo, asked: readonly ApprovalRequest[]): ExitCode {
  const open = asked.filter(({ status }) => status === "open");
  const denied = asked.filter(({ status }) => status === "denied");
  const blocks = (requests: readonly ApprovalRequest[]): readonly string[] => requests.flatMap((request) => [requestText(request, io.terminal.width), ""]);
  const waiting = open.length === 0 ? [NOTHING] : [...blocks(open), "To permit: offstage approve <request>, or all. To refuse: offstage deny <request>."];
  const refused = denied.length === 0 ? [] : ["", ...blocks(denied), "A denial holds until it is taken back: offstage approve <request>."];
  io.answer({ requests: open, denied } as unknown as Data, [...waiting, ...refused].join("\n"));
  return open.length === 0 ? EXIT.fine : EXIT.waiting;
}

/** `all` are those that wait; one that was denied has to be named to be permitted after all. */
function choose(asked: readonly ApprovalRequest[], { answer: verdict, requests }: RequestAnswer): readonly ApprovalRequest[] {
  const open = asked.filter(({ status }) => status === "open");
  if (requests.includes("all")) return open;
  return requests.map((prefix) => byPrefix(verdict === "approve" ? asked : open, prefix, { code: "REQUEST_UNKNOWN", noun: "open request", listing: "offstage approve" }));
}
