import type { Data } from "../base/index.ts";
import type { EffectId } from "./identity.ts";

/** A value of which some parts will be known only after held effects were performed. */
export interface PartialData {
  /** The value, with null at every unknown place. */
  readonly value: Data;
  /** Where it is unknown; an empty path is the whole value. */
  readonly unknown: readonly UnknownPart[];
}

export interface UnknownPart {
  readonly path: readonly (string | number)[];
  /** The held effects that it derives from, sorted. */
  readonly from: readonly EffectId[];
}
