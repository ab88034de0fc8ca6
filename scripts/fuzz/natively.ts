import { stripTypeScriptTypes } from "node:module";
import { runInThisContext } from "node:vm";

/** What calling the arrow natively came to. */
export type NativeOutcome = { readonly kind: "value"; readonly value: unknown } | { readonly kind: "threw"; readonly error: unknown };

/** An arrow of JavaScript. */
export type NativeArrow = (samples: unknown) => unknown;

/** The arrows of a TypeScript text, executed by this process as they stand, with the vocabulary in plain JavaScript. */
export function arrowsOf(source: string, names: readonly string[]): ReadonlyMap<string, NativeArrow> {
  const text = stripTypeScriptTypes(`export {};\n${source}`).replace("export {};", "");
  const make = runInThisContext(`"use strict"; (${Object.keys(VOCABULARY).join(", ")}) => { \n${text}\nreturn { ${names.join(", ")} }; }`) as (...args: readonly unknown[]) => Readonly<Record<string, NativeArrow>>;
  return new Map(Object.entries(make(...Object.values(VOCABULARY))));
}

export function callNatively(arrow: NativeArrow, samples: unknown): NativeOutcome {
  try {
    return { kind: "value", value: arrow(samples) };
  } catch (error) {
    return { kind: "threw", error };
  }
}

export async function callNativelyLater(arrow: NativeArrow, samples: unknown): Promise<NativeOutcome> {
  try {
    return { kind: "value", value: await arrow(samples) };
  } catch (error) {
    return { kind: "threw", error };
  }
}

/** What `fail()` throws: as a handler sees it. */
class Failed extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** The pure functions of `offstage` as docs/language.md tells them, and a server that answers null. */
const VOCABULARY = {
  world: { get: async () => null },
  range: (count: number) => {
    if (!Number.isInteger(count) || count < 0) throw new TypeError("range");
    return Array.from({ length: count }, (_, index) => index);
  },
  chunk: (items: readonly unknown[], size: number) => Array.from({ length: Math.ceil(items.length / size) }, (_, index) => items.slice(index * size, (index + 1) * size)),
  groupBy: (items: readonly unknown[], key: (item: unknown) => unknown) => Map.groupBy(items, key),
  lines: (text: string) => {
    const all = text.split(/\r\n|\n|\r/);
    return all.at(-1) === "" ? all.slice(0, -1) : all;
  },
  capture: (text: string, pattern: RegExp) => {
    const match = pattern.exec(text);
    if (match === null) throw new Failed("CAPTURE_NOT_FOUND", "nothing found");
    return match.length === 1 ? match[0] : (match[1] ?? "");
  },
  captures: (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => ({ ...match.groups })),
  fail: (message: string) => {
    throw new Failed("FAILED", message);
  },
};
