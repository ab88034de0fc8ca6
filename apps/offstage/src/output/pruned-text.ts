import type { Pruned } from "offstage/host";
import { counted } from "./counted.ts";

/** What was removed from a store, in a few words. */
export function prunedText({ runs, arrivals, windows, programs, blobs, bytes }: Pruned): string {
  const parts = [some(runs, counted(runs, "run")), some(arrivals, counted(arrivals, "event")), some(windows, `${windows} \`once … for:\``), some(programs, counted(programs, "program")), some(blobs, blobsText({ blobs, bytes }))].flat();
  return parts.length === 0 ? "nothing was over for long" : `${parts.join(", ")}, over for longer than they are kept`;
}

/** How many images, sounds and files of results, and how large they are. */
export function blobsText({ blobs, bytes }: Pick<Pruned, "blobs" | "bytes">): string {
  return `${counted(blobs, "blob")} (${counted(bytes, "byte")})`;
}

function some(count: number, text: string): readonly string[] {
  return count === 0 ? [] : [text];
}
