import type { RunHandle } from "offstage/host";
import type { Run } from "offstage/model";
import type { CommandIo } from "./command-io.ts";
import type { Stage } from "./compose.ts";

/**
 * Waits for a run, passing Ctrl-C on to it. One that another process drives is left to it: then this rejects with `CANCELLED`,
 * and says that the run goes on.
 */
export async function followRun(io: CommandIo, stage: Stage, { id, finished }: RunHandle): Promise<Run> {
  const cancel = (): void => {
    io.terminal.note("Stopping: no new write is begun; one in flight settles.");
    void stage.host.cancel(id).catch(() => stage.host.close());
  };
  if (io.signal.aborted) cancel();
  io.signal.addEventListener("abort", cancel, { once: true });
  try {
    return await finished;
  } finally {
    io.signal.removeEventListener("abort", cancel);
  }
}

/** Waits for a run that whoever serves drives. Who stops waiting leaves it to them: it was begun on a person's word, and ends on no other. Null then. */
export async function watchRun({ signal }: Pick<CommandIo, "signal">, { finished }: RunHandle): Promise<Run | null> {
  const gone = Promise.withResolvers<null>();
  const leave = (): void => gone.resolve(null);
  if (signal.aborted) leave();
  signal.addEventListener("abort", leave, { once: true });
  try {
    return await Promise.race([finished, gone.promise]);
  } finally {
    signal.removeEventListener("abort", leave);
  }
}
