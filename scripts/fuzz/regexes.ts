import type { Draw } from "./draw.ts";
import type { Tree } from "./tree.ts";

const CHARACTERS = ["a", "b", "c", "A", "k", "K", "s", "1", "_", " ", "-", "é", "É", "ß", "ſ", "µ", "İ", "ı", "Σ", "ς", "😀", "\\u212a", "\\u2028", "\\n", "\\r", "\\t", "\\x41", "\\cA", "\\0", "\\ud83d", "\\ude00", "\\ufeff", "\\.", "\\/", "\\$", "\\-", "]", "}", "\\u"];
const SETS = [".", "\\d", "\\D", "\\w", "\\W", "\\s", "\\S", "[]", "[^]"];
const CLASS_PARTS = ["a", "b-d", "A-Z", "0-9", "\\d", "\\w", "\\s", "\\W", "\\S", "\\b", "é", "à-ÿ", "😀", "\\ud800-\\udbff", "\\u2028", ".", "$", "(", "\\]", "\\\\", "k", "ſ", "-", "\\n-\\r", "^"];
const QUANTIFIERS = ["*", "+", "?", "{2}", "{1,2}", "{0}", "{2,}", "{0,1}", "*?", "+?", "??", "{1,3}?"];
const ASSERTIONS = ["^", "$", "\\b", "\\B"];

/** How the groups of a pattern are named: not at all, or the first one `a`, others by chance. */
export type Naming = "none" | "first";

/**
 * A pattern inside RE2's power, mostly; what the language refuses is for the caller to skip. A `steady` one repeats no
 * groups: on longer texts V8 would take for ever for what takes us no time.
 */
export function growRegex(draw: Draw, naming: Naming, steady = false): Tree {
  let names = 0;
  const group = (): string => {
    if (naming === "first" && (names === 0 || draw.chance(0.3))) return `(?<${"abcdefgh"[names++] ?? "z"}>`;
    return draw.pick(["(", "(", "(?:"]);
  };
  const atom = (depth: number): Tree => {
    if (depth > 0 && draw.chance(0.3)) return regex(group(), choice(depth - 1), ")");
    if (draw.chance(0.2)) return regex(`[${draw.chance(0.3) ? "^" : ""}${Array.from({ length: 1 + draw.below(3) }, () => draw.pick(CLASS_PARTS)).join("")}]`);
    return regex(draw.chance(0.3) ? draw.pick(SETS) : draw.pick(CHARACTERS));
  };
  const term = (depth: number): Tree => {
    if (draw.chance(0.12)) return regex(draw.pick(ASSERTIONS));
    return draw.chance(0.35) ? regex(atom(steady ? 0 : depth), draw.pick(QUANTIFIERS)) : atom(depth);
  };
  const sequence = (depth: number): Tree => regex(...Array.from({ length: 1 + draw.below(3) }, () => term(depth)));
  const choice = (depth: number): Tree => (draw.chance(0.25) ? regex(sequence(depth), "|", draw.chance(0.2) ? "" : sequence(depth)) : sequence(depth));
  if (naming === "none") return choice(3);
  const first = regex(group(), choice(2), ")");
  return draw.chance(0.5) ? regex(first, choice(2)) : regex(choice(1), first);
}

function regex(...parts: readonly (string | Tree)[]): Tree {
  return { type: "regex", parts };
}

const TEXT_PARTS = ["a", "b", "c", "d", "A", "B", "k", "K", "\u212a", "s", "S", "ſ", "1", "2", "_", " ", "-", "é", "É", "e\u0301", "ß", "ẞ", "ss", "µ", "μ", "Σ", "σ", "ς", "İ", "i̇", "ı", "I", "😀", "\ud83d", "\ude00", "\udbff\udfff", "\u{10f800}", "\u{100000}", "\n", "\r", "\r\n", "\u2028", "\u2029", "\u0085", "\v", "\f", "\t", "\0", "\u0001", "\u00a0", "\ufeff", "\u180e", "\u200b", ".", "$", "[", "]", "\\", "/", "u"];

/** A short text of characters that patterns stumble over. */
export function growText(draw: Draw, most = 8): string {
  return Array.from({ length: draw.below(most + 1) }, () => draw.pick(TEXT_PARTS)).join("");
}

const REPLACEMENT_PARTS = ["$1", "$&", "$$", "$`", "$'", "$<a>", "$<b>", "$<", "$<zz>", "$0", "$2", "$10", "$01", "$00", "$", "x", "$11", "<a>", "😀", "$<a", "$$1"];

/** A replacement with JavaScript's special patterns, and what only looks like them. */
export function growReplacement(draw: Draw): string {
  return Array.from({ length: 1 + draw.below(3) }, () => draw.pick(REPLACEMENT_PARTS)).join("");
}

/** Flags of the language, each as often as not. */
export function growFlags(draw: Draw, always = ""): string {
  return ["g", "i", "m", "s"].filter((flag) => always.includes(flag) || draw.chance(0.4)).join("");
}
