import type { Pruned } from "offstage/host";

/** What was removed from a store, in a few words. */
export function prunedText({ runs, arrivals, windows, programs }: Pruned): string {
  const parts = [count(runs, "run"), count(arrivals, "event"), count(windows, "`once … for:`", ""), count(programs, "program")].flatMap((part) => (part === null ? [] : [part]));
  return parts.length === 0 ? "nothing was over for long" : `${parts.join(", ")}, over for longer than they are kept`;
}

function count(number: number, what: string, many = "s"): string | null {
  return number === 0 ? null : `${number} ${what}${number === 1 ? "" : many}`;
}
