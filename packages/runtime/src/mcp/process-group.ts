import type { ChildProcess } from "node:child_process";
import type { Clock } from "../base/index.ts";

/** Process groups that we started and that may still live. One set per process, because our own end is one event. */
const liveGroups = new Set<number>();
let isHooked = false;

/** How long, in ms, each of the three ways to end a group may take before the next. */
export interface ClosePatience {
  /** After closing standard input: the polite way, and how servers end when we are killed. */
  readonly afterInputClosedMs: number;
  /** After SIGTERM. */
  readonly afterTermMs: number;
}

const POLL_MS = 20;
/** SIGKILL works at once; a zombie that nobody reaps would look alive for ever. */
const AFTER_KILL_MS = 500;

/**
 * Watches the group that `child` leads (it was spawned `detached`): should this process end in any way that can be
 * noticed, the group is killed.
 */
export function trackGroup(leader: number): void {
  if (!isHooked) {
    isHooked = true;
    process.on("exit", stopAll);
  }
  liveGroups.add(leader);
}

/**
 * Kills, at once and without grace, every server that this process started: for signal handlers and the last moment of a
 * process. To end servers in good order, close their pool.
 */
export function stopAll(): void {
  for (const leader of liveGroups) signalGroup(leader, "SIGKILL");
  liveGroups.clear();
}

/**
 * Ends the whole group of `child`, wrappers and grandchildren included: closes its input, then SIGTERM, then SIGKILL.
 * Resolves when nothing of it is left, or nothing more can be done.
 */
export async function endGroup(child: ChildProcess, clock: Clock, patience: ClosePatience): Promise<void> {
  const leader = child.pid;
  if (leader === undefined) return;
  child.stdin?.destroy();
  if (isRunning(child)) await exitWithin(child, clock, patience.afterInputClosedMs);
  if (isGroupAlive(leader)) {
    signalGroup(leader, "SIGTERM");
    await goneWithin(leader, clock, patience.afterTermMs);
  }
  if (isGroupAlive(leader)) {
    signalGroup(leader, "SIGKILL");
    await goneWithin(leader, clock, AFTER_KILL_MS);
  }
  liveGroups.delete(leader);
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function isRunning(child: ChildProcess): boolean {
  return child.exitCode === null && child.signalCode === null;
}

async function exitWithin(child: ChildProcess, clock: Clock, ms: number): Promise<void> {
  const exited = new AbortController();
  const onExit = (): void => exited.abort();
  child.once("exit", onExit);
  await clock.sleep(ms, exited.signal);
  child.off("exit", onExit);
}

async function goneWithin(leader: number, clock: Clock, ms: number): Promise<void> {
  for (let waited = 0; waited < ms && isGroupAlive(leader); waited += POLL_MS) await clock.sleep(POLL_MS);
}

function isGroupAlive(leader: number): boolean {
  try {
    process.kill(-leader, 0);
    return true;
  } catch (error) {
    // EPERM: somebody in the group became another user; it is there.
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function signalGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch {
    // The group ended in this moment, or is not ours to end.
  }
}
