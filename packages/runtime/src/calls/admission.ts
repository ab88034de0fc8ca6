import { type Data, MAX_JSON_DEPTH, OffstageError, UnsafeInteger } from "../base/index.ts";

/** LANGUAGE.md §7: the largest value, about as many bytes as its JSON has. */
export const MAX_VALUE_BYTES = 10 * 1024 * 1024;

/**
 * Freezes a value on its way in, and refuses one that is too large or too deep for a run: in one walk, because every
 * result passes here. Errors: `LIMIT_SIZE`, `LIMIT_DEPTH`.
 */
export function admit<T extends Data>(value: T, what: string, maxBytes = MAX_VALUE_BYTES): T {
  let left = maxBytes;
  const spend = (bytes: number): void => {
    left -= bytes;
    if (left < 0) throw new OffstageError("LIMIT_SIZE", `The result of ${what} is larger than ${maxBytes / 1024 / 1024} MiB.`, { hint: "Ask for less at once, or let the profile's result() keep what is needed." });
  };
  const walk = (data: Data, depth: number): void => {
    if (typeof data === "string") return spend(data.length + 3);
    if (typeof data !== "object" || data === null || data instanceof UnsafeInteger) return spend(5);
    if (depth > MAX_JSON_DEPTH) throw new OffstageError("LIMIT_DEPTH", `The result of ${what} nests more than ${MAX_JSON_DEPTH} levels.`);
    spend(2);
    if (Array.isArray(data)) for (const item of data as readonly Data[]) walk(item, depth + 1);
    else {
      const fields = data as { readonly [name: string]: Data };
      for (const name of Object.keys(fields)) {
        spend(name.length + 4);
        walk(fields[name] as Data, depth + 1);
      }
    }
    Object.freeze(data);
  };
  walk(value, 1);
  return value;
}
