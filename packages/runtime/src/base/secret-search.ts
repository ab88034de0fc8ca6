/** A stretch of a text that is a form of a secret. */
export interface FoundSecret {
  readonly start: number;
  readonly end: number;
  readonly name: string;
}

/** Looks for many texts at once. */
export interface SecretSearch {
  /** The first one that begins at `from` or later, of those that begin there the longest; null when there is none. */
  next(text: string, from: number): FoundSecret | null;
}

/** As many units are looked at together; one more would make longer jumps possible less often. */
const BLOCK = 3;
/** Entries of the table of jumps: a power of two, so that a mask cuts a hash to it. */
const TABLE = 1 << 14;

/**
 * Finds any of `forms` (form → name, none shorter than {@link BLOCK}) in the way of Wu and Manber: the last units of a window
 * say how far it may jump, so that a text without secrets is read in part only, and hardly more slowly for a thousand forms than
 * for one. A regular expression of as many alternatives tries them all at each character.
 */
export function createSecretSearch(forms: ReadonlyMap<string, string>): SecretSearch {
  let window = 255;
  for (const form of forms.keys()) window = Math.min(window, form.length);
  const jumps = new Uint8Array(TABLE).fill(window - BLOCK + 1);
  const endings = new Map<number, string[]>();
  for (const form of forms.keys()) {
    for (let end = BLOCK - 1; end < window; end++) {
      const hash = hashAt(form, end);
      jumps[hash] = Math.min(jumps[hash] ?? 0, window - 1 - end);
    }
    const hash = hashAt(form, window - 1);
    const alike = endings.get(hash);
    if (alike === undefined) endings.set(hash, [form]);
    else alike.push(form);
  }
  for (const alike of endings.values()) alike.sort((one, other) => other.length - one.length);

  return {
    next(text, from) {
      let at = from + window - 1;
      while (at < text.length) {
        const hash = hashAt(text, at);
        const jump = jumps[hash] ?? 1;
        if (jump === 0) {
          const start = at - window + 1;
          const form = endings.get(hash)?.find((candidate) => text.startsWith(candidate, start));
          if (form !== undefined) return { start, end: start + form.length, name: forms.get(form) ?? "" };
        }
        at += Math.max(jump, 1);
      }
      return null;
    },
  };
}

function hashAt(text: string, end: number): number {
  return ((text.charCodeAt(end) << 9) ^ (text.charCodeAt(end - 1) << 4) ^ text.charCodeAt(end - 2)) & (TABLE - 1);
}
