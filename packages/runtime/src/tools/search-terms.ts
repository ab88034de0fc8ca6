import { type Phrase, synonymsOf } from "./synonyms.ts";
import { saysSomething, stemsOf } from "./word-stems.ts";

/** One thing that a search asks for: what was said, and what means the same. */
export interface SearchTerm {
  readonly said: Phrase;
  readonly synonyms: readonly Phrase[];
}

/** A longer text asks for nothing more precise. */
const MOST_TERMS = 40;
const LONGEST_PHRASE = 3;

/** What a text asks for: words that are said together are one term, words that say nothing are none. */
export function searchTerms(text: string): readonly SearchTerm[] {
  const words = stemsOf(text);
  const terms = new Map<string, SearchTerm>();
  for (let at = 0; at < words.length && terms.size < MOST_TERMS; ) {
    const said = phraseAt(words, at);
    if (said.length > 1 || saysSomething(said[0] ?? "")) terms.set(said.join(" "), { said, synonyms: synonymsOf(said) });
    at += said.length;
  }
  return [...terms.values()];
}

function phraseAt(words: readonly string[], at: number): Phrase {
  for (let length = LONGEST_PHRASE; length > 1; length -= 1) {
    const phrase = words.slice(at, at + length);
    if (phrase.length === length && synonymsOf(phrase).length > 0) return phrase;
  }
  return words.slice(at, at + 1);
}
