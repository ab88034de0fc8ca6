/**
 * A loop key as part of a step key: `/`, `[`, `]` and `%` are escaped, so that no key of an item can look like a path, and
 * two keys never make the same path. So is half a surrogate pair: a store would keep all of them as one replacement character.
 */
export function escapeLoopKey(key: string): string {
  return key.replace(ESCAPED, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

const ESCAPED = /[%/[\]]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** The segment of an item of an `each`. */
export function itemSegment(site: string, key: string): string {
  return `${site}[${escapeLoopKey(key)}]`;
}
