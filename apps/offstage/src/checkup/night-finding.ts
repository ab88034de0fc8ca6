import { isOffstageError } from "offstage/base";
import { DiagnosticsError } from "../errors.ts";

/** What the 3 a.m. check says about one thing of the project, beside its servers and queues. */
export interface NightFinding {
  readonly about: string;
  /** `fails`: with nobody there something would not happen. `warns`: somebody should look, and may find that it is meant so. */
  readonly state: "fine" | "warns" | "fails";
  readonly what: string;
  readonly hint: string | null;
}

/** What a part of the check found. An error of ours is one finding that fails; any other is thrown. */
export async function foundBy(about: string, look: () => Promise<readonly NightFinding[]>): Promise<readonly NightFinding[]> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof DiagnosticsError) {
      const [first, ...more] = error.diagnostics;
      const what = first === undefined ? error.message : `${first.file}:${first.line} ${first.code} ${first.message}${more.length === 0 ? "" : `, and ${more.length} more`}`;
      return [{ about, state: "fails", what, hint: `${first?.hint === undefined ? "" : `${first.hint} `}All faults: offstage check` }];
    }
    if (!isOffstageError(error) || error.code === "BUG") throw error;
    return [{ about, state: "fails", what: error.message, hint: error.hint ?? null }];
  }
}

/** `2026-11-26 03:00Z`. */
export function minuteOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace("T", " ")}Z`;
}
