import { freeName } from "./free-name.ts";
import { type Data, UnsafeInteger } from "./json.ts";

/** One step of a path: a member, every item of a list, or any depth. */
type Segment = { readonly kind: "member"; readonly name: string } | { readonly kind: "items" } | { readonly kind: "anywhere" };

/** `issues[].fields.created`, `**.self`: where parts of a value lie; `[]` is every item of a list, `**` any depth. */
export type DataPath = readonly Segment[];

/** Reads a path; null when it has an empty part, or ends in `**`. */
export function parseDataPath(text: string): DataPath | null {
  const segments = text.split(".").flatMap((part): readonly (Segment | null)[] => {
    if (part === "**") return [{ kind: "anywhere" }];
    const name = part.replace(/(?:\[\])+$/, "");
    const items = Array.from({ length: (part.length - name.length) / 2 }, (): Segment => ({ kind: "items" }));
    if (name === "") return items.length === 0 ? [null] : items;
    return [{ kind: "member", name }, ...items];
  });
  const whole = segments.filter((segment) => segment !== null);
  return whole.length === segments.length && whole.at(-1)?.kind !== "anywhere" ? whole : null;
}

/** `data` with what lies at the path replaced; the same object when nothing does. */
export function mapPath(data: Data, path: DataPath, change: (value: Data) => Data): Data {
  const [segment, ...rest] = path;
  if (segment === undefined) return change(data);
  switch (segment.kind) {
    case "items":
      return Array.isArray(data) ? (data as readonly Data[]).map((item) => mapPath(item, rest, change)) : data;
    case "member":
      if (!isFields(data) || !Object.hasOwn(data, segment.name)) return data;
      return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, name === segment.name ? mapPath(value, rest, change) : value]));
    case "anywhere":
      return mapChildren(mapPath(data, rest, change), (child) => mapPath(child, path, change));
  }
}

/** Every string and number of a value, names of members not; what is not touched stays the same. */
export function mapScalars(data: Data, change: (scalar: string | number) => Data): Data {
  if (typeof data === "string" || typeof data === "number") return change(data);
  return mapChildren(data, (child) => mapScalars(child, change));
}

/** Every member's name, at any depth. */
export function mapNames(data: Data, change: (name: string) => string): Data {
  if (!isFields(data)) return mapChildren(data, (child) => mapNames(child, change));
  const named = new Map<string, Data>();
  for (const [name, value] of Object.entries(data)) {
    const made = change(name);
    named.set(made === name ? name : freeName(made, (other) => named.has(other) || Object.hasOwn(data, other)), mapNames(value, change));
  }
  return Object.fromEntries(named);
}

function mapChildren(data: Data, change: (child: Data) => Data): Data {
  if (Array.isArray(data)) return (data as readonly Data[]).map(change);
  return isFields(data) ? Object.fromEntries(Object.entries(data).map(([name, value]) => [name, change(value)])) : data;
}

function isFields(value: Data): value is { readonly [name: string]: Data } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof UnsafeInteger);
}
