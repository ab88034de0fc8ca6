import { decodeValue, OffstageError } from "../base/index.ts";

/** Reads a `…_value` column; what cannot be read is damage, because only the codec writes there. */
export function readValue<T>(text: string): T {
  try {
    return decodeValue(text) as T;
  } catch (error) {
    throw corrupt("A row of the store cannot be read.", error);
  }
}

/** The error for a row that cannot have been written so. */
export function corrupt(message: string, cause?: unknown): OffstageError {
  return new OffstageError("STORE_CORRUPT", message, { cause, hint: "Keep a copy of the store as it is (of a file: with the -wal file beside it), then restore a backup. Do not delete it: it knows which writes were made." });
}
