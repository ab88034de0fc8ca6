import { type Data, OffstageError } from "offstage/base";
import type { Run } from "offstage/model";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { withStore } from "../compose-store.ts";
import { beganAt } from "../output/run-text.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { openProject } from "../project/load-project.ts";
import { escapeControls, tableText } from "../terminal.ts";

interface RunsOptions {
  readonly workflow?: string;
  readonly limit: string;
}

/** `offstage runs`: the newest first. */
export function register(command: Command, io: CommandIo): void {
  command
    .option("--workflow <name>", "only runs of this workflow")
    .option("--limit <count>", "how many", "20")
    .action(io.action((options: RunsOptions) => runs(io, options)));
}

/** Lists the newest runs. */
export async function runs(io: CommandIo, options: RunsOptions): Promise<ExitCode> {
  const limit = Number(options.limit);
  if (!Number.isInteger(limit) || limit < 1) throw new OffstageError("USAGE", `--limit ${options.limit} is no number of runs.`, { hint: "Write a whole number from 1." });
  const found = await withStore(openProject(io), (store) => store.transact({ durable: false, reads: true }, (tx) => tx.listRuns({ limit, ...(options.workflow === undefined ? {} : { workflow: options.workflow }) })));
  io.answer({ runs: found } as unknown as Data, found.length === 0 ? (options.workflow === undefined ? "No runs yet." : `No run of a workflow ${escapeControls(options.workflow)}.`) : tableText([["run", "workflow", "phase", "status", "writes", "started"], ...found.toSorted((a, b) => beganAt(b) - beganAt(a)).map(row)], io.terminal.width));
  return EXIT.fine;
}

function row(run: Run): readonly string[] {
  return [run.id, run.workflow, run.phase, run.status, String(run.counts.writes), `${new Date(beganAt(run)).toISOString().slice(0, 16).replace("T", " ")}Z`];
}
