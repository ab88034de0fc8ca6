import { z } from "zod";

/** A setting that may be written once, or as a list of several: always read as a list. */
export function oneOrSeveral<T extends z.ZodType>(one: T) {
  return z.union([one, z.array(one).min(1)]).transform((given) => (Array.isArray(given) ? given : [given]) as readonly z.output<T>[]);
}
