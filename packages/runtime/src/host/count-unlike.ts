import type { Data } from "../base/index.ts";
import type { Calls, ReadRequest } from "../calls/index.ts";
import type { RunCounts } from "../model/index.ts";

/** Whether a value is another shape than was learnt of such calls. Asked of each value that a call gave; must not throw. */
export type IsUnlike = (call: ReadRequest, value: Data) => boolean;

/** The calls of one run, with what `counts` says of their answers: of each tool, how many were not as learnt. */
export function countUnlike(calls: Calls, isUnlike: IsUnlike): { readonly calls: Calls; readonly counted: () => ReadonlyMap<string, number> } {
  const counted = new Map<string, number>();
  const look = (call: ReadRequest, outcome: { readonly kind: string; readonly gone?: boolean; readonly value?: Data }): void => {
    if (outcome.kind !== "value" || outcome.gone === true || outcome.value === undefined || !isUnlike(call, outcome.value)) return;
    const name = `${call.server}.${call.tool}`;
    counted.set(name, (counted.get(name) ?? 0) + 1);
  };
  return {
    counted: () => counted,
    calls: {
      readOffer: (request) => calls.readOffer(request),
      async call(server, tool, args, limits) {
        const outcome = await calls.call(server, tool, args, limits);
        look({ server, tool, args }, outcome);
        return outcome;
      },
      async read(request) {
        const outcome = await calls.read(request);
        look(request, outcome);
        return outcome;
      },
    },
  };
}

/** What a run has counted, with what it counted before it was parked. Absent while nothing is to be told. */
export function withUnlike(before: RunCounts["unlike"] = {}, counted: ReadonlyMap<string, number>): Pick<RunCounts, "unlike"> {
  const names = [...new Set([...Object.keys(before), ...counted.keys()])].toSorted();
  if (names.length === 0) return {};
  return { unlike: Object.fromEntries(names.map((name) => [name, (before[name] ?? 0) + (counted.get(name) ?? 0)])) };
}
