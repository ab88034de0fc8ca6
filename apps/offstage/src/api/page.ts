import { OffstageError } from "offstage/base";
import { z } from "zod";

/** No list is longer. */
const MOST = 100;

/** The part of a query that every list has. */
export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(MOST).default(20).meta({ type: "integer", description: "How many at most." }),
  cursor: z.string().max(4_096).optional().meta({ description: "`next` of the page before." }),
};

/** The part of an answer that every list has. */
export const pageShape = { next: z.string().nullable().meta({ description: "What the next page is asked with; null: there is none." }) };

/** One more than a page shows is asked for: that one tells whether there is another page. */
export function pageOf<T>(found: readonly T[], limit: number, placeOf: (last: T) => readonly (string | number)[]): { readonly shown: readonly T[]; readonly next: string | null } {
  const shown = found.slice(0, limit);
  const last = shown.at(-1);
  return { shown, next: found.length > limit && last !== undefined ? Buffer.from(JSON.stringify(placeOf(last))).toString("base64url") : null };
}

/** The place that a cursor means. Errors: `USAGE` for a text that is none of ours. */
export function placeOf<Schema extends z.ZodType>(cursor: string | undefined, schema: Schema): z.output<Schema> | null {
  if (cursor === undefined) return null;
  try {
    return schema.parse(JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")));
  } catch (error) {
    throw new OffstageError("USAGE", "The cursor is none that was given.", { hint: "Ask without one for the first page.", cause: error });
  }
}
