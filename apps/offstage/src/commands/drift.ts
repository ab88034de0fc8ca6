import { OffstageError } from "offstage/base";
import { inputNames, type Program } from "offstage/program";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { type Stage, withStage } from "../compose.ts";
import { endAnswer } from "../end-answer.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { collectInput, INPUT_HELP, parseInputs } from "../input-option.ts";
import { workflowNames } from "../project/compile.ts";
import { openProject } from "../project/load-project.ts";
import { type Planned, planWorkflow } from "./plan.ts";

interface DriftOptions {
  readonly input?: readonly string[];
  readonly detailedExitcode?: boolean;
  readonly full?: boolean;
}

/** `offstage drift [workflow]`: how far the targets are from what workflows want, orphans included; nothing is touched. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("[workflow]", "the workflow's name; without one, all that have records")
    .option("--detailed-exitcode", "end with 3 when something is not as it should be")
    .option("--full", "cut nothing, however long it is")
    .option("--input <name=value>", INPUT_HELP, collectInput)
    .action(io.action((workflow: string | undefined, options: DriftOptions) => drift(io, workflow, options)));
}

function drift(io: CommandIo, workflow: string | undefined, { input = [], detailedExitcode, full }: DriftOptions): Promise<ExitCode> {
  const project = openProject(io);
  if (workflow === undefined && input.length > 0) throw new OffstageError("USAGE", "Inputs belong to one workflow.", { hint: "Name it: offstage drift <workflow> --input …" });
  return withStage(io, project, async (stage) => {
    const made: Planned[] = [];
    const programs = await programsWithRecords(stage, workflow === undefined ? workflowNames(project.folder) : [workflow]);
    // Without a name nobody can say what these are given.
    const left = workflow === undefined ? programs.filter((program) => neededInputs(program).length > 0) : [];
    for (const program of programs.filter((one) => !left.includes(one))) {
      const planned = await planWorkflow(io, stage, program, { inputs: parseInputs(input, program), sweep: true, ...(full === undefined ? {} : { full }) });
      if (planned.kind === "ended") return endAnswer(io, stage, planned.run);
      made.push(workflow === undefined ? { ...planned, text: `${program.name}:\n${planned.text}` } : planned);
    }
    const leftLines = left.map((program) => `${program.name} needs inputs: ${commandLine(io, "drift", program.name, ...neededInputs(program).flatMap((name) => ["--input", `${name}=…`]))}`);
    if (made.length === 0) throw noDrift(workflow, leftLines);
    io.answer({ drift: made.map(({ data }) => data), needInputs: left.map(({ name }) => name) }, [...made.map(({ text }) => text), ...leftLines].join("\n\n"));
    if (made.some(({ isAmbiguous }) => isAmbiguous)) return EXIT.waiting;
    return detailedExitcode === true && made.some(({ hasChanges }) => hasChanges) ? EXIT.changes : EXIT.fine;
  });
}

function neededInputs(program: Program): readonly string[] {
  return inputNames(program).filter((name) => !Object.hasOwn(program.inputs, name));
}

function noDrift(workflow: string | undefined, left: readonly string[]): OffstageError {
  if (left.length > 0) return new OffstageError("USAGE", "No workflow has a record and goes without inputs.", { hint: left.join("\n") });
  return new OffstageError("USAGE", workflow === undefined ? "No workflow has a record." : `${workflow} has no record.`, { hint: "What a workflow would write is shown by: offstage plan <workflow>" });
}

async function programsWithRecords(stage: Stage, names: readonly string[]): Promise<readonly Program[]> {
  const programs: Program[] = [];
  for (const name of names) programs.push(await stage.program(name));
  return programs.filter(({ records }) => records.length > 0);
}
