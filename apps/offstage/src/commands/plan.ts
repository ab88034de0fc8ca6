import { resolve } from "node:path";
import type { Data, JsonObject } from "offstage/base";
import type { Plan, Run, RunEvent } from "offstage/model";
import { ownModules, type Program } from "offstage/program";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { givenFor } from "../command-line.ts";
import { type Stage, withStage } from "../compose.ts";
import { endAnswer } from "../end-answer.ts";
import { EVENT_OF_HELP, eventAgain } from "../event-again.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { collectInput, INPUT_HELP, parseInputs } from "../input-option.ts";
import { planAnswerText } from "../output/plan-text.ts";
import { redacted } from "../output/redacted.ts";
import { noteChangedTools } from "../output/changed-tools.ts";
import { exitCodeOfRun } from "../output/run-answer.ts";
import { sweptLines } from "../output/swept-text.ts";
import { refuseToReplace, writePlanFile } from "../plan-file.ts";
import { personOf } from "../person.ts";
import { openProject } from "../project/load-project.ts";
import { escapeControls } from "../terminal.ts";

interface PlanOptions {
  readonly input?: readonly string[];
  readonly eventOf?: string;
  readonly out?: string;
  readonly detailedExitcode?: boolean;
  readonly full?: boolean;
}

/** `offstage plan <workflow>`: a run held at its writes. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("<workflow>", "the workflow's name")
    .option("--out <file>", "write the plan to a file that `offstage apply` takes")
    .option("--detailed-exitcode", "end with 3 when there are changes and nothing failed")
    .option("--full", "cut nothing, however long it is")
    .option("--input <name=value>", INPUT_HELP, collectInput)
    .option("--event-of <run>", EVENT_OF_HELP)
    .action(io.action((workflow: string, options: PlanOptions) => withStage(io, openProject(io), (stage) => plan(io, stage, workflow, options))));
}

async function plan(io: CommandIo, stage: Stage, workflow: string, options: PlanOptions): Promise<ExitCode> {
  const { out, full, detailedExitcode, eventOf } = options;
  if (out !== undefined) refuseToReplace(resolve(io.cwd, out));
  const program = await stage.program(workflow);
  const event = eventOf === undefined ? null : await eventAgain({ ...stage, ...io, program, by: personOf(io, undefined), phase: "plan" }, eventOf);
  const planned = await planWorkflow(io, stage, program, { ...(event === null ? {} : { event }), inputs: parseInputs(options.input ?? [], program), ...(full === undefined ? {} : { full }), ...(out === undefined ? {} : { out }) });
  if (planned.kind === "ended") return endAnswer(io, stage, planned.run);
  io.answer(planned.data, planned.text);
  return detailedExitcode === true && planned.exitCode === EXIT.fine && planned.hasChanges ? EXIT.changes : planned.exitCode;
}

/** A plan that was made, as it is answered. */
export interface Planned {
  readonly kind: "planned";
  readonly run: Run;
  readonly plan: Plan;
  readonly data: Data;
  readonly text: string;
  readonly hasChanges: boolean;
  /** Of its run, whether there are changes or not. */
  readonly exitCode: ExitCode;
}

/** Plans a workflow, and writes the plan to `out`; `ended` when it came to no plan. */
export async function planWorkflow(io: CommandIo, stage: Stage, program: Program, options: { readonly inputs: JsonObject; readonly event?: RunEvent; readonly sweep?: true; readonly full?: boolean; readonly out?: string }): Promise<Planned | { readonly kind: "ended"; readonly run: Run }> {
  const { inputs, event = { kind: "call" }, sweep, full, out } = options;
  const made = await stage.host.plan({ program, inputs, event, cancelled: io.signal, ...(sweep === true ? { sweep } : {}) });
  if (made.run.status !== "planned") return { kind: "ended", run: made.run };
  const changedTools = await stage.changedTools([made.run]);
  noteChangedTools(io, changedTools, "before you apply this plan, look at");
  const shown = redacted(io, made);
  if (out !== undefined) writePlanFile(resolve(io.cwd, out), shown.plan);
  const text = planAnswerText(shown.plan, shown.run, { ...io.terminal, ...(full === true ? { width: Infinity } : {}) }, { ...givenFor(io), applies: io.ownCode === undefined && ownModules(program).length > 0 ? null : (out ?? made.plan.id) });
  return {
    kind: "planned", ...made,
    data: planData(shown.plan, shown.run, { unreached: stage.unreached, changedTools }),
    text: [text, ...sweptLines(shown.run), ...unreachedLines(stage.unreached)].join("\n"),
    hasChanges: made.plan.effects.length > 0,
    exitCode: exitCodeOfRun(made.run),
  };
}

/** A plan as `--json` shows it, with what went wrong on the way. */
export function planData(plan: Plan, run: Run, servers: Pick<Stage, "unreached"> & { readonly changedTools: readonly string[] }): Data {
  return { plan, failures: run.failures, ambiguous: run.ambiguous, ...(run.counts.swept === undefined ? {} : { swept: run.counts.swept }), ...servers } as unknown as Data;
}

/** No read needed them, so there is a plan; whether their tools are as they were locked is not known. */
function unreachedLines(unreached: Stage["unreached"]): readonly string[] {
  return unreached.map(({ server, error }) => `\nWarning: ${server} could not be reached, so its writes were planned without a look at its tools.\n  ${error.code}: ${escapeControls(error.message, "mark")}`);
}
