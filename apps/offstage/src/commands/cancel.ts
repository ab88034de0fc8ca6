import type { Data } from "offstage/base";
import { isEnded } from "offstage/model";
import type { Command } from "commander";
import type { CommandIo } from "../command-io.ts";
import { withStage } from "../compose.ts";
import { EXIT, type ExitCode } from "../exit-code.ts";
import { findRun } from "../find-run.ts";
import { openProject } from "../project/load-project.ts";

/** How often it is looked whether the run has ended. Ms. */
const LOOK_MS = 200;

/** `offstage cancel <run>`: a run ends after the call that is under way, whoever drives it. */
export function register(command: Command, io: CommandIo): void {
  command.argument("<run>", "the run's id or its beginning").action(io.action((id: string) => cancel(io, id)));
}

async function cancel(io: CommandIo, given: string): Promise<ExitCode> {
  return withStage(io, openProject(io), async ({ store, host }) => {
    const { id, status } = await findRun(store, given);
    if (isEnded(status)) {
      io.answer({ run: await host.get(id) } as unknown as Data, `Run ${id} had ended already: ${status}.`);
      return EXIT.fine;
    }
    await host.askToEnd(id);
    io.terminal.progress(`waiting for run ${id} to end …`);
    let run = await host.get(id);
    while (!isEnded(run.status) && !io.signal.aborted) {
      await io.clock.sleep(LOOK_MS, io.signal);
      run = await host.get(id);
    }
    const text = isEnded(run.status) ? `Run ${id} ended: ${run.status}.` : `Run ${id} was asked to end, and has not yet: a call of it may be under way.`;
    io.answer({ run } as unknown as Data, text);
    return isEnded(run.status) ? EXIT.fine : EXIT.interrupted;
  });
}
