import { createHash } from "node:crypto";

/** What `fail()` throws: as a handler sees it. */
class Failed extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * The pure functions of `offstage` as docs/language.md tells them, and a server that answers null: written a second time, in
 * another way than the engine's, so that a fault in one of the two is a difference.
 */
export const PLAIN_VOCABULARY = {
  world: { get: async () => null },
  range: (count: number) => {
    wholeFrom(0, count);
    return Array.from({ length: count }, (_, index) => index);
  },
  chunk: (items: readonly unknown[], size: number) => {
    wholeFrom(1, size);
    return Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size));
  },
  groupBy: (items: readonly unknown[], key: (item: unknown) => unknown) => Map.groupBy(items, key),
  lines: (text: string) => {
    const all = text.split(/\r\n|\n|\r/);
    return all.at(-1) === "" ? all.slice(0, -1) : all;
  },
  capture: (text: string, pattern: RegExp) => {
    const match = pattern.exec(text);
    if (match === null) throw new Failed("CAPTURE_NOT_FOUND", "nothing found");
    return match.length === 1 ? match[0] : (match[1] ?? "");
  },
  captures: (text: string, pattern: RegExp, { count }: { readonly count?: number } = {}) => {
    const all = [...text.matchAll(pattern)].map((match) => ({ ...match.groups }));
    if (count !== undefined && all.length !== count) throw new Failed("CAPTURE_NOT_FOUND", "another count");
    return all;
  },
  fail: (message: string) => {
    throw new Failed("FAILED", message);
  },
  hash: (value: unknown) => createHash("sha256").update(canonical(value)).digest("hex"),
  iso: (ms: number) => new Date(ms).toISOString(),
  time: readTime,
  duration: readDuration,
  parseCsv: readCsv,
  quote: {
    jql: quoted,
    graphql: quoted,
    sql: (text: string) => (text.includes("\0") ? refuse() : `'${text.split("'").join("''")}'`),
    html: (text: string) => eachUnit(text, { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" }),
    slack: (text: string) => eachUnit(text, { "&": "&amp;", "<": "&lt;", ">": "&gt;" }),
    markdown: (text: string) => eachUnit(text.split("\r\n").join(" "), Object.fromEntries([...["\r", "\n", "\u2028", "\u2029"].map((end) => [end, " "]), ..."\\`*_{}[]()<>#+-.!|~&".split("").map((mark) => [mark, `\\${mark}`])])),
    url: (text: string) => (text.isWellFormed() ? Array.from(Buffer.from(text), (byte) => (/[\w.~-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).padStart(2, "0").toUpperCase()}`)).join("") : refuse()),
  },
};

function refuse(): never {
  throw new Failed("TYPE_ERROR", "refused");
}

function wholeFrom(least: number, value: number): void {
  if (!Number.isInteger(value) || value < least) refuse();
}

/** RFC 8785. */
function canonical(value: unknown): string {
  if (value === undefined) return "null";
  if (typeof value === "string") return value.isWellFormed() ? JSON.stringify(value) : refuse();
  if (typeof value === "number") return Number.isFinite(value) ? JSON.stringify(value) : refuse();
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (value instanceof Map || value instanceof Set) return refuse();
  const members = Object.keys(value).toSorted().map((name) => [name, (value as Readonly<Record<string, unknown>>)[name]] as const);
  return `{${members.filter(([, member]) => member !== undefined).map(([name, member]) => `${canonical(name)}:${canonical(member)}`).join(",")}}`;
}

function readTime(text: string): number {
  const parts = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:Z|([+-])(\d\d):?(\d\d)))?$/.exec(text.trim());
  if (parts === null) return refuse();
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  const [sign, zoneHours, zoneMinutes] = [parts[8] === "-" ? -1 : 1, Number(parts[9] ?? 0), Number(parts[10] ?? 0)];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
  const midnight = hour === 24 && minute === 0 && second === 0 && Number(parts[7] ?? 0) === 0;
  if (day < 1 || day > days || minute > 59 || second > 59 || (hour > 23 && !midnight) || zoneHours > 23 || zoneMinutes > 59) return refuse();
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.getTime() + ((hour - sign * zoneHours) * 60 + minute - sign * zoneMinutes) * 60_000 + second * 1000 + Number((parts[7] ?? "").padEnd(3, "0").slice(0, 3));
}

function readDuration(text: string): number {
  const unit = text.replace(/^[0-9]{1,15}/, "");
  const each = new Map([["ms", 1], ["s", 1e3], ["m", 6e4], ["h", 36e5], ["d", 864e5]]).get(unit);
  const ms = each === undefined || unit === text ? Number.NaN : Number(text.slice(0, -unit.length)) * each;
  return Number.isSafeInteger(ms) ? ms : refuse();
}

/** One character after the other, as RFC 4180 draws it. */
function readCsv(given: string, { separator = "," }: { readonly separator?: string } = {}): readonly object[] {
  if (separator.length !== 1 || '"\r\n'.includes(separator)) return refuse();
  const text = `${given.startsWith("\ufeff") ? given.slice(1) : given}\n`;
  const rows: string[][] = [];
  let [row, field, state] = [[] as string[], "", "start"];
  for (const unit of text.split("")) {
    if (state === "quoted") {
      if (unit === '"') state = "quote";
      else field += unit;
    } else if (state === "quote" && unit === '"') [field, state] = [field + unit, "quoted"];
    else if (unit === separator) [row, field, state] = [[...row, field], "", "start"];
    else if (unit === "\n" || unit === "\r") {
      if (row.length > 0 || field !== "") rows.push([...row, field]);
      [row, field, state] = [[], "", "start"];
    } else if (state === "quote") return refuse();
    else if (state === "start" && unit === '"') state = "quoted";
    else [field, state] = [field + unit, "plain"];
  }
  if (state === "quoted") return refuse();
  const [header = [], ...data] = rows;
  return data.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index]] as const).filter(([, cell]) => cell !== undefined)));
}

/** A string literal in double quotes. */
function quoted(text: string): string {
  const escapes = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };
  const controls = [...Array.from({ length: 0x20 }, (_, code) => code), 0x7f, 0x2028, 0x2029].map((code) => [String.fromCharCode(code), `\\u${(code + 0x10000).toString(16).slice(1)}`]);
  return `"${eachUnit(text, { ...Object.fromEntries(controls), ...escapes })}"`;
}

function eachUnit(text: string, replaced: Readonly<Record<string, string>>): string {
  return text.split("").map((unit) => (Object.hasOwn(replaced, unit) ? replaced[unit] : unit)).join("");
}
