import { OffstageError } from "offstage/base";
import type { Store } from "offstage/state";
import type { Command } from "commander";
import { byPrefix } from "../by-prefix.ts";
import type { CommandIo } from "../command-io.ts";
import { withStore } from "../compose.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { runAnswer } from "../output/run-answer.ts";
import { openProject } from "../project/load-project.ts";

/** `offstage show <run>`: what started it, what it wrote, what it waits for. */
export function register(command: Command, io: CommandIo): void {
  command.argument("[run]", "the run's id or its beginning; the newest when not given").action(io.action((id: string | undefined) => withStore(openProject(io), (store) => show(io, store, id))));
}

const LOOKED = { code: "RUN_UNKNOWN", noun: "run", listing: "offstage runs" } as const;
/** The newest runs, among which the beginning of an id is looked for. */
const MAX_SEARCHED = 10_000;

async function show(io: CommandIo, store: Store, id: string | undefined): Promise<ExitCode> {
  const run = await store.transact({ durable: false }, async (tx) => (id === undefined ? ((await tx.listRuns({ limit: 1 }))[0] ?? null) : ((await tx.getRun(id)) ?? byPrefix(await tx.listRuns({ limit: MAX_SEARCHED }), id, LOOKED))));
  if (run === null) throw new OffstageError("RUN_UNKNOWN", "There is no run yet.", { hint: "`offstage runs` lists them." });
  await runAnswer(io, store, run, "story");
  return EXIT.fine;
}
