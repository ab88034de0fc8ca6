/**
 * A loop key as part of a step key: `/`, `[`, `]` and `%` are escaped, so that no key of an item can look like a path, and
 * two keys never make the same path.
 */
export function escapeLoopKey(key: string): string {
  return key.replace(/[%/[\]]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The segment of an item of an `each`. */
export function itemSegment(site: string, key: string): string {
  return `${site}[${escapeLoopKey(key)}]`;
}
