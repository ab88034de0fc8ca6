import { readFileSync } from "node:fs";
import { realClock } from "./real-clock.ts";

/** True while the process runs; a zombie that nobody has reaped does not. */
function isRunning(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return !/^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return false;
  }
}

/** The ones of `pids` that run now. */
export function running(pids: readonly number[]): readonly number[] {
  return pids.filter(isRunning);
}

/** Resolves when none of `pids` runs any more; the test's own time limit is the only one. */
export async function allGone(pids: readonly number[]): Promise<void> {
  while (running(pids).length > 0) await realClock.sleep(10);
}
