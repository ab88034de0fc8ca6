import { typeError } from "../failure.ts";
import { setOwn } from "../kinds.ts";
import type { Value } from "../value.ts";

/** Rows of comma-separated values (RFC 4180), named by the header line. Short rows lack the members, long ones lose theirs. */
export function parseCsv(text: string, separator: string): Value[] {
  if (separator.length !== 1 || /["\r\n]/.test(separator)) throw typeError("The separator of parseCsv must be one character, not a quote or a line end.");
  const [header, ...rows] = csvRows(text.startsWith("\ufeff") ? text.slice(1) : text, separator);
  if (header === undefined) return [];
  return rows.map((row) => {
    const record: { [name: string]: Value } = {};
    header.forEach((name, index) => {
      const field = row[index];
      if (field !== undefined) setOwn(record, name, field);
    });
    return record;
  });
}

function csvRows(text: string, separator: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    const [field, end] = text[at] === '"' ? quotedField(text, at, separator) : plainField(text, at, separator);
    row.push(field);
    if (text[end] === separator) {
      at = end + 1;
      if (at === text.length) row.push("");
      continue;
    }
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    at = text[end] === "\r" && text[end + 1] === "\n" ? end + 2 : end + 1;
  }
  if (row.length > 0) rows.push(row);
  return rows;
}

function plainField(text: string, begin: number, separator: string): readonly [string, number] {
  let end = begin;
  while (end < text.length && text[end] !== separator && text[end] !== "\n" && text[end] !== "\r") end++;
  return [text.slice(begin, end), end];
}

function quotedField(text: string, begin: number, separator: string): readonly [string, number] {
  let field = "";
  let from = begin + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote === -1) throw typeError("parseCsv: a quoted field does not end.");
    field += text.slice(from, quote);
    from = quote + 1;
    if (text[from] !== '"') break;
    field += '"';
    from += 1;
  }
  if (from < text.length && text[from] !== separator && text[from] !== "\n" && text[from] !== "\r") throw typeError("parseCsv: text after the end of a quoted field.");
  return [field, from];
}
