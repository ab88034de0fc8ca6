import { resolve } from "node:path";
import type { Data } from "offstage/base";
import type { Plan, Run } from "offstage/model";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { type Stage, withStage } from "../compose.ts";
import { endAnswer } from "../end-answer.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { collectInput, INPUT_HELP, parseInputs } from "../input-option.ts";
import { planAnswerText } from "../output/plan-text.ts";
import { redacted } from "../output/redacted.ts";
import { noteChangedTools } from "../output/changed-tools.ts";
import { refuseToReplace, writePlanFile } from "../plan-file.ts";
import { openProject } from "../project/load-project.ts";
import { escapeControls } from "../terminal.ts";

interface PlanOptions {
  readonly input?: readonly string[];
  readonly out?: string;
  readonly detailedExitcode?: boolean;
  readonly full?: boolean;
}

/** `offstage plan <workflow>`: a run held at its writes. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("<workflow>", "the workflow's name")
    .option("--out <file>", "write the plan to a file that `offstage apply` takes")
    .option("--detailed-exitcode", "end with 3 when there are changes")
    .option("--full", "cut nothing, however long it is")
    .option("--input <name=value>", INPUT_HELP, collectInput)
    .action(io.action((workflow: string, options: PlanOptions) => withStage(io, openProject(io), (stage) => plan(io, stage, workflow, options))));
}

async function plan(io: CommandIo, stage: Stage, workflow: string, options: PlanOptions): Promise<ExitCode> {
  if (options.out !== undefined) refuseToReplace(resolve(io.cwd, options.out));
  const program = await stage.program(workflow);
  const made = await stage.host.plan({ program, inputs: parseInputs(options.input ?? [], program), event: { kind: "call" }, cancelled: io.signal });
  if (made.run.status !== "planned") return endAnswer(io, stage, made.run);
  const changedTools = await stage.changedTools([made.run]);
  noteChangedTools(io, changedTools, "before you apply this plan, look at");
  const shown = redacted(io, made);
  if (options.out !== undefined) writePlanFile(resolve(io.cwd, options.out), shown.plan);
  io.answer(planData(shown.plan, shown.run, { unreached: stage.unreached, changedTools }), [planAnswerText(shown.plan, shown.run, { ...io.terminal, ...(options.full === true ? { width: Infinity } : {}) }, { projectFolder: io.projectFolder, name: options.out ?? made.plan.id }), ...unreachedLines(stage.unreached)].join("\n"));
  if (made.run.ambiguous.length > 0) return EXIT.waiting;
  return options.detailedExitcode === true && made.plan.effects.length > 0 ? EXIT.changes : EXIT.fine;
}

/** A plan as `--json` shows it, with what went wrong on the way. */
export function planData(plan: Plan, run: Run, servers: Pick<Stage, "unreached"> & { readonly changedTools: readonly string[] }): Data {
  return { plan, failures: run.failures, ambiguous: run.ambiguous, ...servers } as unknown as Data;
}

/** No read needed them, so there is a plan; whether their tools are as they were locked is not known. */
function unreachedLines(unreached: Stage["unreached"]): readonly string[] {
  return unreached.map(({ server, error }) => `\nWarning: ${server} could not be reached, so its writes were planned without a look at its tools.\n  ${error.code}: ${escapeControls(error.message, "mark")}`);
}
