import { canonicalJson, createRedactor, decodeValue, encodeValue, formatDuration, hashJson, isOffstageError, parseDuration, parseExact, shorten, stringifyExact } from "offstage/base";
import fc from "fast-check";
import type { Vector, VectorOptions } from "./vector.ts";

const NUMBERS: readonly number[] = [0, -0, 1, -1, 1.5, 1e21, 1e20, 123456789012345680000, 1e-6, 1e-7, 1.23e-18, 5e-324, Number.MAX_VALUE, 2 ** 53 - 1, 2 ** 53, 2 ** 53 + 2, 0.1 + 0.2, 4.35, 333333333.3333333, 9.999999999999997e22, NaN, Infinity, -Infinity];
const TEXTS: readonly string[] = ["", "a", "é", "€", "😀", "\u2028\u2029", "\u007f\u0000\b\t\n\f\r\u001f", '"\\/', "\ud800", "a\udc00b", "__proto__", "$", "דּ", "\ufeff", "ＡＢ"];
const SECRET = "s3cr/et+token\\\"é=~";

/** `give` with what is thrown told by its code. */
function attempt(give: () => unknown): Vector {
  try {
    return { gives: give() };
  } catch (error) {
    if (isOffstageError(error)) return { throws: error.code };
    throw error;
  }
}

/** Canonical JSON and hashes, the value codec, exact JSON, durations, cuts, redaction. */
export function* baseVectors({ cases, seed }: VectorOptions): Iterable<Vector> {
  const values = fc.sample(fc.anything({ maxDepth: 4, key: fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(...TEXTS)), values: [fc.string({ unit: "grapheme" }), fc.constantFrom(...TEXTS), fc.double(), fc.integer(), fc.constantFrom(...NUMBERS), fc.boolean(), fc.constant(null), fc.constant(undefined)], withMap: true, withSet: true }), { numRuns: cases, seed });
  for (const value of [...NUMBERS, ...TEXTS, ...values]) {
    const encoded = attempt(() => encodeValue(value));
    if (encoded["gives"] === undefined) continue;
    const again = decodeValue(encoded["gives"] as string);
    yield { of: "codec", text: encoded["gives"] };
    yield { of: "canonical", value: encoded["gives"], ...attempt(() => [canonicalJson(again), hashJson(again)]) };
  }
  const numbers = fc.sample(fc.oneof(fc.double(), fc.integer(), fc.maxSafeInteger(), fc.float()), { numRuns: cases, seed });
  for (const number of numbers) yield { of: "number", bits: bitsOf(number), gives: String(number) };
  const documents = fc.sample(fc.json(), { numRuns: Math.min(cases, 500), seed });
  const odd = ["9007199254740993", "-9007199254740993.0", "1e400", "1E3", "-0", "1.0", "[1,]", "nul", "NaN", "", "\ufeff1", '{"a":1,"a":2}', '"\\ud800"', "[".repeat(300) + "]".repeat(300), "1e16", "123456789012345678901234567890"];
  for (const text of [...odd, ...documents]) yield { of: "exact", text, ...attempt(() => stringifyExact(parseExact(text))) };
  for (const text of ["250ms", "90s", "10m", "1h", "7d", "1h30m", "", "-1s", "999999999999999d", "1 s", "٣s"]) yield { of: "duration", text, gives: parseDuration(text) };
  for (const ms of [0, 1, 999, 1000, 90_000, 3_600_000, 86_400_000, 172_800_001]) yield { of: "format-duration", ms, gives: formatDuration(ms) };
  for (const length of [0, 1, 2, 3, 4, 5, 6]) yield { of: "shorten", text: "a😀b€c", length, gives: shorten("a😀b€c", length) };
  const redactor = createRedactor();
  redactor.register(SECRET, "KEY");
  const ways = [SECRET, JSON.stringify(SECRET), JSON.stringify(JSON.stringify(SECRET)), btoa(unescape(encodeURIComponent(`user:${SECRET}`))), encodeURIComponent(SECRET), encodeURI(SECRET), new URLSearchParams({ a: SECRET }).toString(), Buffer.from(SECRET).toString("hex"), Buffer.from(SECRET).toString("base64url"), SECRET.replace('"', "&quot;"), `${SECRET}${SECRET}`, SECRET.slice(2)];
  for (const text of ways) yield { of: "redact", secret: SECRET, text: `<${text}>`, gives: redactor.redact(`<${text}>`) };
}

function bitsOf(number: number): string {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, number);
  return view.getBigUint64(0).toString(16).padStart(16, "0");
}
