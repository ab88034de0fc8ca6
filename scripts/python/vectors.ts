import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { baseVectors } from "./base-vectors.ts";
import { gateVectors } from "./gate-vectors.ts";
import { lockVectors } from "./lock-vectors.ts";
import { recordsVectors } from "./records-vectors.ts";
import { schemasVectors } from "./schemas-vectors.ts";
import { serversVectors } from "./servers-vectors.ts";
import { triggersVectors } from "./triggers-vectors.ts";
import { valuesVectors } from "./values-vectors.ts";
import type { Vector, VectorOptions } from "./vector.ts";

/** By the name of the file: what TypeScript says of cases, for Python to say the same. */
const SUITES: Readonly<Record<string, (options: VectorOptions) => Iterable<Vector> | AsyncIterable<Vector>>> = { base: baseVectors, gate: gateVectors, lock: lockVectors, records: recordsVectors, schemas: schemasVectors, values: valuesVectors, servers: serversVectors, triggers: triggersVectors };

/** Writes `<folder>/<suite>.jsonl` for each suite; gives the number of lines. */
export async function writeVectors(folder: string, options: VectorOptions): Promise<number> {
  let count = 0;
  for (const [name, suite] of Object.entries(SUITES)) {
    const lines: string[] = [];
    for await (const vector of suite(options)) lines.push(JSON.stringify(vector));
    writeFileSync(join(folder, `${name}.jsonl`), `${lines.join("\n")}\n`);
    count += lines.length;
  }
  return count;
}
