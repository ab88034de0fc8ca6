import { readFileSync, statSync } from "node:fs";
import type { Diagnostic } from "offstage/base";

/** A document that a person wrote, or why there is none to read. */
export type DocumentText = { readonly kind: "text"; readonly text: string } | { readonly kind: "absent" } | { readonly kind: "unreadable"; readonly diagnostic: Diagnostic };

/** Looked at before a byte is parsed: YAML parsers need seconds for what a slip of the keyboard can make. */
export const MAX_DOCUMENT_BYTES = 128 * 1024;

/** Reads a config file. `file` is its name as people know it. */
export function readDocument(path: string, file: string): DocumentText {
  try {
    const { size } = statSync(path);
    if (size > MAX_DOCUMENT_BYTES) return unreadable(file, `The file has ${size} bytes; at most ${MAX_DOCUMENT_BYTES} are read.`, "Take out what does not belong here.");
    const text = new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(path));
    return { kind: "text", text };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ENOENT" || code === "ENOTDIR") return { kind: "absent" };
    if (code === "ERR_ENCODING_INVALID_ENCODED_DATA") return unreadable(file, "The file is not UTF-8 text.", "Save it as UTF-8.");
    return unreadable(file, `The file cannot be read: ${(error as Error).message}`, "Check its permissions.");
  }
}

/** A fault of config at a place; lines and columns count from 1. */
export function configFault(file: string, place: Place, message: string, hint?: string): Diagnostic {
  return { code: "CONFIG_INVALID", severity: "error", file, line: place.line, column: place.column, message, ...(hint === undefined ? {} : { hint }) };
}

/** Where in a text, from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The start of a file, for faults of the whole. */
export const START: Place = { line: 1, column: 1 };

/** The place of an offset in UTF-16 units. */
export function placeAt(text: string, offset: number): Place {
  const before = text.slice(0, Math.max(0, offset));
  return { line: before.split("\n").length, column: before.length - before.lastIndexOf("\n") };
}

function unreadable(file: string, message: string, hint: string): DocumentText {
  return { kind: "unreadable", diagnostic: configFault(file, START, message, hint) };
}
