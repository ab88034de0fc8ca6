import { type Data, stringifyExact, UnsafeInteger } from "offstage/base";
import { escapeControls } from "../terminal.ts";

/** One place where two values differ; `undefined` is absent. */
export interface DataChange {
  readonly path: string;
  readonly before: Data | undefined;
  readonly after: Data | undefined;
}

/** Where two values differ, as deep as they are alike: members by name, lists as a whole unless they have one length. */
export function diffData(before: Data | undefined, after: Data | undefined, path = ""): readonly DataChange[] {
  if (before !== undefined && after !== undefined) {
    if (textOf(before) === textOf(after)) return [];
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

/** `~ description: "a" → "b"`, cut where nobody would read on. */
export function changeText(change: DataChange): string {
  const sign = change.before === undefined ? "+" : change.after === undefined ? "-" : "~";
  const values = [change.before, change.after].filter((value) => value !== undefined).map((value) => shown(value));
  return `${sign} ${escapeControls(change.path)}: ${values.join(" → ")}`;
}

const LONGEST = 120;

function shown(value: Data): string {
  const text = escapeControls(textOf(value));
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

function textOf(value: Data): string {
  return stringifyExact(value);
}

function isMembers(value: Data): value is { readonly [key: string]: Data } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof UnsafeInteger);
}

function own(value: { readonly [key: string]: Data }, name: string): Data | undefined {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}
