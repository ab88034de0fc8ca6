import { type Data, OffstageError } from "offstage/base";
import { inputNames, type Program } from "offstage/program";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { commandLine } from "../command-line.ts";
import { type Stage, withStage } from "../compose.ts";
import { endAnswer } from "../end-answer.ts";
import { failureOf } from "../errors.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { collectInput, INPUT_HELP, parseInputs } from "../input-option.ts";
import { openProject } from "../project/load-project.ts";
import { escapeControls } from "../terminal.ts";
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
    .option("--detailed-exitcode", "end with 3 when something is not as it should be and nothing failed")
    .option("--full", "cut nothing, however long it is")
    .option("--input <name=value>", INPUT_HELP, collectInput)
    .action(io.action((workflow: string | undefined, options: DriftOptions) => drift(io, workflow, options)));
}

function drift(io: CommandIo, workflow: string | undefined, { input = [], detailedExitcode, full }: DriftOptions): Promise<ExitCode> {
  const project = openProject(io);
  if (workflow === undefined && input.length > 0) throw new OffstageError("USAGE", "Inputs belong to one workflow.", { hint: "Name it: offstage drift <workflow> --input …" });
  return withStage(io, project, async (stage) => {
    if (workflow !== undefined) return driftOfOne(io, stage, workflow, { input, ...(detailedExitcode === undefined ? {} : { detailedExitcode }), ...(full === undefined ? {} : { full }) });
    const made: Planned[] = [];
    const failed: UnknownDrift[] = [];
    const left: Program[] = [];
    for (const name of project.texts.workflows()) {
      const looked = await unlessFailed(io, name, async () => {
        const program = await stage.program(name);
        if (program.records.length === 0) return null;
        // Without a name nobody can say what these are given.
        if (neededInputs(program).length === 0) return withUnseen(program, await planWorkflow(io, stage, program, { inputs: {}, sweep: true, ...(full === undefined ? {} : { full }) }));
        left.push(program);
        return null;
      });
      if (looked?.kind === "ended" && io.signal.aborted) return endAnswer(io, stage, looked.run);
      if (looked?.kind === "planned") made.push({ ...looked, text: `${name}:\n${looked.text}` });
      else if (looked?.kind === "ended") failed.push({ workflow: name, run: looked.run.id, code: looked.run.error?.code ?? "BUG", message: looked.run.error?.message ?? `its run ended as ${looked.run.status}` });
      else if (looked !== null) failed.push(looked);
    }
    const leftLines = left.map((program) => `${program.name} needs inputs: ${commandLine(io, "drift", program.name, ...neededInputs(program).flatMap((name) => ["--input", `${name}=…`]))}`);
    if (made.length === 0 && failed.length === 0 && left.length > 0) throw new OffstageError("USAGE", "No workflow has a record and goes without inputs.", { hint: leftLines.join("\n") });
    if (made.length === 0 && failed.length === 0) {
      io.answer({ drift: [], needInputs: [], failed: [] }, "No workflow has a record, so there is nothing that could drift.");
      return EXIT.fine;
    }
    const failedLines = failed.map((one) => `${one.workflow}: its drift is not known: ${one.code}: ${escapeControls(one.message)}${one.run === null ? "" : ` (${commandLine(io, "show", one.run)})`}`);
    io.answer({ drift: made.map(({ data }) => data), needInputs: left.map(({ name }) => name), failed: failed as unknown as Data }, [...made.map(({ text }) => text), ...leftLines, ...failedLines].join("\n\n"));
    return failed.length > 0 ? EXIT.failed : exitOf(made, detailedExitcode);
  });
}

/** A workflow of which it could not be seen how far its targets are from what it wants. */
interface UnknownDrift {
  readonly kind?: never;
  readonly workflow: string;
  /** null: it came to no run. */
  readonly run: string | null;
  readonly code: string;
  readonly message: string;
}

async function driftOfOne(io: CommandIo, stage: Stage, workflow: string, { input = [], detailedExitcode, full }: DriftOptions): Promise<ExitCode> {
  const program = await stage.program(workflow);
  if (program.records.length === 0) throw new OffstageError("USAGE", `${workflow} has no record.`, { hint: "What a workflow would write is shown by: offstage plan <workflow>" });
  const planned = withUnseen(program, await planWorkflow(io, stage, program, { inputs: parseInputs(input, program), sweep: true, ...(full === undefined ? {} : { full }) }));
  if (planned.kind === "ended") return endAnswer(io, stage, planned.run);
  io.answer({ drift: [planned.data], needInputs: [], failed: [] }, planned.text);
  return exitOf([planned], detailedExitcode);
}

function exitOf(made: readonly Planned[], detailedExitcode: boolean | undefined): ExitCode {
  const unwell = [EXIT.waiting, EXIT.failed].find((code) => made.some(({ exitCode }) => exitCode === code));
  if (unwell !== undefined) return unwell;
  return detailedExitcode === true && made.some(({ hasChanges }) => hasChanges) ? EXIT.changes : EXIT.fine;
}

/** One that fails keeps nobody from seeing the others; Ctrl-C ends them all, and a mistake of ours is told as one. */
async function unlessFailed<T>(io: CommandIo, workflow: string, look: () => Promise<T>): Promise<T | UnknownDrift> {
  try {
    return await look();
  } catch (error) {
    const { code, message } = failureOf(error);
    if (io.signal.aborted || code === "BUG") throw error;
    return { workflow, run: null, code, message };
  }
}

function neededInputs(program: Program): readonly string[] {
  return inputNames(program).filter((name) => !Object.hasOwn(program.inputs, name));
}

/** Says also what could not be seen: "as it should be" is no word for what was not looked at. */
function withUnseen(program: Program, made: Awaited<ReturnType<typeof planWorkflow>>): typeof made {
  if (made.kind === "ended") return made;
  const unread = program.records.filter(({ read }) => read === undefined).map(({ name }) => name);
  const uncompared = program.records.filter(({ read, same }) => read !== undefined && same === undefined).map(({ name }) => name);
  const lines = [
    ...unread.map((name) => `Not looked at: whether what ${name} made is still there, and as it should be. The record has no \`read\`.`),
    ...uncompared.map((name) => `Not looked at: whether what ${name} made is as it should be. The record has no \`same\`.`),
  ];
  return { ...made, data: { ...(made.data as { readonly [key: string]: Data }), unread, uncompared }, text: [made.text, ...lines.map((line) => escapeControls(line))].join("\n") };
}
