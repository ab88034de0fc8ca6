import { changePauses, type StoreTx } from "../state/index.ts";
import { isToBegin, wakeToBegin } from "./park-continuation.ts";

/** More than anybody has waiting. */
const ALL = 100_000;

/**
 * Lets writes begin again of what `names` names (`*`, `workflow:x`, `server:y`), and has what events asked for meanwhile go on, in the same transaction: whoever drives the store next does it. One that something
 * else holds still comes to rest again. Gives what is paused now, and the runs that go on, the oldest first.
 */
export async function liftPauses(tx: StoreTx, names: readonly string[]): Promise<{ readonly paused: readonly string[]; readonly woken: readonly string[] }> {
  const paused = await changePauses(tx, { remove: names });
  const parked = names.length === 0 ? [] : await tx.listRuns({ status: ["parked"], limit: ALL });
  const woken: string[] = [];
  for (const run of parked.toReversed()) {
    const held = run.held.some((hold) => hold.paused !== undefined && names.includes(hold.paused));
    if (held && isToBegin(run) && (await wakeToBegin(tx, run.id))) woken.push(run.id);
  }
  return { paused, woken };
}
