import { type Data, type ErrorData, toErrorData } from "../base/index.ts";
import type { EffectAnswer, EffectRequest, LedgerEntry, Outcome } from "../model/index.ts";
import type { CallAnswer, Caller } from "./ports.ts";

/** Sends one write and tells what is known of it: what does not prove that nothing happened is ambiguous. */
export async function send(caller: Caller, request: EffectRequest, entry: LedgerEntry): Promise<Outcome> {
  const { call } = request;
  if (call === null) return { kind: "done", value: request.args.value, unreadable: false };
  try {
    return outcomeOf(await caller.call(call.server, call.tool, request.args.value, { deadlineAt: entry.deadlineAt }), request, entry);
  } catch (thrown) {
    return ambiguous(request, entry, toErrorData(thrown));
  }
}

function outcomeOf(answer: CallAnswer, request: EffectRequest, entry: LedgerEntry): Outcome {
  switch (answer.kind) {
    case "value":
      return { kind: "done", value: answer.value, unreadable: false };
    case "unreadable":
      return { kind: "done", value: null, unreadable: true };
    case "error":
      return answer.refused ? { kind: "failed", error: answer.error } : ambiguous(request, entry, answer.error);
  }
}

function ambiguous(request: EffectRequest, entry: LedgerEntry, error: ErrorData): Outcome {
  return {
    kind: "ambiguous",
    error: {
      code: "EFFECT_AMBIGUOUS",
      message: `${request.label}: whether it was written is not known. ${entry.server}${entry.tool === null ? "" : `.${entry.tool}`}: ${error.message}`,
      hint: `Look at ${entry.target === "" ? entry.server : entry.target}, then tell: offstage resolve ${entry.id.slice(0, 12)}. Later runs try again to find out.`,
    },
  };
}

/** The error of an effect that somebody intended and of which nothing more is known. */
export function interrupted(entry: LedgerEntry): ErrorData {
  return {
    code: "EFFECT_AMBIGUOUS",
    message: `${entry.server}${entry.tool === null ? "" : `.${entry.tool}`} was about to be called by run ${entry.runId} (${entry.step}), and how that ended is not known.`,
    hint: `Look at ${entry.target === "" ? entry.server : entry.target}, then tell: offstage resolve ${entry.id.slice(0, 12)}. Later runs try again to find out.`,
  };
}

/** A ledger row as the answer to who asks for its effect. */
export function answerOf(entry: LedgerEntry, replayed: boolean): EffectAnswer {
  const { id: effect, outcome } = entry;
  if (outcome === null) return { kind: "ambiguous", effect, error: interrupted(entry) };
  return outcome.kind === "done" ? { kind: "done", effect, value: outcome.value, unreadable: outcome.unreadable, replayed } : { kind: outcome.kind, effect, error: outcome.error };
}

/** A row with its outcome. */
export function withOutcome(entry: LedgerEntry, outcome: Outcome, settledBy: NonNullable<LedgerEntry["settledBy"]>, now: number): LedgerEntry {
  return { ...entry, status: outcome.kind, outcome, settledAt: now, settledBy: outcome.kind === "ambiguous" ? null : settledBy };
}

/** An error that says that nothing was sent. */
export function late(request: EffectRequest): { readonly kind: "failed"; readonly error: ErrorData } {
  return { kind: "failed", error: { code: "EFFECT_LATE", message: `${request.label}: it was not sent, because this process was held up past its deadline.`, hint: "Run again; raise the server's timeout if its calls wait long for their turn." } };
}

/** The value that the ledger has for a done effect. */
export function valueOf(entry: LedgerEntry): Data {
  return entry.outcome?.kind === "done" ? entry.outcome.value : null;
}
