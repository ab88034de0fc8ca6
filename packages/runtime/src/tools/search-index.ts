import type { Data } from "../base/index.ts";
import { field, isRecord, type RawTool, textField } from "./catalogue.ts";
import { visibleLine } from "./visible-text.ts";
import { saysSomething, stemsOf } from "./word-stems.ts";

/** Where a word stands, and what it is worth there. A tool's name says most; the end of a long description least. */
export const FIELD_WORTH = { name: 4, title: 1.5, summary: 2.5, arguments: 1, description: 1, argumentTexts: 0.4 } as const;

/** A part of what a tool says of itself. */
export type SearchField = keyof typeof FIELD_WORTH;

/** One tool as a search reads it. */
export interface IndexedTool {
  readonly server: string;
  readonly tool: string;
  readonly definition: RawTool;
  /** Its server says that another one is to be used. */
  readonly deprecated: boolean;
  /** Each part: word → how often. */
  readonly fields: Readonly<Record<SearchField, WordCounts>>;
}

/** The words of a part of a tool. */
export interface WordCounts {
  readonly counts: ReadonlyMap<string, number>;
  readonly length: number;
}

/** Reads the words of a tool; those that are its server's name are left out, for they tell its tools not apart. */
export function indexTool(server: string, tool: string, definition: RawTool): IndexedTool {
  const own = new Set(stemsOf(server));
  const words = (...texts: readonly (string | undefined)[]): WordCounts => countWords(texts.flatMap((text) => stemsOf(text ?? "")).filter((word) => !own.has(word)));
  const { summary, rest } = splitDescription(textField(definition, "description") ?? "");
  const properties = argumentsOf(definition);
  return {
    server, tool, definition, deprecated: isDeprecated(definition),
    fields: {
      name: words(tool),
      title: words(textField(definition, "title"), textField(definition["annotations"], "title")),
      summary: words(summary),
      description: words(rest),
      arguments: words(...properties.map(([name]) => name), ...properties.flatMap(([, schema]) => namedValues(schema))),
      argumentTexts: words(...properties.map(([, schema]) => textField(schema, "description"))),
    },
  };
}

/** The first sentence of what a tool says of itself, on one line, nothing hidden in it, and that it is deprecated; empty when it says nothing. */
export function toolSummary(definition: RawTool): string {
  const summary = visibleLine(splitDescription(textField(definition, "description") ?? "").summary);
  return isDeprecated(definition) && !/deprecated/i.test(summary) ? `(deprecated) ${summary}` : summary;
}

/** As servers write it; a tool that is about what is deprecated is not meant. */
function isDeprecated(definition: RawTool): boolean {
  return [textField(definition, "title"), textField(definition, "description")].some((text) => /\bDEPRECATED\b|^\W*[Dd]eprecated\b|\b[Tt]his (?:tool )?is deprecated\b/.test(text ?? ""));
}

/** What the tool does, before how. */
function splitDescription(text: string): { readonly summary: string; readonly rest: string } {
  const trimmed = text.trim();
  const end = /[.!?](?=\s)|\n/.exec(trimmed)?.index ?? trimmed.length;
  return { summary: trimmed.slice(0, end + 1).trim(), rest: trimmed.slice(end + 1) };
}

function argumentsOf(definition: RawTool): readonly (readonly [string, Data])[] {
  const properties = field(field(definition, "inputSchema"), "properties");
  return isRecord(properties) ? Object.entries(properties) : [];
}

/** `action: "create" | "transition"` says what a tool does as its name would. */
function namedValues(schema: Data): readonly string[] {
  const values = field(schema, "enum");
  return Array.isArray(values) ? values.filter((value) => typeof value === "string").slice(0, 20) : [];
}

function countWords(words: readonly string[]): WordCounts {
  const counts = new Map<string, number>();
  const kept = words.filter(saysSomething);
  for (const word of kept) counts.set(word, (counts.get(word) ?? 0) + 1);
  return { counts, length: kept.length };
}
