import { readdirSync, readFileSync } from "node:fs";

/**
 * Kills what a program that was killed left behind: the processes of our own group whose environment holds `mark` (`NAME=value`).
 * A daemon that it started has a group of its own and stays. Only Linux tells whose process is whose; elsewhere they stay too.
 */
export function endMarked(mark: string): void {
  if (process.platform !== "linux") return;
  const group = groupOf("self");
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (groupOf(pid) === group && readFileSync(`/proc/${pid}/environ`, "latin1").split("\0").includes(mark)) process.kill(Number(pid), "SIGKILL");
    } catch {
      // It ended in this moment, or is another user's.
    }
  }
}

/** The fifth field; the second, the program's name, is in brackets and may hold anything. */
function groupOf(pid: string): string | undefined {
  return /.*\) \S \d+ (\d+)/s.exec(readFileSync(`/proc/${pid}/stat`, "latin1"))?.[1];
}
