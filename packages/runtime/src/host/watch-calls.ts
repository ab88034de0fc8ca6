import type { Data } from "../base/index.ts";
import type { Calls, ReadRequest } from "../calls/index.ts";
import type { RunCounts } from "../model/index.ts";

/** Whether a value is another shape than was learnt of such calls. Asked of each value that a call gave; must not throw. */
export type IsUnlike = (call: ReadRequest, value: Data) => boolean;

/** The calls of one run, and what is counted of them, by `server.tool`. */
export interface WatchedCalls {
  readonly calls: Calls;
  /** Reads that gave a value. */
  readonly reads: ReadonlyMap<string, number>;
  /** Answers that were not as learnt. */
  readonly unlike: ReadonlyMap<string, number>;
}

/** Counts what a run reads, and what was answered otherwise than learnt. */
export function watchCalls(calls: Calls, isUnlike: IsUnlike): WatchedCalls {
  const [reads, unlike] = [new Map<string, number>(), new Map<string, number>()];
  const count = (into: Map<string, number>, { server, tool }: Pick<ReadRequest, "server" | "tool">): void => {
    const name = `${server}.${tool}`;
    into.set(name, (into.get(name) ?? 0) + 1);
  };
  const look = (call: ReadRequest, outcome: { readonly kind: string; readonly gone?: boolean; readonly value?: Data }): void => {
    if (outcome.kind !== "value" || outcome.gone === true || outcome.value === undefined || !isUnlike(call, outcome.value)) return;
    count(unlike, call);
  };
  return {
    reads, unlike,
    calls: {
      readOffer: (request) => calls.readOffer(request),
      async call(server, tool, args, limits) {
        const outcome = await calls.call(server, tool, args, limits);
        look({ server, tool, args }, outcome);
        return outcome;
      },
      async read(request) {
        const outcome = await calls.read(request);
        if (outcome.kind === "value") count(reads, request);
        look(request, outcome);
        return outcome;
      },
    },
  };
}

/** What a run has counted, with what it counted before it was parked. Absent while nothing is to be told. */
export function withCounted(before: RunCounts, { reads, unlike }: Pick<WatchedCalls, "reads" | "unlike">): Pick<RunCounts, "reads" | "unlike"> {
  const [allReads, allUnlike] = [added(before.reads, reads), added(before.unlike, unlike)];
  return { ...(allReads === null ? {} : { reads: allReads }), ...(allUnlike === null ? {} : { unlike: allUnlike }) };
}

function added(before: Readonly<Record<string, number>> = {}, counted: ReadonlyMap<string, number>): Readonly<Record<string, number>> | null {
  const names = [...new Set([...Object.keys(before), ...counted.keys()])].toSorted();
  return names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, (before[name] ?? 0) + (counted.get(name) ?? 0)]));
}
