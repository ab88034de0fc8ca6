import type { LedgerEntry } from "../model/index.ts";
import type { JournalRow } from "../state/index.ts";
import { sampleEntry, sampleOnce, settled } from "./store-samples.ts";

/** The effect that carries a number; its size varies, so that commits end at all sorts of places of a page. */
export function numberedEntry(number: number): LedgerEntry {
  return settled(sampleEntry(sampleOnce(String(number))), { number, text: "x".repeat((number * 997) % 9_000) });
}

/** The journal row that is committed with it. */
export function numberedRow(number: number): JournalRow {
  return { key: `step#${number}`, kind: "step", hash: "h", value: String(number) };
}
