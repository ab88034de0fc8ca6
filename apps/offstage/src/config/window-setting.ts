import { isTimeZone } from "offstage/base";
import type { TimeWindow } from "offstage/model";
import { z } from "zod";
import { oneOrSeveral } from "./one-or-several.ts";

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DAY_MINUTES = 1_440;

const daysSchema = oneOrSeveral(z.string()).transform((given, context) => {
  const days = given.map(daysOf);
  if (days.every((one) => one !== null)) return [...new Set(days.flat())].toSorted((a, b) => a - b);
  context.addIssue({ code: "custom", message: 'Write days as "mon-fri", or [sat, sun].' });
  return z.NEVER;
});

/** `fri-mon` goes over the end of the week. */
function daysOf(text: string): readonly number[] | null {
  const [from = -1, to = from, ...more] = text.split("-").map((day) => DAYS.indexOf(day));
  if (from === -1 || to === -1 || more.length > 0) return null;
  return Array.from({ length: ((to - from + 7) % 7) + 1 }, (_, index) => (from + index) % 7);
}

const hoursSchema = z.string().transform((text, context) => {
  const [, from, to] = /^(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text) ?? [];
  const [begins, ends] = [minutesOf(from), minutesOf(to)];
  if (begins !== null && ends !== null && begins !== ends && begins < DAY_MINUTES) return { from: begins, to: ends };
  context.addIssue({ code: "custom", message: 'Write hours as "09:00-17:00", of 24; "22:00-06:00" ends on the next day.' });
  return z.NEVER;
});

function minutesOf(clock = ""): number | null {
  const [hours = Number.NaN, minutes = Number.NaN] = clock.split(":").map(Number);
  const sum = hours * 60 + minutes;
  return minutes < 60 && sum <= DAY_MINUTES ? sum : null;
}

/** Hours of a week: `{ days: mon-fri, hours: "09:00-17:00", timezone: Europe/Berlin }`. */
export const windowSchema = z
  .strictObject({ days: daysSchema.optional(), hours: hoursSchema.optional(), timezone: z.string().refine(isTimeZone, { error: 'This is no time zone; write "Europe/Berlin", or UTC.' }) })
  .refine(({ days, hours }) => days !== undefined || hours !== undefined, { error: 'Name days, hours, or both: { days: mon-fri, hours: "09:00-17:00", timezone: Europe/Berlin }.' })
  .transform(({ days = [0, 1, 2, 3, 4, 5, 6], hours = { from: 0, to: DAY_MINUTES }, timezone }): TimeWindow => ({ days, ...hours, timezone }));

/** Whether a window has no end; one that is wrong has none of its fields yet. */
export function isAlways({ days, from, to }: Partial<TimeWindow>): boolean {
  return days?.length === DAYS.length && from === 0 && to === DAY_MINUTES;
}
