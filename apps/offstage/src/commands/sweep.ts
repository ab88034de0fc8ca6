import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { collectInput, INPUT_HELP } from "../input-option.ts";
import { runWorkflow } from "./run.ts";

/** `offstage sweep <workflow>`: a run that visits everything, and releases what no sweep comes to any more. */
export function register(command: Command, io: CommandIo): void {
  command
    .argument("<workflow>", "the workflow's name")
    .option("--input <name=value>", INPUT_HELP, collectInput)
    .action(io.action((workflow: string, { input }: { readonly input?: readonly string[] }) => runWorkflow(io, workflow, { sweep: true, ...(input === undefined ? {} : { input }) })));
}
