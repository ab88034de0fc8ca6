import { OffstageError } from "./errors.ts";

/** Crockford's base 32 in lower case: no i, l, o, u, which are misread. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
const TIME_LENGTH = 9;
const RANDOM_BYTES = 5;

/**
 * An id that sorts by time and that a person can read out: `1hs5kzv40-7f3kq9zt`. `now` in milliseconds since the epoch;
 * `randomBytes` gives so many random bytes (40 bits tell apart what begins in one millisecond).
 */
export function newRunId(now: number, randomBytes: (count: number) => Uint8Array): string {
  const bytes = randomBytes(RANDOM_BYTES);
  if (bytes.length !== RANDOM_BYTES) throw new OffstageError("BUG", `A run id needs ${RANDOM_BYTES} random bytes; it got ${bytes.length}.`);
  let random = 0;
  for (const byte of bytes) random = random * 256 + byte;
  return `${base32(now, TIME_LENGTH)}-${base32(random, 8)}`;
}

/** When a run of this id was made, in milliseconds since the epoch; null: no run has such an id. */
export function timeOfRunId(id: string): number | null {
  const [, time] = /^([0-9a-hjkmnp-tv-z]{9})-[0-9a-hjkmnp-tv-z]{8}$/.exec(id) ?? [];
  if (time === undefined) return null;
  let ms = 0;
  for (const character of time) ms = ms * 32 + ALPHABET.indexOf(character);
  return ms;
}

function base32(value: number, length: number): string {
  let text = "";
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = ALPHABET.charAt(rest % 32) + text;
  return text;
}
