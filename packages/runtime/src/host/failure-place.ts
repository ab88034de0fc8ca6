import type { ErrorData } from "../base/index.ts";
import type { EngineResult } from "../engine/index.ts";
import { calledPrograms, lineOf, type Program } from "../program/index.ts";

/** What a run came to, its failures with the places of their steps in the program's text, for people: `workflows/tickets.ts:18`. Where no step failed, the engine has told the statement's. */
export function withPlaces(result: EngineResult, program: Program): EngineResult {
  return {
    ...result,
    error: result.error === null ? null : withPlace(result.error, program),
    failures: result.failures.map((failure) => ({ ...failure, error: withPlace(failure.error, program) })),
  };
}

function withPlace(error: ErrorData, program: Program): ErrorData {
  if (error.step === undefined) return error;
  const key = error.step.replace(/\/page-\d+$/, "");
  const places = [program, ...calledPrograms(program)].flatMap((one) => placeIn(one, key) ?? []);
  // A step of a called workflow can be named as one of the caller's: then nothing is said rather than the wrong line.
  return places.length === 1 ? { ...error, at: places[0] as string } : error;
}

/** A step's key ends with its call site; loop keys before it may look like anything. */
function placeIn({ globals, records, body, debug }: Program, key: string): string | null {
  let offset: number | null = null;
  walk([globals, records, body], ({ site, at }) => {
    if (typeof site === "string" && typeof at === "number" && (key === site || key.endsWith(`/${site}`))) offset = at;
  });
  return offset === null ? null : lineOf(debug, offset);
}

function walk(value: unknown, see: (node: { readonly [name: string]: unknown }) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) see(value as { readonly [name: string]: unknown });
  for (const part of Object.values(value)) walk(part, see);
}
