/** A cron line of five fields, each as the values that it takes; null: every one. Schedulers write the same lines differently. */
export interface CronLine {
  readonly minutes: readonly number[] | null;
  readonly hours: readonly number[] | null;
  readonly days: readonly number[] | null;
  readonly months: readonly number[] | null;
  /** 0 is Sunday. With days of the month beside them either is enough. */
  readonly weekdays: readonly number[] | null;
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

/** Reads a line that the checker has accepted. */
export function parseCron(expression: string): CronLine {
  const [minutes = "*", hours = "*", days = "*", months = "*", weekdays = "*"] = expression.trim().split(/\s+/);
  const ofWeek = values(weekdays, 0, 7, WEEKDAYS, 0);
  return {
    minutes: values(minutes, 0, 59, [], 0),
    hours: values(hours, 0, 23, [], 0),
    days: values(days, 1, 31, [], 0),
    months: values(months, 1, 12, MONTHS, 1),
    weekdays: ofWeek === null ? null : [...new Set(ofWeek.map((day) => day % 7))].toSorted((one, other) => one - other),
  };
}

function values(field: string, from: number, to: number, words: readonly string[], first: number): readonly number[] | null {
  if (field === "*") return null;
  const valueOf = (text: string): number => (words.includes(text.toLowerCase()) ? words.indexOf(text.toLowerCase()) + first : Number(text));
  const found = field.split(",").flatMap((item) => {
    const [range = "*", step = ""] = item.split("/");
    const [low = "", high = ""] = range.split("-");
    const start = range === "*" ? from : valueOf(low);
    // `5/10` goes on to the end, `5` is itself.
    const end = range === "*" ? (words === WEEKDAYS ? 6 : to) : high === "" ? (step === "" ? start : to) : valueOf(high);
    return Array.from({ length: end - start + 1 }, (_, index) => start + index).filter((value) => (value - start) % Number(step || "1") === 0);
  });
  return [...new Set(found)].toSorted((one, other) => one - other);
}

/** The line by numbers alone, as every cron reads it: some know no 7 and no names. */
export function cronText({ minutes, hours, days, months, weekdays }: CronLine): string {
  return [fieldText(minutes, 0, 59), fieldText(hours, 0, 23), fieldText(days, 1, 31), fieldText(months, 1, 12), fieldText(weekdays, 0, 6)].join(" ");
}

/** `*`, steps, `1-5`, or the values. Days that are restricted get no star: where two kinds of them are given, crons differ in what it means. */
function fieldText(field: readonly number[] | null, from: number, to: number): string {
  if (field === null) return "*";
  const [first = from, second = first + 1] = field;
  const last = field.at(-1) ?? first;
  const step = second - first;
  const even = field.every((value, index) => value === first + index * step);
  if (field.length > 2 && even && step > 1 && first === from && from === 0 && to > 6 && last + step > to) return `*/${step}`;
  if (field.length > 2 && even && step === 1) return `${first}-${last}`;
  return field.join(",");
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** The line (in UTC) that comes when an interval from 1970 on does; null where there is none. */
export function cronOfInterval(ms: number): string | null {
  const isPart = (unit: number, of: number): boolean => ms % unit === 0 && of % ms === 0;
  if (ms === 24 * HOUR) return "0 0 * * *";
  if (ms === HOUR) return "0 * * * *";
  if (ms === MINUTE) return "* * * * *";
  if (isPart(MINUTE, HOUR)) return `*/${ms / MINUTE} * * * *`;
  return isPart(HOUR, 24 * HOUR) ? `0 */${ms / HOUR} * * *` : null;
}
