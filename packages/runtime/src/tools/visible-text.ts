import { spellHidden, spellHiddenInJson } from "../base/index.ts";

/** The text of a stranger with every hidden character spelt out (`\u202e`). Line feeds and tabs stay; CR LF becomes LF. */
export function visibleText(text: string): string {
  return spellHidden(text.replaceAll("\r\n", "\n"));
}

/** {@link visibleText} on one line: white space runs together. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/\s+/g, " ").trim();
}

/** A TypeScript string literal that means exactly `text` and shows what hides in it. */
export function stringLiteral(text: string): string {
  return spellHidden(JSON.stringify(text));
}

/** The same in JSON: every hidden character by its UTF-16 units. */
export function jsonText(text: string): string {
  return spellHiddenInJson(JSON.stringify(text));
}
