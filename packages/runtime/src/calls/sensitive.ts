import { type Data, UnsafeInteger } from "../base/index.ts";

type Fields = { readonly [name: string]: Data };

/**
 * Leaves out what a profile calls `sensitive`: `a.b` is the member `b` of `a`, `items[].token` the member of every item of
 * a list. Paths that lead nowhere are ignored; what is not touched stays the same object.
 */
export function removeSensitive(data: Data, paths: readonly string[]): Data {
  return paths.reduce((rest, path) => removePath(rest, segmentsOf(path)), data);
}

/** One part of the list `list` of a result, without what is sensitive in it; null when all of it is. */
export function visiblePart(part: Data, list: string, paths: readonly string[]): Data {
  const rest = removeSensitive({ [list]: [part] }, paths) as { readonly [name: string]: readonly Data[] | undefined };
  return rest[list]?.[0] ?? null;
}

/** `items[].token` → `items`, `[]`, `token`. */
function segmentsOf(path: string): readonly string[] {
  return path.split(".").flatMap((part) => {
    const name = part.replace(/(?:\[\])+$/, "");
    const lists = Array.from({ length: (part.length - name.length) / 2 }, () => "[]");
    return name === "" ? lists : [name, ...lists];
  });
}

function removePath(data: Data, segments: readonly string[]): Data {
  const [segment, ...rest] = segments;
  if (segment === undefined) return null;
  if (segment === "[]") return Array.isArray(data) ? mapItems(data as readonly Data[], rest) : data;
  if (!isFields(data) || !Object.hasOwn(data, segment)) return data;
  if (rest.length === 0) return Object.fromEntries(Object.entries(data).filter(([name]) => name !== segment));
  const value = data[segment] as Data;
  const kept = removePath(value, rest);
  return kept === value ? data : Object.fromEntries(Object.entries(data).map(([name, old]) => [name, name === segment ? kept : old]));
}

function mapItems(items: readonly Data[], rest: readonly string[]): readonly Data[] {
  const kept = items.map((item) => removePath(item, rest));
  return kept.every((item, index) => item === items[index]) ? items : kept;
}

function isFields(value: Data): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof UnsafeInteger);
}
