import type { ErrorData } from "../base/index.ts";
import type { Binding, RecordKey } from "../model/index.ts";

/** Two identities found one target: it belongs to the first. */
export function targetTaken(key: RecordKey, other: RecordKey): ErrorData {
  return { code: "AMBIGUOUS_RECORD", message: `${key.record} ${key.key}: its target belongs to ${other.record} ${other.key} already.`, hint: "Make find() tell the two apart, let keep() keep what tells their targets apart, or give both items one identity." };
}

/** This very update was made before and the target still differed. */
export function notConvergingYet(key: RecordKey): ErrorData {
  return { code: "NOT_CONVERGING", message: `${key.record} ${key.key}: this update was made before and did not take. It is left alone until its arguments change.`, hint: "same() compares something that update() does not set, or the server changes what it is given." };
}

/** True when another identity has the target. */
export function isTaken(other: Binding | null, key: RecordKey): other is Binding {
  return other !== null && other.key !== key.key;
}
