import { stringifyExact } from "./exact-json.ts";
import { type Data, UnsafeInteger } from "./json.ts";

/** One place where two values differ; `undefined` is absent. */
export interface DataChange {
  readonly path: string;
  readonly before: Data | undefined;
  readonly after: Data | undefined;
}

/** Where two values differ, as deep as they are alike: members by name, lists as a whole unless they have one length. */
export function diffData(before: Data | undefined, after: Data | undefined, path = ""): readonly DataChange[] {
  if (before !== undefined && after !== undefined) {
    if (stringifyExact(before) === stringifyExact(after)) return [];
    if (isMembers(before) && isMembers(after)) {
      const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted();
      return names.flatMap((name) => diffData(own(before, name), own(after, name), path === "" ? name : `${path}.${name}`));
    }
    if (Array.isArray(before) && Array.isArray(after) && before.length === after.length) {
      return before.flatMap((item: Data, index) => diffData(item, after[index] as Data, `${path}[${index}]`));
    }
  }
  return [{ path, before, after }];
}

function isMembers(value: Data): value is { readonly [key: string]: Data } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof UnsafeInteger);
}

function own(value: { readonly [key: string]: Data }, name: string): Data | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
