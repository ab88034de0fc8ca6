import type { ErrorCode } from "offstage/base";

/** What the process ends with. Scripts and schedulers rely on these. */
export const EXIT = {
  fine: 0,
  /** Failed or partial. */
  failed: 1,
  /** Usage, or something a person wrote that does not check. */
  usage: 2,
  /** `plan --detailed-exitcode`: there are changes. */
  changes: 3,
  /** Pending, parked, or needs attention: waiting for a person, or for time to pass. */
  waiting: 4,
  /** Ctrl-C, as shells count it. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const USAGE_CODES: readonly ErrorCode[] = [
  "USAGE", "PROJECT_NOT_FOUND", "CONFIG_INVALID", "LOCK_INVALID", "WORKFLOW_NOT_FOUND", "WORKFLOW_INVALID", "INPUT_INVALID", "SECRET_IN_INPUT",
  // Names of things that are not there are slips like a wrong workflow.
  "SERVER_UNKNOWN", "TOOL_UNKNOWN", "RUN_UNKNOWN", "PLAN_UNKNOWN", "REQUEST_UNKNOWN", "EFFECT_UNKNOWN", "DRAFT_UNKNOWN", "EVENT_INVALID", "EVENT_UNWANTED"];

/** The exit code of a command that ended with an error of ours. */
export function exitCodeOf(code: ErrorCode): ExitCode {
  if (USAGE_CODES.includes(code)) return EXIT.usage;
  if (code === "EFFECT_AMBIGUOUS") return EXIT.waiting;
  return code === "CANCELLED" ? EXIT.interrupted : EXIT.failed;
}
