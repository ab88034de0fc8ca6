import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { type Stage, withStage } from "../compose.ts";
import { endAnswer } from "../end-answer.ts";
import { EVENT_OF_HELP, eventAgain } from "../event-again.ts";
import type { ExitCode } from "../exit-code.ts";
import { followRun } from "../follow-run.ts";
import { collectInput, INPUT_HELP, parseInputs } from "../input-option.ts";
import { personOf } from "../person.ts";
import { openProject } from "../project/load-project.ts";

/** `offstage run <workflow>`: one run under the policy. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("<workflow>", "the workflow's name")
    .option("--input <name=value>", INPUT_HELP, collectInput)
    .option("--event-of <run>", EVENT_OF_HELP)
    .option("--native", "let Node execute the module as it stands, over the same policy and store")
    .action(io.action((workflow: string, options: RunOptions) => runWorkflow(io, workflow, options)));
}

/** How a run is started by hand. */
interface RunOptions {
  readonly input?: readonly string[];
  readonly eventOf?: string;
  readonly native?: true;
  readonly sweep?: true;
}

/** Runs a workflow to its end, and answers with how it ended. */
export function runWorkflow(io: CommandIo, workflow: string, { input: given = [], eventOf, native, sweep }: RunOptions): Promise<ExitCode> {
  const project = openProject(io);
  const use = async (stage: Stage): Promise<ExitCode> => {
    const program = await stage.program(workflow);
    const by = personOf(io, undefined);
    const event = eventOf === undefined ? ({ kind: "call", by } as const) : await eventAgain({ ...stage, ...io, program, by, phase: "run" }, eventOf);
    const handle = await stage.host.start({ program, inputs: parseInputs(given, program), event, ...(sweep === true ? { sweep } : {}) });
    return endAnswer(io, stage, await followRun(io, stage, handle));
  };
  // Node cannot hold a run at its writes: a dry one is interpreted.
  return withStage(io, project, use, native === true && !project.settings.dryRun ? { native: { workflow } } : {});
}
