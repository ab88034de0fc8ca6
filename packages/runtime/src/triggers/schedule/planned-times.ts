import { Cron } from "croner";
import type { TriggerNode } from "../../program/index.ts";

/** A trigger that starts runs by the clock. */
export type ScheduleNode = Extract<TriggerNode, { readonly kind: "every" | "cron" }>;

/**
 * The first planned time after an instant (both in ms since the epoch); null when there is none. `every` counts from the epoch in UTC, so
 * that it comes at the same times whenever and wherever it is asked. A cron line is of its time zone: a time that a change of the clock leaves out comes at the
 * end of the gap, one that it repeats comes once; lines for every hour or minute come at each.
 */
export function nextPlannedTime(schedule: ScheduleNode, after: number): number | null {
  if (schedule.kind === "every") return (Math.floor(after / schedule.intervalMs) + 1) * schedule.intervalMs;
  return cronOf(schedule).nextRun(new Date(after))?.getTime() ?? null;
}

/** The last planned times after `after`, up to and with `until`: at most `limit`, oldest first. */
export function plannedTimes(schedule: ScheduleNode, after: number, until: number, limit: number): readonly number[] {
  return lastTimes(schedule, until, limit).filter((time) => time > after).toReversed();
}

/** Newest first. */
function lastTimes(schedule: ScheduleNode, until: number, limit: number): readonly number[] {
  if (schedule.kind === "cron") return cronOf(schedule).previousRuns(limit, new Date(until + 1)).map((time) => time.getTime());
  const last = Math.floor(until / schedule.intervalMs) * schedule.intervalMs;
  return Array.from({ length: limit }, (_, index) => last - index * schedule.intervalMs);
}

function cronOf({ expression, timezone }: Extract<ScheduleNode, { readonly kind: "cron" }>): Cron {
  return new Cron(expression, { timezone, paused: true });
}
