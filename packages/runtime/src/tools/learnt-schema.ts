/** What a value was seen to be. `number` includes `integer`. */
export type LearntType = "array" | "boolean" | "integer" | "null" | "number" | "object" | "string";

/**
 * The shape of all results seen of one kind of call: a small JSON Schema in one normal form, with no value in it. It only
 * widens: every result that it was learnt from conforms to it.
 */
export interface LearntSchema {
  /** Sorted, without repetition. Absent: anything (nested too deeply to be looked at). */
  readonly type?: readonly LearntType[];
  /** Of lists; absent when none had an item yet. */
  readonly items?: LearntSchema;
  /** Of objects: members whose names are part of the shape. */
  readonly properties?: ReadonlyMap<string, LearntSchema>;
  /** Those of `properties` that every object had; sorted. */
  readonly required?: readonly string[];
  /** Of objects: what is behind names that are data (ids, dates, more names than a shape has). */
  readonly additionalProperties?: LearntSchema;
}

/** Lists and objects nest this deep in a learnt schema; below it everything is anything. */
export const MAX_LEARNT_DEPTH = 12;

/** An object with more names than this is a map: its names are data. */
export const MAX_LEARNT_FIELDS = 100;

/**
 * True for a name that is data rather than part of a shape: a number, a date, a UUID, a hash, an e-mail address, a path,
 * an issue key. Decided from the name alone, so that the order in which results are seen does not matter.
 */
export function looksLikeData(name: string): boolean {
  return name.length > 64 || name === "" || DATA_NAMES.some((pattern) => pattern.test(name));
}

const DATA_NAMES = [
  /^[-+]?\d/,
  /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
  /^(?=.*\d)[0-9a-f]{12,}$/i,
  /^(?=.*\d)(?=.*[A-Za-z])[A-Za-z0-9]{20,}$/,
  /^[A-Z][A-Z0-9_]*-\d+$/,
  /[@/\\\s]|:\/\//,
];
