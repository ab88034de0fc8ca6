import { compileRegex } from "../regexp/index.ts";
import { callStringMethod, STRING_METHODS } from "../engine/methods-string.ts";
import { REGEXP_METHODS } from "../engine/methods-keyed.ts";
import { Regexp } from "../engine/regexp.ts";
import type { Value } from "../engine/value.ts";
import { strandForTests } from "./helpers-of.ts";

/** A pattern of the language, as the evaluation of its literal makes one. Throws `RegexFault` for what is refused. */
export function patternOf(source: string, flags: string): () => unknown {
  const program = compileRegex(source, flags);
  return () => new Regexp(source, flags, program);
}

/** The interpreter's own method of a string. */
export function stringMethod(name: string, text: string, args: readonly unknown[]): unknown {
  const method = STRING_METHODS[name];
  if (method === undefined) throw new Error(`Strings have no ${name}.`);
  return callStringMethod(strandForTests(), method, text, args as readonly Value[]);
}

/** The interpreter's own `test`. */
export function patternTest(pattern: unknown, text: string): unknown {
  return REGEXP_METHODS["test"]?.(strandForTests(), pattern as Regexp, [text]);
}
