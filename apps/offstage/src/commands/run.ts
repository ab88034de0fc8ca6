import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { withStage } from "../compose.ts";
import type { ExitCode } from "../exit-code.ts";
import { followRun } from "../follow-run.ts";
import { collectInput, parseInputs } from "../input-option.ts";
import { runAnswer } from "../output/run-answer.ts";
import { openProject } from "../project/load-project.ts";

/** `offstage run <workflow>`: one run under the policy. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("<workflow>", "the workflow's name")
    .option("--input <name=value>", "an input other than the workflow's default; JSON, or text", collectInput)
    .action(io.action((workflow: string, options: { readonly input?: readonly string[] }) => run(io, workflow, options.input ?? [])));
}

function run(io: CommandIo, workflow: string, given: readonly string[]): Promise<ExitCode> {
  return withStage(io, openProject(io), async (stage) => {
    const program = await stage.program(workflow);
    const handle = await stage.host.start({ program, inputs: parseInputs(given, program.inputs), event: { kind: "call" } });
    return runAnswer(io, stage.store, await followRun(io, stage, handle));
  });
}
