import { type Data, OffstageError } from "offstage/base";
import { answerRequest } from "offstage/effects";
import type { ApprovalRequest } from "offstage/model";
import type { Store } from "offstage/state";
import type { CommandIo } from "./command-io.ts";
import { type Stage, withStage, withStore } from "./compose.ts";
import { EXIT, type ExitCode } from "./exit-code.ts";
import { followRun } from "./follow-run.ts";
import { exitCodeOfRun } from "./output/run-answer.ts";
import { runText } from "./output/run-text.ts";
import { personOf } from "./person.ts";
import { openProject } from "./project/load-project.ts";
import { escapeControls, tableText } from "./terminal.ts";

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

/** Lists open requests, or answers some; runs whose writes were permitted are continued. */
export async function answerRequests(io: CommandIo, given: RequestAnswer): Promise<ExitCode> {
  const project = openProject(io);
  const chosen = await withStore(project, async (store) => {
    const open = await store.transact({ durable: false }, (tx) => tx.listRequests({ status: ["open"], limit: MAX_LISTED }));
    if (given.requests.length === 0) return { listed: listRequests(io, open) };
    const answered = choose(open, given.requests);
    await answerAll(io, store, answered, given, project.settings.policy.grantMaxAgeMs);
    return answered;
  });
  if ("listed" in chosen) return chosen.listed;
  if (given.answer === "deny" || given.later === true) {
    io.answer({ answered: chosen.map((request) => request.id) }, `${given.answer === "deny" ? "Refused" : "Permitted"}: ${chosen.map((request) => escapeControls(request.label)).join(", ")}.`);
    return EXIT.fine;
  }
  return withStage(io, project, (stage) => continueRuns(io, stage, [...new Set(chosen.map((request) => request.runId))]));
}

async function answerAll(io: CommandIo, store: Store, chosen: readonly ApprovalRequest[], given: RequestAnswer, maxAgeMs: number): Promise<void> {
  const by = personOf(io, given.by);
  for (const request of chosen) await answerRequest(store, request.id, { verdict: given.answer, by, now: io.clock.now(), maxAgeMs });
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

function listRequests(io: CommandIo, open: readonly ApprovalRequest[]): ExitCode {
  const rows = open.map((request) => [request.id, escapeControls(request.label), request.workflow, escapeControls(request.reason), new Date(request.openedAt).toISOString()]);
  io.answer({ requests: open } as unknown as Data, open.length === 0 ? "Nothing waits for a person." : tableText([["request", "what", "workflow", "why", "since"], ...rows]));
  return open.length === 0 ? EXIT.fine : EXIT.waiting;
}

function choose(open: readonly ApprovalRequest[], wanted: readonly string[]): readonly ApprovalRequest[] {
  if (wanted.includes("all")) return open;
  return wanted.map((prefix) => {
    const found = open.filter((request) => request.id.startsWith(prefix));
    const [only] = found;
    if (only === undefined) throw new OffstageError("REQUEST_UNKNOWN", `No open request begins with ${prefix}.`, { hint: "`offstage approve` lists them." });
    if (found.length > 1) throw new OffstageError("USAGE", `${found.length} open requests begin with ${prefix}.`, { hint: "Give more of the id." });
    return only;
  });
}
