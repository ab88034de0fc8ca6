import { nearestName } from "offstage/base";
import { toJSONSchema, type ZodType } from "zod";

/** A name that a schema knows, and the way to where it stands; `*` is any name, `[]` any item. */
interface KnownSetting {
  readonly name: string;
  readonly parents: readonly string[];
}

/** More places say nothing. */
const MOST_PLACES = 3;

/** Every setting of a schema, wherever it stands. */
export function knownSettings(schema: ZodType): readonly KnownSetting[] {
  const found: KnownSetting[] = [];
  const walk = (part: unknown, parents: readonly string[]): void => {
    if (typeof part !== "object" || part === null) return;
    const { properties, additionalProperties, items, anyOf, oneOf, allOf } = part as { readonly [keyword: string]: unknown };
    for (const [name, inner] of Object.entries(properties ?? {})) {
      found.push({ name, parents });
      walk(inner, [...parents, name]);
    }
    walk(additionalProperties, [...parents, "*"]);
    walk(items, [...parents, "[]"]);
    for (const ways of [anyOf, oneOf, allOf]) if (Array.isArray(ways)) for (const way of ways) walk(way, parents);
  };
  walk(toJSONSchema(schema, { unrepresentable: "any", io: "input" }), []);
  return found;
}

/** What somebody meant who wrote `name` at `path`: a name that is known there, else one that belongs elsewhere. Empty, or with a space at its end. */
export function meantSetting(name: string, path: readonly PropertyKey[], known: readonly KnownSetting[]): string {
  const here = nearestName(name, known.filter(({ parents }) => leadsTo(parents, path)).map((setting) => setting.name));
  if (here !== null) return `Did you mean ${here}? `;
  const near = nearestName(name, known.map((setting) => setting.name));
  if (near === null) return "";
  const places = [...new Set(known.filter((setting) => setting.name === near).map(({ parents }) => [...parents, near].join(".").replaceAll(".[]", "[]").replaceAll("*", "<name>")))];
  const where = places.slice(0, MOST_PLACES).join(" or ");
  return near === name ? `It belongs elsewhere: ${where}. ` : `Did you mean ${where}? `;
}

function leadsTo(parents: readonly string[], path: readonly PropertyKey[]): boolean {
  return parents.length === path.length && parents.every((parent, index) => parent === (typeof path[index] === "number" ? "[]" : path[index]) || (parent === "*" && typeof path[index] === "string"));
}
