import { isOffstageError, OffstageError } from "../base/index.ts";
import { MODULE_LINE } from "./load-module.ts";
import { errorValue, isCatchable, notePlace, ParkedEnd, thrownFrom, type Value, WithheldEnd } from "../engine/index.ts";

/** What code that Node executes threw, as the engine knows errors, with its line in the module: JavaScript's own become what the interpreter throws in their place. */
export function engineError(thrown: unknown): Error {
  const error = asEngineError(thrown);
  const line = thrown instanceof Error ? lineIn(thrown.stack ?? "") : null;
  if (line !== null) notePlace(error, line);
  return error;
}

/** The innermost line of a module's own text: marks leave its lines where they are. */
function lineIn(stack: string): string | null {
  for (const [, file = "", line = ""] of stack.matchAll(MODULE_LINE)) if (!file.startsWith("door/")) return `${decodeURI(file)}:${line}`;
  return null;
}

function asEngineError(thrown: unknown): Error {
  if (isOffstageError(thrown) || thrown instanceof WithheldEnd || thrown instanceof ParkedEnd) return thrown;
  if (!(thrown instanceof Error)) return thrownFrom(thrown as Value);
  if (thrown instanceof RangeError && thrown.message.includes("call stack")) return new OffstageError("LIMIT_DEPTH", "Calls are nested more deeply than Node can go.", { cause: thrown });
  return new OffstageError("TYPE_ERROR", thrown.message, { cause: thrown });
}

/** What a handler sees of an error. What no workflow may catch goes on past every handler. */
export function caughtValue(thrown: unknown): Value {
  const error = engineError(thrown);
  if (!isCatchable(error)) throw error;
  return errorValue(error);
}
