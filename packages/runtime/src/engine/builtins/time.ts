import { parseDuration, shorten } from "../../base/index.ts";
import { typeError } from "../failure.ts";

const ISO = /^(\d{4})-(\d\d)-(\d\d)(T\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d))?$/;

/** ISO 8601 text → milliseconds since the epoch. A date alone is midnight UTC; a time of day must say its zone. */
export function timeOf(text: string): number {
  const match = ISO.exec(text.trim());
  const ms = match === null || !isDay(Number(match[1]), Number(match[2]), Number(match[3])) ? Number.NaN : Date.parse(match[0].replace(",", ".").replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  if (Number.isNaN(ms)) throw typeError(`time: "${shorten(text, 80)}" is no ISO 8601 date or time with its zone.`);
  return ms;
}

/** `Date.parse` takes the 31st of February for a day in March. */
function isDay(year: number, month: number, day: number): boolean {
  return new Date(Date.UTC(2000 + (year % 400), month - 1, day)).getUTCDate() === day;
}

/** Milliseconds since the epoch → ISO 8601 in UTC. */
export function isoOf(ms: number): string {
  if (!(Math.abs(ms) <= 8.64e15)) throw typeError(`iso: ${ms} is no instant.`);
  return new Date(ms).toISOString();
}

/** `"90m"` → milliseconds. */
export function durationOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw typeError(`"${shorten(text, 80)}" is no duration: write "90s", "10m", "1h" or "7d".`);
  return ms;
}
