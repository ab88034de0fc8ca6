import { parseDuration } from "../../base/index.ts";
import { typeError } from "../failure.ts";

const ISO = /^[+-]?\d{4,6}-\d\d-\d\d(T\d\d:\d\d(:\d\d([.,]\d{1,9})?)?(Z|[+-]\d\d:?\d\d))?$/;

/** ISO 8601 text → milliseconds since the epoch. A date alone is midnight UTC; a time of day must say its zone. */
export function timeOf(text: string): number {
  const standard = text.trim().replace(",", ".").replace(/([+-]\d\d)(\d\d)$/, "$1:$2");
  const ms = ISO.test(text.trim()) ? Date.parse(standard) : Number.NaN;
  if (Number.isNaN(ms)) throw typeError(`time: "${text.slice(0, 80)}" is no ISO 8601 date or time with its zone.`);
  return ms;
}

/** Milliseconds since the epoch → ISO 8601 in UTC. */
export function isoOf(ms: number): string {
  if (!(Math.abs(ms) <= 8.64e15)) throw typeError(`iso: ${ms} is no instant.`);
  return new Date(ms).toISOString();
}

/** `"90m"` → milliseconds. */
export function durationOf(text: string): number {
  const ms = parseDuration(text);
  if (ms === null) throw typeError(`"${text.slice(0, 80)}" is no duration: write "90s", "10m", "1h" or "7d".`);
  return ms;
}
