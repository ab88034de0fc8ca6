import { OffstageError } from "../../base/index.ts";
import type { Strand } from "../strand.ts";
import { derive, unknownOf } from "../unknown.ts";
import type { Unknown, Value } from "../value.ts";
import { unknownIn, toPartial } from "../data.ts";
import { LANGUAGE_BUILTINS } from "./language.ts";
import { type Builtin, TEXT_BUILTINS } from "./text.ts";

/** The built-in of that name, for any arguments: unknown ones make the result unknown. */
export function builtinCaller(name: string): Builtin {
  const builtin = Object.hasOwn(TEXT_BUILTINS, name) ? TEXT_BUILTINS[name] : Object.hasOwn(LANGUAGE_BUILTINS, name) ? LANGUAGE_BUILTINS[name] : undefined;
  if (builtin === undefined) throw new OffstageError("NOT_YET", `${name} is not built yet.`);
  if (name === "hash") return (c, args) => hashUnlessUnknown(c, args, builtin);
  // Whether a value that is not known is a list is not known either, but a list whose content is not known is one.
  const looksInside = name !== "Array.isArray" && name !== "JSON.stringify";
  return (c, args) => {
    const unknown = unknownArgs(c, args, looksInside);
    return unknown.length === 0 ? builtin(c, args) : derive(c, ...unknown);
  };
}

function unknownArgs(c: Strand, args: readonly Value[], looksInside: boolean): readonly Unknown[] {
  const found: Unknown[] = [];
  for (const arg of args) {
    if (typeof arg !== "object" || arg === null) continue;
    const unknown = unknownOf(c, arg);
    if (unknown !== null && (looksInside || unknown === arg)) found.push(unknown);
  }
  return found;
}

function hashUnlessUnknown(c: Strand, args: readonly Value[], hash: Builtin): Value {
  const unknown = unknownIn(toPartial(c, args[0], { what: "The argument of hash", unsafe: "refuse" }));
  return unknown === null ? hash(c, args) : derive(c, unknown);
}
