import type { ErrorData } from "../base/index.ts";
import type { EffectAnswer, EffectRequest, LedgerEntry } from "../model/index.ts";
import { answerOf } from "./effect-call.ts";

/**
 * What the ledger alone answers to a request, or null when the gate has to decide about an attempt. Pure.
 *
 * Done is done: a lasting identity is replayed whatever the arguments are now. A step of this very run that asks with
 * other arguments than before has drifted. A failure that this run has seen already stays what it saw; later runs may
 * try again. What was made in another target is refused. What may have happened is never attempted again, unless the tool is declared idempotent and asked the same.
 */
export function ledgerAnswer(entry: LedgerEntry | null, request: EffectRequest, argsHash: string | null, now: { readonly runId: string; readonly target: string }): EffectAnswer | null {
  if (entry === null) return null;
  const { runId } = now;
  if (entry.status !== "failed" && entry.target !== now.target) return { kind: "refused", effect: entry.id, error: movedAway(entry, now.target) };
  switch (entry.status) {
    case "done":
      return entry.identity.kind === "step" && entry.runId === runId && entry.argsHash !== argsHash ? drifted(entry, request) : answerOf(entry, true);
    case "failed":
      return entry.runId === runId && entry.settledBy === "answer" && entry.argsHash === argsHash ? answerOf(entry, true) : null;
    case "intended":
    case "ambiguous":
      return mayRepeat(entry, request, argsHash) ? null : answerOf(entry, true);
  }
}

/** True when sending the same call once more does nothing more. */
function mayRepeat(entry: LedgerEntry, request: EffectRequest, argsHash: string | null): boolean {
  return entry.idempotent && request.call?.class.idempotent === true && entry.tool === request.call.tool && entry.server === request.call.server && entry.argsHash === argsHash;
}

function drifted(entry: LedgerEntry, request: EffectRequest): EffectAnswer {
  return {
    kind: "refused",
    effect: entry.id,
    error: {
      code: "JOURNAL_MISMATCH",
      message: `${request.label} (${request.step}) was written by this run with other arguments than it asks for now.`,
      hint: "This is a fault of Offstage or of an edited store. Start a new run.",
    },
  };
}

/** The error of an effect that was made in another account or site than its server speaks to now. */
export function movedAway(entry: LedgerEntry, target: string): ErrorData {
  return {
    code: "TARGET_CHANGED",
    message: `The write ${entry.id.slice(0, 12)} (${entry.step}) was made in ${entry.target}, and ${entry.server} speaks to ${target} now.`,
    hint: "Point the server in mcp.json back, or use another store for the other target.",
  };
}
