/**
 * Characters that a reader cannot see or that change how others are seen: controls, bidirectional overrides, zero-width
 * spaces, fillers that are as wide as a blank, the invisible tag alphabet. Whatever a stranger wrote is shown to people and
 * models; what hides in it must show. Line feeds and tabs stay, and joiners and variation selectors: emoji need them.
 */
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\u2800\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|[\u{e0100}-\u{e01ef}]|\p{Surrogate}/gu;

/** The text with every hidden character spelt out: `\u202e`, `\u{e0041}`. */
export function spellHidden(text: string): string {
  return text.replace(HIDDEN, (character) => {
    const code = character.codePointAt(0) ?? 0;
    return code > 0xffff ? `\\u{${code.toString(16)}}` : unitText(code);
  });
}

/** The same within strings of JSON, where it is the same value: each by its UTF-16 units, `\udb40\udc41`. */
export function spellHiddenInJson(json: string): string {
  return json.replace(HIDDEN, (character) => Array.from({ length: character.length }, (_, at) => unitText(character.charCodeAt(at))).join(""));
}

function unitText(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
