import type { Clock } from "offstage/base";
import type { Project } from "../project/load-project.ts";
import { minuteOf, type NightFinding } from "./night-finding.ts";

/** Signatures allow five minutes, and leases less. Ms. */
const OFF_MS = 30_000;
const PATIENCE_MS = 5_000;

/** A clock that differs from others: `known` names them, by the time that they have when this one has `now`. The one that is closest counts: theirs may be wrong, too. */
export function checkClock(now: number, known: readonly { readonly whose: string; readonly now: number }[]): readonly NightFinding[] {
  const [closest] = known.toSorted((a, b) => Math.abs(a.now - now) - Math.abs(b.now - now));
  if (closest === undefined) return [];
  const off = Math.round(Math.abs(closest.now - now) / 1000);
  if (off * 1000 <= OFF_MS) return [{ about: "clock", state: "fine", what: `this machine's time is that of ${closest.whose}`, hint: null }];
  return [{ about: "clock", state: "warns", what: `this machine's time is ${off} s ${closest.now > now ? "behind" : "ahead of"} that of ${closest.whose}`, hint: "Let the system keep it: timedatectl set-ntp true. Deliveries whose signature is five minutes off are refused." }];
}

/** A clock that is behind what the store saw already. `newest`: ms, null where nothing happened yet. */
export function checkNewest(now: number, newest: number | null): readonly NightFinding[] {
  if (newest === null || newest - now <= OFF_MS) return [];
  return [{ about: "clock", state: "warns", what: `it is ${minuteOf(now)} on this machine, and the store has something of ${minuteOf(newest)}`, hint: "The clock was put back, or that of another machine is ahead. Schedules wait until their time comes again." }];
}

/** The times that HTTP servers tell, those that answer within seconds. No secret is sent, no redirect followed. */
export async function serversTimes({ servers, outline }: Pick<Project, "servers" | "outline">, clock: Clock): Promise<readonly { readonly whose: string; readonly now: number }[]> {
  const asked = await Promise.all(servers.map(async ({ name }) => {
    const config = outline(name);
    const told = config?.kind === "http" ? await toldTime(config.url, clock) : null;
    return told === null ? [] : [{ whose: name, now: told }];
  }));
  return asked.flat();
}

async function toldTime(url: string, clock: Clock): Promise<number | null> {
  try {
    const began = clock.now();
    const response = await fetch(url, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(PATIENCE_MS) });
    const told = Date.parse(response.headers.get("date") ?? "");
    // Whole seconds, of a moment between the question and the answer.
    return Number.isNaN(told) ? null : told + Math.round((clock.now() - began) / 2);
  } catch {
    return null;
  }
}
