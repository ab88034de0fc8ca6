import type { Json } from "../../base/index.ts";
import { parseDuration } from "../../base/index.ts";
import type { FunctionNode } from "../../program/index.ts";
import type { ts } from "../typescript.ts";
import { checkedText } from "./literals.ts";
import type { FunctionRole } from "./scope.ts";
import type { Lowering } from "./lowering.ts";
import { dataOf, readStatic, type StaticValue } from "./static-value.ts";

/** The fields of an options object that is read without running the module. Each question reports what is wrong with its field. */
export interface Fields {
  readonly node: ts.Node;
  /** The fields that are there, in source order. */
  readonly names: readonly string[];
  get(name: string): StaticValue | undefined;
  text(name: string): string | undefined;
  boolean(name: string): boolean | undefined;
  /** A number above 0. */
  positive(name: string): number | undefined;
  /** A whole number from 0. */
  count(name: string): number | undefined;
  /** Milliseconds. */
  duration(name: string): number | undefined;
  texts(name: string): readonly string[] | undefined;
  choice<T extends string>(name: string, choices: readonly T[]): T | undefined;
  fn(name: string, role: FunctionRole): FunctionNode | undefined;
  /** Fields of a field. */
  fields(name: string, what: string, allowed: readonly string[]): Fields | undefined;
}

/** Opens an options object; null, with a fault, when it is not written out. */
export function openFields(l: Lowering, value: StaticValue, what: string, allowed: readonly string[]): Fields | null {
  if (value.kind !== "record") {
    l.faults.error(value.node, "NOT_STATIC", `The options of ${what} must be written out.`, `Write an object literal with ${allowed.join(", ")}, of arrows and literals.`);
    return null;
  }
  for (const [name, entry] of value.entries) {
    if (!allowed.includes(name)) l.faults.error(entry.node, "OPTION_UNKNOWN", `${what} has no option ${name}.`, `There are ${allowed.join(", ")}.`);
  }
  return createFields(l, value, what);
}

function createFields(l: Lowering, value: Extract<StaticValue, { kind: "record" }>, what: string): Fields {
  const wrong = (node: ts.Node, name: string, wanted: string): undefined => {
    l.faults.error(node, "NOT_STATIC", `${name} of ${what} must be ${wanted}, written out.`, "Write a literal, or a constant of this module that holds one.");
    return undefined;
  };
  const data = <T extends Json>(name: string, wanted: string, fits: (found: Json) => found is T): T | undefined => {
    const entry = value.entries.get(name);
    if (entry === undefined) return undefined;
    const found = dataOf(entry);
    return found !== undefined && fits(found) ? found : wrong(entry.node, name, wanted);
  };
  const text = (name: string): string | undefined => {
    const found = data(name, "a text", (found): found is string => typeof found === "string");
    const entry = value.entries.get(name);
    return found === undefined || entry === undefined ? undefined : checkedText(l, entry.node, found);
  };
  return {
    node: value.node,
    names: [...value.entries.keys()],
    get: (name) => value.entries.get(name),
    text,
    boolean: (name) => data(name, "true or false", (found): found is boolean => typeof found === "boolean"),
    positive: (name) => data(name, "a number above 0", (found): found is number => typeof found === "number" && found > 0),
    count: (name) => data(name, "a whole number", (found): found is number => typeof found === "number" && Number.isSafeInteger(found) && found >= 0),
    texts: (name) => data(name, "a list of texts", (found): found is readonly string[] => Array.isArray(found) && found.every((item) => typeof item === "string")),
    duration: (name) => {
      const found = text(name);
      return found === undefined ? undefined : durationOf(l, value.entries.get(name)?.node ?? value.node, found);
    },
    choice: (name, choices) => data(name, choices.map((choice) => JSON.stringify(choice)).join(" or "), (found): found is (typeof choices)[number] => (choices as readonly Json[]).includes(found)),
    fn: (name, role) => {
      const entry = value.entries.get(name);
      return entry === undefined ? undefined : l.functionOf(entry.node, role);
    },
    fields: (name, inner, allowed) => {
      const entry = value.entries.get(name);
      return entry === undefined ? undefined : (openFields(l, entry, inner, allowed) ?? undefined);
    },
  };
}

/** Milliseconds of a duration; undefined, with a fault, when the text is none. */
export function durationOf(l: Lowering, node: ts.Node, text: string): number | undefined {
  const ms = parseDuration(text);
  if (ms !== null) return ms;
  l.faults.error(node, "DURATION_INVALID", `${JSON.stringify(text)} is no duration.`, "Write a whole number and one unit: \"90s\", \"10m\", \"1h\", \"7d\".");
  return undefined;
}

/** What a required text is when it is missing: empty, with a fault. */
export function requiredText(l: Lowering, node: ts.Expression | undefined, where: ts.Node, what: string): string {
  const value = node === undefined ? undefined : dataOf(readStatic(l, node));
  if (typeof value === "string") return checkedText(l, node ?? where, value);
  l.faults.error(node ?? where, "NOT_STATIC", `${what} must be a text, written out.`, "Write a text literal.");
  return "";
}
