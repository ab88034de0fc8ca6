import type { ErrorData } from "../base/index.ts";
import type { EngineResult } from "../engine/index.ts";
import type { Program } from "../program/index.ts";

/** What a run came to, its failures with the places of their steps in the program's text, for people: `workflows/tickets.ts:18`. */
export function withPlaces(result: EngineResult, program: Program): EngineResult {
  return {
    ...result,
    error: result.error === null ? null : withPlace(result.error, program),
    failures: result.failures.map((failure) => ({ ...failure, error: withPlace(failure.error, program) })),
  };
}

function withPlace(error: ErrorData, program: Program): ErrorData {
  if (error.step === undefined) return error;
  const offset = offsetOf(program, error.step);
  return offset === null ? error : { ...error, at: `${program.debug.file}:${program.debug.source.slice(0, offset).split("\n").length}` };
}

/** A step's key ends with its call site, apart from the number of a page. Loop keys before it may look like anything. */
function offsetOf(program: Program, step: string): number | null {
  const key = step.replace(/\/page-\d+$/, "");
  let best = { site: "", at: null as number | null };
  walk([program.globals, program.records, program.body], ({ site, at }) => {
    if (typeof site === "string" && typeof at === "number" && key.endsWith(site) && site.length > best.site.length) best = { site, at };
  });
  return best.at;
}

function walk(value: unknown, see: (node: { readonly [name: string]: unknown }) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) see(value as { readonly [name: string]: unknown });
  for (const part of Object.values(value)) walk(part, see);
}
