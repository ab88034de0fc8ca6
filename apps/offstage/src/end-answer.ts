import type { Data } from "offstage/base";
import type { Run } from "offstage/model";
import type { CommandIo } from "./command-io.ts";
import type { Stage } from "./compose.ts";
import type { ExitCode } from "./exit-code.ts";
import { noteChangedTools } from "./output/changed-tools.ts";
import { runAnswer } from "./output/run-answer.ts";

/** Answers with how a run ended that this command drove, and with the tools that were not as they were locked. */
export async function endAnswer(io: CommandIo, stage: Stage, run: Run): Promise<ExitCode> {
  return runAnswer(io, stage.store, run, { also: await changedAnswer(io, stage, [run]) });
}

/** The part of an answer that names changed tools. They are noted too where a run of these did not succeed: it may come from them. */
export async function changedAnswer(io: CommandIo, stage: Stage, runs: readonly Run[]): Promise<{ readonly changedTools: Data }> {
  const unwell = runs.filter(({ status }) => status !== "succeeded");
  if (unwell.length > 0) noteChangedTools(io, await stage.changedTools(unwell), "what went wrong may come from");
  return { changedTools: await stage.changedTools(runs) };
}
