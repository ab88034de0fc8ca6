/**
 * Characters that a reader cannot see or that change how others are seen: controls, bidirectional overrides, zero-width
 * spaces, the invisible tag alphabet. A server's description is shown to people and models; what hides in it must show.
 * Joiners and variation selectors stay: emoji need them.
 */
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|[\u{e0100}-\u{e01ef}]|\p{Surrogate}/gu;

/** The text with every hidden character spelt out (`\u202e`). Line feeds and tabs stay; CR LF becomes LF. */
export function visibleText(text: string): string {
  return text.replaceAll("\r\n", "\n").replace(HIDDEN, escapeCodePoint);
}

/** {@link visibleText} on one line: white space runs together. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/\s+/g, " ").trim();
}

/** A TypeScript string literal that means exactly `text` and shows what hides in it. */
export function stringLiteral(text: string): string {
  return JSON.stringify(text).replace(HIDDEN, escapeCodePoint);
}

/** The same in JSON: every hidden character by its UTF-16 units. */
export function jsonText(text: string): string {
  return JSON.stringify(text).replace(HIDDEN, (character) => Array.from({ length: character.length }, (_, at) => escapeUnit(character.charCodeAt(at))).join(""));
}

function escapeCodePoint(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : escapeUnit(code);
}

function escapeUnit(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
