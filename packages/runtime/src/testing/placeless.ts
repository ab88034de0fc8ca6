import type { ErrorData } from "../base/index.ts";
import type { EngineResult } from "../engine/index.ts";

/** A result without where in the text its errors stand: the interpreter tells the statement, others the line that was executed. */
export function placeless(result: EngineResult): EngineResult {
  return { ...result, error: result.error === null ? null : unplacedError(result.error), failures: result.failures.map((failure) => ({ ...failure, error: unplacedError(failure.error) })) };
}

function unplacedError({ code, message, hint, step }: ErrorData): ErrorData {
  return { code, message, ...(hint === undefined ? {} : { hint }), ...(step === undefined ? {} : { step }) };
}
