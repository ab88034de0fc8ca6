/**
 * Characters that a reader cannot see or that change how others are seen: controls, bidirectional overrides, fillers that are as wide as a
 * blank, and all that Unicode lets go unseen: zero-width spaces, selectors, the invisible tag alphabet. Whatever a stranger wrote is shown to
 * people and models; what hides in it must show. Line feeds and tabs stay, and the one selector behind an emoji, the one joiner between two.
 */
const HIDDEN = /(?:[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2800\ufff9-\ufffb]|\p{Default_Ignorable_Code_Point}|\p{Surrogate})(?<!\p{Extended_Pictographic}(?:\ufe0e|\ufe0f)|[#*0-9]\ufe0f(?=\u20e3)|\p{Extended_Pictographic}(?:[\u{1f3fb}-\u{1f3ff}]|\ufe0f)?\u200d(?=\p{Extended_Pictographic}))/gu;

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
