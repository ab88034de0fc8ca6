import type { Run } from "offstage/model";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { type Stage, withStage } from "../compose.ts";
import type { ExitCode } from "../exit-code.ts";
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
    return finishRun(io, stage, handle.id, handle.finished);
  });
}

/** Waits for a run, passing Ctrl-C on to it, and answers with what it did. */
export async function finishRun(io: CommandIo, stage: Stage, id: string, finished: Promise<Run>): Promise<ExitCode> {
  const cancel = (): void => {
    io.terminal.note("Stopping: no new write is begun; one in flight settles.");
    void stage.host.cancel(id).catch(() => undefined);
  };
  io.signal.addEventListener("abort", cancel, { once: true });
  try {
    return await runAnswer(io, stage.store, await finished);
  } finally {
    io.signal.removeEventListener("abort", cancel);
  }
}
