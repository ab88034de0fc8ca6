interface Field {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly words: readonly string[];
}

const FIELDS: readonly Field[] = [
  { name: "minute", from: 0, to: 59, words: [] },
  { name: "hour", from: 0, to: 23, words: [] },
  { name: "day of month", from: 1, to: 31, words: [] },
  { name: "month", from: 1, to: 12, words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"] },
  { name: "day of week", from: 0, to: 7, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] },
];

/** What is wrong with a cron line of five fields; null when nothing is. When it fires is another room's arithmetic. */
export function cronFault(expression: string): string | null {
  const parts = expression.trim().split(/\s+/);
  if (parts.length !== FIELDS.length) return `A cron line has five fields; this has ${parts.length}.`;
  for (const [index, field] of FIELDS.entries()) {
    const part = parts[index] ?? "";
    if (!part.split(",").every((item) => isItem(item, field))) return `${JSON.stringify(part)} is no ${field.name}.`;
  }
  return neverComes(parts) ? `There is no day ${parts[2] ?? ""} in month ${parts[3] ?? ""}, so this never comes.` : null;
}

const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** A day of month that none of the months has. With a day of week beside it either of the two is enough. */
function neverComes([, , days = "*", months = "*", weekdays = "*"]: readonly string[]): boolean {
  if (weekdays !== "*" || !/^\d+(?:,\d+)*$/.test(days) || !/^[\da-z]+(?:,[\da-z]+)*$/i.test(months)) return false;
  const month = FIELDS[3] as Field;
  const longest = Math.max(...months.split(",").map((text) => LONGEST[(valueOf(text, month) ?? 1) - 1] ?? 31));
  return days.split(",").every((day) => Number(day) > longest);
}

function isItem(item: string, field: Field): boolean {
  const [range = "", step, ...more] = item.split("/");
  if (more.length > 0 || (step !== undefined && !(/^\d{1,3}$/.test(step) && Number(step) > 0 && Number(step) <= field.to))) return false;
  if (range === "*") return true;
  const ends = range.split("-");
  // `5/10` is another thing to each reader: Debian's refuses it, others go on to the end.
  if (ends.length > 2 || (step !== undefined && ends.length === 1)) return false;
  const [low, high = low] = ends.map((end) => valueOf(end, field));
  return low !== null && low !== undefined && high !== null && high !== undefined && low <= high;
}

function valueOf(text: string, field: Field): number | null {
  const word = field.words.indexOf(text.toLowerCase());
  if (word >= 0) return word + (field.name === "month" ? 1 : 0);
  const value = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  return value >= field.from && value <= field.to ? value : null;
}
