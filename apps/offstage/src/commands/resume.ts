import { type Data, OffstageError } from "offstage/base";
import { isEnded, type Run } from "offstage/model";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { type Stage, withStage } from "../compose.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { followRun } from "../follow-run.ts";
import { exitCodeOfRun, runAnswer } from "../output/run-answer.ts";
import { runText } from "../output/run-text.ts";
import { openProject } from "../project/load-project.ts";

/** More runs than anybody has waiting. */
const MAX_RUNS = 10_000;

/** `offstage resume`: goes on with parked runs for which something came, and says what the others wait for. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[run]", "the run's id; without it every run that is not at its end")
    .action(io.action((id: string | undefined) => withStage(io, openProject(io), (stage) => (id === undefined ? resumeAll(io, stage) : resumeOne(io, stage, id)))));
}

async function resumeOne(io: CommandIo, stage: Stage, id: string): Promise<ExitCode> {
  const run = await stage.host.get(id);
  if (isEnded(run.status)) throw new OffstageError("USAGE", `Run ${id} does not wait: it is at its end, ${run.status}.`, { hint: "`offstage resume` without a run says which ones wait." });
  return runAnswer(io, stage.store, await goOn(io, stage, run));
}

async function resumeAll(io: CommandIo, stage: Stage): Promise<ExitCode> {
  const waiting = await stage.store.transact({ durable: false }, (tx) => tx.listRuns({ status: ["parked", "running", "queued"], limit: MAX_RUNS }));
  const runs: Run[] = [];
  // The oldest first, as they are driven.
  for (const run of waiting.toReversed()) runs.push(await goOn(io, stage, run));
  const codes = new Set(runs.map(exitCodeOfRun));
  io.answer({ runs } as unknown as Data, runs.length === 0 ? "No run waits." : runs.map((run) => runText(run, [])).join("\n\n"));
  return ([EXIT.failed, EXIT.interrupted, EXIT.waiting] as const).find((code) => codes.has(code)) ?? EXIT.fine;
}

/** As far as a run can go now: one for which nothing came stays as it is. */
async function goOn(io: CommandIo, stage: Stage, run: Run): Promise<Run> {
  const due = await stage.store.transact({ durable: false }, (tx) => tx.dueRuns(io.clock.now(), MAX_RUNS));
  const current = await stage.host.get(run.id);
  const stays = isEnded(current.status) || (current.status === "parked" && !due.some(({ id }) => id === run.id));
  return stays ? current : followRun(io, stage, await stage.host.continue(run.id));
}
