import { type LoadResult, nameOf } from "./load.ts";

/** What the count on the other side says. Faults are sentences; none when every write is done once, or told. */
export interface Verdict {
  readonly text: string;
  readonly faults: readonly string[];
}

/** Compares the ledger with the server's own file: done is made once, failed is not made, in doubt is made once at most. */
export function judgeLoad({ ledger, made }: Pick<LoadResult, "ledger" | "made">): Verdict {
  const counts = { done: 0, failed: 0, ambiguous: 0, intended: 0 };
  const faults: string[] = [];
  const known = new Set<string>();
  for (const entry of ledger) {
    const name = nameOf(entry);
    const times = made.get(name) ?? 0;
    known.add(name);
    counts[entry.status] += 1;
    if (times > 1) faults.push(`${name} was made ${times} times (${entry.status})`);
    if (entry.status === "done" && times === 0) faults.push(`${name} is said to be done and was never made`);
    if (entry.status === "failed" && times > 0) faults.push(`${name} is said to have failed and was made`);
    if (entry.status === "intended") faults.push(`${name} was left as intended`);
  }
  for (const name of made.keys()) if (!known.has(name)) faults.push(`${name} was made and is not in the ledger`);
  const doubtful = ledger.filter(({ status }) => status === "ambiguous");
  const madeInDoubt = doubtful.filter((entry) => made.has(nameOf(entry))).length;
  return { text: `${ledger.length} writes: ${counts.done} done, ${counts.failed} failed and not made, ${counts.ambiguous} told as in doubt (of them ${madeInDoubt} made, ${doubtful.length - madeInDoubt} not)`, faults };
}
