import { UnsafeInteger } from "../../packages/runtime/src/base/index.ts";

/**
 * Where two values differ, as a path; null when they are exactly the same: -0 and NaN, undefined against missing, the order
 * of keys, maps and sets. The one thing that may differ by decision: a poisoned integer stands for the number that
 * JavaScript would have rounded it to.
 */
export function differenceOf(ours: unknown, theirs: unknown, path = "value"): string | null {
  if (ours instanceof UnsafeInteger) return typeof theirs === "number" && Number(ours.digits) === theirs ? null : path;
  if (typeof ours !== "object" || typeof theirs !== "object" || ours === null || theirs === null) return Object.is(ours, theirs) ? null : path;
  if (Array.isArray(ours) || Array.isArray(theirs)) return listDifference(ours, theirs, path);
  if (ours instanceof Map || theirs instanceof Map) return ours instanceof Map && theirs instanceof Map ? differenceOf([...ours], [...theirs], `${path}(map)`) : path;
  if (ours instanceof Set || theirs instanceof Set) return ours instanceof Set && theirs instanceof Set ? differenceOf([...ours], [...theirs], `${path}(set)`) : path;
  return membersDifference(ours, theirs, path);
}

function listDifference(ours: object, theirs: object, path: string): string | null {
  if (!Array.isArray(ours) || !Array.isArray(theirs)) return path;
  if (ours.length !== theirs.length) return `${path}.length`;
  for (let index = 0; index < ours.length; index++) {
    // A hole in a list is no value of the language.
    if (!Object.hasOwn(ours, index)) return `${path}[${index}]`;
    const found = differenceOf(ours[index], theirs[index], `${path}[${index}]`);
    if (found !== null) return found;
  }
  return null;
}

function membersDifference(ours: object, theirs: object, path: string): string | null {
  const keys = Object.keys(ours);
  const others = Object.keys(theirs);
  if (keys.length !== others.length || keys.some((key, index) => key !== others[index])) return `${path} (its keys)`;
  for (const key of keys) {
    const found = differenceOf((ours as { readonly [key: string]: unknown })[key], (theirs as { readonly [key: string]: unknown })[key], `${path}.${key}`);
    if (found !== null) return found;
  }
  return null;
}
