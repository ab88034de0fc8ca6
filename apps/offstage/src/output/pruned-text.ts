import type { Pruned } from "offstage/host";
import { counted } from "./counted.ts";

/** What was removed from a store, in a few words. */
export function prunedText({ runs, arrivals, windows, programs }: Pruned): string {
  const parts = [some(runs, counted(runs, "run")), some(arrivals, counted(arrivals, "event")), some(windows, `${windows} \`once … for:\``), some(programs, counted(programs, "program"))].flat();
  return parts.length === 0 ? "nothing was over for long" : `${parts.join(", ")}, over for longer than they are kept`;
}

function some(count: number, text: string): readonly string[] {
  return count === 0 ? [] : [text];
}
