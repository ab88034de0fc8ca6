import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { baseVectors } from "./base-vectors.ts";
import type { Vector, VectorOptions } from "./vector.ts";

/** By the name of the file: what TypeScript says of cases, for Python to say the same. */
const SUITES: Readonly<Record<string, (options: VectorOptions) => Iterable<Vector>>> = { base: baseVectors };

/** Writes `<folder>/<suite>.jsonl` for each suite; gives the number of lines. */
export function writeVectors(folder: string, options: VectorOptions): number {
  let count = 0;
  for (const [name, suite] of Object.entries(SUITES)) {
    const lines = [...suite(options)].map((vector) => JSON.stringify(vector));
    writeFileSync(join(folder, `${name}.jsonl`), `${lines.join("\n")}\n`);
    count += lines.length;
  }
  return count;
}
