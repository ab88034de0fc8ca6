/**
 * Freezes plain data all the way down and returns it: what a tool returned is never edited (LANGUAGE.md §7). Keys and values of
 * maps and sets are frozen too; the collections themselves cannot be.
 */
export function deepFreeze<T>(data: T): T {
  freeze(data);
  return data;
}

function freeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object") freeze(item);
  } else if (value instanceof Map) {
    for (const [key, item] of value) {
      freeze(key);
      freeze(item);
    }
    return;
  } else if (value instanceof Set) {
    for (const item of value) freeze(item);
    return;
  } else {
    for (const key of Object.keys(value)) freeze((value as { readonly [key: string]: unknown })[key]);
  }
  Object.freeze(value);
}
