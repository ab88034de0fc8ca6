import { nextPlannedTime, plannedTimes, type ScheduleNode } from "./planned-times.ts";

/** What a schedule brought since it was looked at last. All in ms since the epoch. */
export interface ScheduleLook {
  /** Planned times that become arrivals, oldest first. */
  readonly times: readonly number[];
  /** Nothing up to here is looked at again. */
  readonly seenUntil: number;
  /** When it has to be looked at next; null: never. */
  readonly next: number | null;
}

/** A planned time counts as missed when it is looked at so much later: nothing was running then, or the machine slept. A restart loses no beat. Ms. */
const MISSED_MS = 60_000;

/** The most runs that `missed: "all"` makes up for. */
const MOST_MISSED = 1_000;

/**
 * Looks at a schedule. One that was never looked at begins now: it has no past. When the clock was put back, what comes again has the same planned times, which
 * became arrivals already.
 */
export function lookAtSchedule(schedule: ScheduleNode, seenUntil: number | null, now: number): ScheduleLook {
  const since = Math.min(seenUntil ?? now, now);
  const times = plannedTimes(schedule, since, now, schedule.missed === "all" ? MOST_MISSED : 1);
  const isMissed = (time: number): boolean => now - time > MISSED_MS;
  return { times: schedule.missed === "skip" ? times.filter((time) => !isMissed(time)) : times, seenUntil: now, next: nextPlannedTime(schedule, now) };
}
