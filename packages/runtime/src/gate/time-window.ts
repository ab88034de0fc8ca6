import type { TimeWindow } from "../model/index.ts";

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;
/** Clocks are changed at multiples of this, so that no step passes over a change. */
const STEP_MINUTES = 15;
/** A window that does not change within so many days never does. */
const SEARCH_MS = 9 * DAY_MINUTES * MINUTE_MS;

const WEEKDAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];

/** Whether an instant (ms) lies within a window, by the clocks of its time zone: the beginning belongs to it, the end does not. */
export function isWithin(window: TimeWindow, now: number): boolean {
  return holdsAt(window, localTime(window.timezone, now));
}

/** The first minute after `now` at which one is within a window where one is not now, or the other way around; ms. null: never. */
export function nextChange(window: TimeWindow, now: number): number | null {
  const before = isWithin(window, now);
  for (let at = Math.floor(now / MINUTE_MS) * MINUTE_MS; at < now + SEARCH_MS; ) {
    const { minute } = localTime(window.timezone, at);
    const steps = [window.from, window.to, DAY_MINUTES].map((edge) => edge - minute).filter((step) => step > 0);
    at += Math.min(...steps, STEP_MINUTES - (minute % STEP_MINUTES)) * MINUTE_MS;
    if (isWithin(window, at) !== before) return at;
  }
  return null;
}

interface LocalTime {
  readonly day: number;
  /** Of the day. */
  readonly minute: number;
}

function holdsAt({ days, from, to }: TimeWindow, { day, minute }: LocalTime): boolean {
  if (from < to) return days.includes(day) && minute >= from && minute < to;
  const yesterday = (day + 6) % 7;
  return (days.includes(day) && minute >= from) || (days.includes(yesterday) && minute < to);
}

/** Making one costs far more than asking it. */
const FORMATS = new Map<string, Intl.DateTimeFormat>();

function localTime(timezone: string, at: number): LocalTime {
  const format = FORMATS.get(timezone) ?? new Intl.DateTimeFormat("en-US", { timeZone: timezone, hourCycle: "h23", weekday: "short", hour: "2-digit", minute: "2-digit" });
  FORMATS.set(timezone, format);
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: WEEKDAYS.indexOf(parts.get("weekday") ?? ""), minute: Number(parts.get("hour")) * 60 + Number(parts.get("minute")) };
}
