import { type Data, type ErrorCode, type ErrorData, OffstageError, type Redactor, shorten, toErrorData } from "../base/index.ts";
import { admit } from "./admission.ts";
import { type NormalReply, normaliseError, normaliseResult } from "./normalise.ts";
import type { CallOutcome, RawReply, Rule, RuleReply } from "./ports.ts";

/** As much of a tool's own error as a message shows. UTF-16 units. */
export const SHOWN = 500;

/** What a reply is judged with. */
export interface Judgement {
  /** `server.tool`, for messages. */
  readonly what: string;
  readonly rule: Rule;
  readonly redactor: Redactor;
}

/** What a reply means under its rule. Pure; never throws for what a server or a profile does. */
export function judge(reply: RawReply, judgement: Judgement): CallOutcome {
  const { redactor } = judgement;
  if (reply.kind === "error") {
    if (reply.text !== undefined) return judgeError(normaliseError(reply.text, redactor), judgement);
    return { kind: "error", error: redactError(reply.error, redactor), refused: !reply.sent, gone: false };
  }
  let normal: NormalReply;
  try {
    normal = normaliseResult(reply, judgement.rule.sensitive, redactor);
    // Before a rule sees it: a result() may not carry parts of what no run could hold, nor walk it for ever.
    admit(normal.value, judgement.what);
    admit(normal.seen.text, judgement.what);
  } catch (error) {
    return reply.isError ? { kind: "error", error: toErrorData(error), refused: false, gone: false } : unusable(error, judgement);
  }
  const { rule } = judgement;
  if (reply.isError) return judgeError(normal.seen, judgement);
  // "Nothing was deleted: you declined" comes as a success too: only a rule can tell.
  const isOpen = reply.declined === true && rule.effect === "write" && !holds(() => rule.failed?.(normal.seen));
  return isOpen ? judgeError(normal.seen, judgement, "asked a question that was declined, and then answered") : judgeResult(normal, judgement);
}

/** An answer that is an error: of the tool (`isError`) or of the protocol. Only the profile can say that nothing happened. */
function judgeError(seen: RuleReply, { what, rule }: Judgement, did = "answered with an error"): CallOutcome {
  const refused = holds(() => rule.refused?.(seen));
  const gone = holds(() => rule.gone?.(seen));
  const code: ErrorCode = rule.effect !== "write" ? "READ_FAILED" : refused ? "TOOL_FAILED" : "TOOL_ERROR";
  return { kind: "error", error: { code, message: `${what} ${did}: ${quote(seen.text)}` }, refused, gone };
}

function judgeResult(normal: NormalReply, judgement: Judgement): CallOutcome {
  const { what, rule } = judgement;
  const gone = holds(() => rule.gone?.(normal.seen));
  try {
    if (rule.failed?.(normal.seen) === true) {
      // Servers that say every error as a success: what proves that nothing happened is then for `refused` to tell.
      const refused = rule.refused === undefined || holds(() => rule.refused?.(normal.seen));
      const code: ErrorCode = rule.effect !== "write" ? "READ_FAILED" : refused ? "TOOL_FAILED" : "TOOL_ERROR";
      return { kind: "error", error: { code, message: `${what} failed: ${quote(normal.seen.text)}` }, refused, gone };
    }
    return { kind: "value", value: valueOf(normal, judgement), gone };
  } catch (error) {
    // What is gone has no shape to be read: the answer itself is the value.
    return gone ? { kind: "value", value: normal.value, gone } : unusable(error, judgement);
  }
}

function valueOf(normal: NormalReply, { what, rule, redactor }: Judgement): Data {
  if (rule.result === undefined) return normal.value;
  const value: Data | undefined = rule.result(normal.seen);
  if (value === undefined) throw new OffstageError("RESULT_UNREADABLE", "the profile's result() found nothing in it");
  // Two texts that a rule joins can make a secret that neither held.
  return admit(redactor.redactData(value), what);
}

/** The call succeeded and its result cannot be used: after a write it has happened all the same. */
export function unusable(thrown: unknown, { what, rule, redactor }: Judgement): CallOutcome {
  const cause = toErrorData(thrown);
  if (rule.effect === "write") {
    return { kind: "unreadable", error: { code: "RESULT_UNREADABLE", message: `${what} did what it was asked for, but its result cannot be understood: ${redactor.redact(cause.message)}` } };
  }
  const error: ErrorData = cause.code === "LIMIT_SIZE" || cause.code === "LIMIT_DEPTH" ? cause : { code: "READ_FAILED", message: `The result of ${what} cannot be understood: ${redactor.redact(cause.message)}` };
  return { kind: "error", error, refused: false, gone: false };
}

/** A rule that fails proves nothing. */
function holds(rule: () => boolean | undefined): boolean {
  try {
    return rule() === true;
  } catch {
    return false;
  }
}

/** An error of ours that may quote what a server said. */
export function redactError(error: ErrorData, redactor: Redactor): ErrorData {
  return { code: error.code, message: shorten(redactor.redact(error.message), 2 * SHOWN), ...(error.hint === undefined ? {} : { hint: redactor.redact(error.hint) }) };
}

function quote(text: string): string {
  return text.trim() === "" ? "(it said nothing)" : shorten(text.trim(), SHOWN);
}
