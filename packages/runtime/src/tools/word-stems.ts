/** Endings, and how much has to be left of the word: `comment` and `bed` keep what only looks like one. */
const ENDINGS: readonly (readonly [string, number])[] = [["ment", 5], ["ion", 4], ["ing", 3], ["ed", 3], ["ly", 3]];

/**
 * Words of a text as a search compares them: without case, and without the endings that say number, tense or kind.
 * `snake_case`, `kebab-case` and `camelCase` names fall into their parts. At most 2,000.
 */
export function stemsOf(text: string): readonly string[] {
  const parts = text.slice(0, 20_000).replace(/(\p{Ll}|\d)(\p{Lu})/gu, "$1 $2").toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return parts.slice(0, 2000).map(stem);
}

/** Words that stand in every sentence and say nothing of what it is about. */
const EMPTY = new Set(
  ("a an the this that these those it its i me my mine we us our ours you your he she his her they them their " +
    "is are was were be been am do does did have has had can could may might must shall should will would " +
    "of in on at to for from with by into onto about as and or but if than then so not no there here over under while just " +
    "what when where how please want need let some any something somebody someone's s t out up").split(" ").map(stem),
);

/** True for a word that tells two tools apart. */
export function saysSomething(word: string): boolean {
  return !EMPTY.has(word);
}

/**
 * The word without its ending: `created`, `creating`, `creation`, `creates` → `creat`. Coarse on purpose: both sides of a
 * comparison go through it, and nobody sees it.
 */
function stem(word: string): string {
  const singular = withoutPlural(word);
  for (const [ending, shortest] of ENDINGS) {
    const rest = singular.slice(0, -ending.length);
    if (singular.endsWith(ending) && rest.length >= shortest && /[aeiouy]/.test(rest)) return withoutE(undoubled(rest));
  }
  return withoutE(singular);
}

function withoutPlural(word: string): string {
  if (word.length > 4 && word.endsWith("ies")) return `${word.slice(0, -3)}y`;
  if (word.length > 4 && /(?:ch|sh|x|ss|z)es$/.test(word)) return word.slice(0, -2);
  return word.length > 3 && word.endsWith("s") && !/(?:ss|us|is)$/.test(word) ? word.slice(0, -1) : word;
}

/** `stopped` → `stop`, but `called` → `call`. */
function undoubled(word: string): string {
  return /([bdgmnprt])\1$/.test(word) ? word.slice(0, -1) : word;
}

function withoutE(word: string): string {
  return word.length > 3 && word.endsWith("e") ? word.slice(0, -1) : word;
}
