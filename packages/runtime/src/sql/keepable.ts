import { OffstageError } from "../base/index.ts";
import type { BoundQuery } from "./prepared-query.ts";

/** Refuses (`VALUE_INVALID`) a text with half of a surrogate pair: a database would keep U+FFFD for it, and two different keys would be one. */
export function refuseUnkeepable({ parameters }: BoundQuery): void {
  for (const value of parameters) {
    if (typeof value === "string" && !value.isWellFormed()) throw new OffstageError("VALUE_INVALID", `The store cannot keep the text ${JSON.stringify(value)}: it holds half of a surrogate pair.`);
  }
}
