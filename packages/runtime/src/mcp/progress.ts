import type { Progress } from "@modelcontextprotocol/client";

/** How far a call is, as its server says; redacted. It moves no deadline. */
export interface CallProgress {
  readonly done: number;
  readonly total: number | null;
  readonly message: string | null;
}

/** Is told how far a call is. */
export type OnProgress = (progress: CallProgress) => void;

/** UTF-16 units of a message that are looked at. */
const LONGEST = 4_096;

/** Reads what a server says; numbers that are none are nothing done yet. */
export function readProgress({ progress, total, message }: Progress, redact: (text: string) => string): CallProgress {
  return { done: typeof progress === "number" ? progress : 0, total: typeof total === "number" ? total : null, message: typeof message === "string" ? redact(message.slice(0, LONGEST)) : null };
}
