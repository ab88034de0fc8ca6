/** A Python text literal, quoted as ruff quotes it: double quotes unless single ones save escapes. */
export function quoted(value: string, prefer: "\"" | "'" = "\""): string {
  const quote = quoteFor(value, prefer);
  return quote + escaped(value, quote) + quote;
}

function quoteFor(value: string, prefer: "\"" | "'"): "\"" | "'" {
  const other = prefer === "\"" ? "'" : "\"";
  const count = (quote: string): number => value.split(quote).length - 1;
  return count(prefer) > count(other) ? other : prefer;
}

/** What stands between quotes. */
export function escaped(value: string, quote: "\"" | "'"): string {
  return value.replace(/[\\"']|[^\x20-\x7e]/gu, (character) => {
    if (character === "\\") return "\\\\";
    if (character === "\"" || character === "'") return character === quote ? `\\${character}` : character;
    const short = SHORT.get(character);
    if (short !== undefined) return short;
    const code = character.codePointAt(0) ?? 0;
    if (code >= 0xa0 && !UNSEEN.test(character)) return character;
    return code <= 0xff ? `\\x${hex(code, 2)}` : code <= 0xffff ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
  });
}

const SHORT: ReadonlyMap<string, string> = new Map([["\n", "\\n"], ["\r", "\\r"], ["\t", "\\t"]]);
const UNSEEN = /[\p{C}\p{Z}\p{M}]/u;

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, "0");
}

/** A raw literal, where the text can stand in one; else an ordinary one. */
export function rawQuoted(value: string): string {
  if (!value.includes("\\")) return quoted(value);
  if (/[\x00-\x1f\x7f-\x9f]/.test(value) || UNSEEN.test(value.replaceAll(" ", "")) || value.endsWith("\\") || (value.includes("\"") && value.includes("'"))) return quoted(value);
  return value.includes("\"") ? `r'${value}'` : `r"${value}"`;
}

/** A number as Python writes it, as the values of `offstage` have it: an `int` where it is integral, safe and not -0. */
export function numberText(value: number): string {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return String(value);
  if (Object.is(value, -0)) return "-0.0";
  const text = String(value).replace("e+", "e");
  return /[.e]/.test(text) ? text : `${text}.0`;
}
