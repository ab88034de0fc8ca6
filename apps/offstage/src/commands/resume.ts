import { type Data, OffstageError } from "offstage/base";
import { isToBegin, type Offer, offerEvent } from "offstage/host";
import { isEnded, type Run, type RunEnd } from "offstage/model";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { type Stage, withStage } from "../compose.ts";
import { changedAnswer, endAnswer } from "../end-answer.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { findRun } from "../find-run.ts";
import { followRun } from "../follow-run.ts";
import { exitCodeOfRun, runEndText } from "../output/run-answer.ts";
import { openProject } from "../project/load-project.ts";
import { readEvent } from "../read-event.ts";
import { escapeControls } from "../terminal.ts";

/** More runs than anybody has waiting. */
const MAX_RUNS = 10_000;

interface ResumeOptions {
  readonly event?: string;
  readonly topic?: string;
  readonly eventId?: string;
}

/** `offstage resume`: goes on with parked runs for which something came, and says what the others wait for; one that is named goes on from its end too, when that left something. With an event, brings that first. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[run]", "the run's id or its beginning, also of one that ended and left something; without it every run that is not at its end")
    .option("--event <file>", "the event that the run waits for, as JSON; - reads it from stdin")
    .option("--topic <source>", "of which source it is, when the run waits for several: webhook:github")
    .option("--event-id <id>", "what tells it from others: the run looks at it once, however often it is offered")
    .action(io.action((id: string | undefined, options: ResumeOptions) => resume(io, id, options)));
}

async function resume(io: CommandIo, id: string | undefined, { event, topic, eventId }: ResumeOptions): Promise<ExitCode> {
  if (event === undefined && (topic ?? eventId) !== undefined) throw new OffstageError("USAGE", "--topic and --event-id say more of an --event, and there is none.", { hint: "Add --event <file>." });
  if (event !== undefined && id === undefined) throw new OffstageError("USAGE", "An event is offered to one run.", { hint: "Name it: offstage resume <run> --event <file>; `offstage resume` says which ones wait." });
  // The project first: its secrets are kept out of what is said of the file.
  const project = openProject(io);
  const given = event === undefined ? undefined : await readEvent(io, event);
  return withStage(io, project, async (stage) => {
    if (id === undefined) return resumeAll(io, stage);
    const run = await findRun(stage.store, id);
    if (given === undefined) return resumeOne(io, stage, run);
    const steps = await bringEvent(io, stage, { runId: run.id, event: given, ...(topic === undefined ? {} : { topic }), ...(eventId === undefined ? {} : { id: eventId }) });
    return resumeOne(io, stage, run, steps);
  });
}

/** Stores the event, then says so: from here on it is not lost. */
async function bringEvent(io: CommandIo, stage: Stage, offer: Offer): Promise<readonly string[]> {
  const { topic, steps } = await offerEvent(stage.store, { redactor: io.redactor, now: () => io.clock.now() }, offer);
  io.terminal.note(escapeControls(steps.length === 0 ? `This event of ${topic} was offered before.` : `Offered as an event of ${topic} to ${steps.join(", ")}.`));
  return steps;
}

/** `offered`: the steps that were given an event to look at. */
async function resumeOne(io: CommandIo, stage: Stage, run: Run, offered: readonly string[] = []): Promise<ExitCode> {
  const last = isEnded(run.status) ? await lastOf(stage, run) : run;
  const after = isEnded(last.status) ? await onceMore(io, stage, run, last) : await goOn(io, stage, last, isToBegin);
  const unmoved = after.status === "parked" ? after.waits.filter((wait) => wait.kind === "event" && offered.includes(wait.step)) : [];
  for (const { step } of unmoved) io.terminal.note(escapeControls(`${step} looked at it: it is not the event that it waits for.`));
  return endAnswer(io, stage, after);
}

/** Ends after which something may be left that a person has seen to since: a server, a rule, a write of which nobody knew. */
const LEFT: ReadonlySet<string> = new Set<RunEnd>(["partial", "pending", "needs-attention", "failed"]);

/** The run that went on last with what a run began; itself when none did. */
async function lastOf({ store }: Stage, run: Run): Promise<Run> {
  const [last] = await store.transact({ durable: false, reads: true }, (tx) => tx.listRuns({ rootRunId: run.rootRunId, limit: 1 }));
  return last ?? run;
}

/** A run of the same program and event, which reads anew and makes what was not made: an event comes only once. One of an apply would go beyond its plan. */
async function onceMore(io: CommandIo, stage: Stage, run: Run, last: Run): Promise<Run> {
  if (last.phase === "run" && LEFT.has(last.status)) return followRun(io, stage, await stage.host.continue(last.id));
  const end = last.id === run.id ? `it is at its end, ${run.status}` : `it went on as ${last.id}, which is at its end, ${last.status}`;
  throw new OffstageError("USAGE", `Run ${run.id} does not wait: ${end}.`, { hint: "`offstage resume` without a run says which ones wait." });
}

async function resumeAll(io: CommandIo, stage: Stage): Promise<ExitCode> {
  const waiting = await stage.store.transact({ durable: false, reads: true }, (tx) => tx.listRuns({ status: ["parked", "running", "queued"], limit: MAX_RUNS }));
  const runs: Run[] = [];
  // The oldest first, as they are driven.
  for (const run of waiting.toReversed()) runs.push(await goOn(io, stage, run));
  const codes = new Set(runs.map(exitCodeOfRun));
  io.answer({ runs, ...(await changedAnswer(io, stage, runs)) } as unknown as Data, runs.length === 0 ? "No run waits." : runs.map((run) => runEndText(io, run, [])).join("\n\n"));
  return ([EXIT.failed, EXIT.interrupted, EXIT.waiting] as const).find((code) => codes.has(code)) ?? EXIT.fine;
}

/** As far as a run can go now: one for which nothing came stays as it is, unless it has not begun and a person named it: the server is back, or the policy permits more. */
async function goOn(io: CommandIo, stage: Stage, run: Run, named: (run: Run) => boolean = () => false): Promise<Run> {
  const due = await stage.store.transact({ durable: false, reads: true }, (tx) => tx.dueRuns(io.clock.now(), MAX_RUNS));
  const current = await stage.host.get(run.id);
  const stays = isEnded(current.status) || (current.status === "parked" && !due.some(({ id }) => id === run.id) && !named(current));
  return stays ? current : followRun(io, stage, await stage.host.resume(run.id));
}
