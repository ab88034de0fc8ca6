import { OffstageError } from "offstage/base";
import type { Store } from "offstage/state";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { withStore } from "../compose-store.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { findRun } from "../find-run.ts";
import { runAnswer } from "../output/run-answer.ts";
import { openProject } from "../project/load-project.ts";

/** `offstage show <run>`: what started it, what it wrote, what it waits for. */
export function register(command: Command, io: CommandIo): void {
  command.argument("[run]", "the run's id or its beginning; the newest when not given").action(io.action((id: string | undefined) => showRun(io, id)));
}

/** Tells the story of a run; of the newest where none is named. */
export function showRun(io: CommandIo, id: string | undefined): Promise<ExitCode> {
  return withStore(openProject(io), (store) => show(io, store, id));
}

async function show(io: CommandIo, store: Store, id: string | undefined): Promise<ExitCode> {
  const run = id === undefined ? (await store.transact({ durable: false, reads: true }, (tx) => tx.listRuns({ limit: 1 })))[0] : await findRun(store, id);
  if (run === undefined) throw new OffstageError("RUN_UNKNOWN", "There is no run yet.", { hint: "Start one: offstage run <workflow>" });
  const plan = run.status === "planned" ? await store.transact({ durable: false, reads: true }, async (tx) => (await tx.getPlan(run.id))?.plan ?? null) : null;
  await runAnswer(io, store, run, { form: "story", ...(plan === null ? {} : { plan }) });
  return EXIT.fine;
}
