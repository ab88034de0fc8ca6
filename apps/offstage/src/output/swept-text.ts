import type { Run } from "offstage/model";
import { escapeControls } from "../terminal.ts";
import { counted } from "./counted.ts";

/** What a sweep found that it did not visit, a line each; nothing of a run that is none. */
export function sweptLines({ counts: { swept }, phase }: Pick<Run, "counts" | "phase">): readonly string[] {
  if (swept === undefined) return [];
  const { lost, missed, orphans, strange, recordless } = swept;
  const left = Object.entries(strange).map(([record, count]) => `${counted(count, "binding")} of the record ${escapeControls(record)}, which the workflow does not have any more: left as ${count === 1 ? "it is" : "they are"}.`);
  if (recordless === true) return ["The workflow has no records, so there was nothing to sweep.", ...left];
  if (lost !== null) return [`The sweep may not have seen everything, so nothing is released: ${escapeControls(lost)}.`, ...left];
  const released = orphans === 0 ? "" : `; ${orphans === missed ? "" : `${orphans} of them `}missed by the sweep before too, so to be released`;
  const first = missed > orphans && phase !== "plan" ? "; a second sweep that misses what this one is the first to miss releases it" : "";
  return [missed === 0 ? "The sweep visited every binding." : `The sweep did not come to ${counted(missed, "binding")}${released}${first}.`, ...left];
}
