import { readFileSync, readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { MARK_VARIABLE } from "./project.ts";

/** How long servers get to notice that the process they served is gone, before they are ended. */
const GRACE_MS = 2000;
const POLL_MS = 50;

/**
 * Processes whose environment carries this run's mark: what the demo started, directly or not, and nothing else. Where there is no
 * /proc (not Linux) the list is empty.
 */
export function findMarked(mark: string): readonly number[] {
  const wanted = `${MARK_VARIABLE}=${mark}`;
  return processIds().filter((pid) => pid !== process.pid && environmentOf(pid).includes(wanted));
}

/** Waits until nothing with this mark lives, and ends with SIGKILL what does not end by itself. Gives back how many had to be. */
export async function endMarked(mark: string): Promise<number> {
  await untilGone(mark);
  const stubborn = findMarked(mark);
  for (const pid of stubborn) endProcess(pid);
  // Even SIGKILL takes its moment.
  await untilGone(mark);
  return stubborn.length;
}

async function untilGone(mark: string): Promise<void> {
  for (let waited = 0; waited < GRACE_MS && findMarked(mark).length > 0; waited += POLL_MS) await sleep(POLL_MS);
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended in this moment.
  }
}

function processIds(): readonly number[] {
  try {
    return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
  } catch {
    return [];
  }
}

function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
  } catch {
    // It ended in this moment, or is another user's.
    return [];
  }
}
