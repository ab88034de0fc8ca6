import { stripTypeScriptTypes } from "node:module";
import { runInThisContext } from "node:vm";
import { PLAIN_VOCABULARY } from "./plain-vocabulary.ts";

/** What calling the arrow natively came to. */
export type NativeOutcome = { readonly kind: "value"; readonly value: unknown } | { readonly kind: "threw"; readonly error: unknown };

/** An arrow of JavaScript. */
export type NativeArrow = (samples: unknown) => unknown;

/** The arrows of a TypeScript text, executed by this process as they stand, with the vocabulary in plain JavaScript. */
export function arrowsOf(source: string, names: readonly string[]): ReadonlyMap<string, NativeArrow> {
  const text = stripTypeScriptTypes(`export {};\n${source}`).replace("export {};", "");
  const make = runInThisContext(`"use strict"; (${Object.keys(PLAIN_VOCABULARY).join(", ")}) => { \n${text}\nreturn { ${names.join(", ")} }; }`) as (...args: readonly unknown[]) => Readonly<Record<string, NativeArrow>>;
  return new Map(Object.entries(make(...Object.values(PLAIN_VOCABULARY))));
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
