import { OffstageError } from "../../base/index.ts";
import { call, type Closure } from "../functions.ts";
import { setOwn } from "../kinds.ts";
import { refuel, type Strand } from "../strand.ts";
import { born } from "../unknown.ts";
import type { Value } from "../value.ts";
import { runBranches } from "./branches.ts";
import { itemSegment } from "./keys.ts";

/** One branch of a `parallel`, in written order. */
export interface NamedBranch {
  readonly name: string;
  readonly fn: Closure;
}

/** Branches side by side: each is a strand of its own, all settle, and the first error in written order is thrown. Results by name. */
export async function parallel(c: Strand, site: string, named: readonly NamedBranch[]): Promise<Value> {
  c.run.ports.checkpoint("other");
  if (c.write !== null) throw new OffstageError("ONE_WRITE", "A function that makes exactly one write cannot have branches.");
  const branches = named.map(({ name, fn }) => ({ segment: itemSegment(site, name), unknown: null, run: (child: Strand) => call(fn, child, []) }));
  const endings = await runBranches(c, branches, { width: named.length, onError: "stop" });
  const results: { [name: string]: Value } = {};
  named.forEach(({ name }, index) => {
    const ending = endings[index];
    setOwn(results, name, ending?.kind === "value" ? ending.value : undefined);
  });
  refuel(c);
  return born(c, results);
}
