import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";
import type { LeaseHolder } from "offstage/state";

/** This process, as another one of the same machine can recognise it. */
export function thisProcess(): LeaseHolder {
  return { host: `${hostname()} ${pidNamespace()}`, boot: bootId(), pid: process.pid, started: startOf(process.pid) };
}

/** Whether a process of this machine and boot still lives; a pid that another process has by now is not it. */
export function holderIsAlive(holder: LeaseHolder): boolean {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // Somebody else's process cannot be signalled, but it lives.
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
  }
  return holder.started === null || startOf(holder.pid) === holder.started;
}

/** Linux tells each boot apart. Elsewhere a lease waits for its end instead. */
function bootId(): string {
  return readText("/proc/sys/kernel/random/boot_id")?.trim() ?? "unknown";
}

/** Two containers can have one hostname and one boot; their pids say nothing to each other. */
function pidNamespace(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

/** The start of a process in ticks since boot: field 22 of its stat, counted after the name, which may hold anything. */
function startOf(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === null) return null;
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // A zombie has ended; only its parent has not looked yet.
  return fields[0] === "Z" ? null : (fields[19] ?? null);
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
