import { readdirSync, readFileSync } from "node:fs";

/** The kernel's tick, everywhere that Node runs on Linux. Ms. */
const TICK_MS = 10;

/** What a process has held the processors for until now. Ms. */
export function cpuMs(pid: number | undefined): number {
  const [, , , , , , , , , , , user = "0", system = "0"] = statOf(pid);
  return (Number(user) + Number(system)) * TICK_MS;
}

/** What a process holds of the machine's memory. Bytes. */
export function residentBytes(pid: number | undefined): number {
  return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? "NaN") * 1_024;
}

/** A process and those that it started. */
export function familyOf(pid: number): readonly number[] {
  const all = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map(Number);
  const family = new Set([pid]);
  for (let size = 0; size < family.size;) {
    size = family.size;
    for (const one of all) if (family.has(parentOf(one))) family.add(one);
  }
  return [...family];
}

function parentOf(pid: number): number {
  try {
    return Number(statOf(pid)[1]);
  } catch {
    return 0;
  }
}

/** From the state on: what stands before it may hold anything. */
function statOf(pid: number | undefined): readonly string[] {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ");
}
