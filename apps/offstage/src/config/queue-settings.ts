import { z } from "zod";
import { durationUpTo } from "./duration-setting.ts";

/** What `queues:` of `offstage.yaml` says of any queue. References are not resolved. */
interface AnyQueueSettings {
  readonly name: string;
  readonly url: string;
  readonly maxBytes: number;
  readonly maxAttempts: number;
  readonly holdMs: number;
}

/** A stream of Redis. */
export interface RedisQueueSettings extends AnyQueueSettings {
  readonly kind: "redis";
  readonly stream: string;
  readonly group: string;
  readonly field: string | null;
  readonly deadLetters: string;
}

/** One queue of `offstage.yaml`. */
export type QueueSettings = RedisQueueSettings;

const MIB = 1 << 20;
const text = z.string().min(1);

/** As SQS has it. */
const LONGEST_HOLD = "12h";
const DEFAULT_HOLD_MS = 30_000;
const DEFAULT_ATTEMPTS = 10;

const ANY = {
  url: text,
  limit: z.int().min(1).max(10 * MIB).optional(),
  attempts: z.int().min(1).optional(),
  hold: durationUpTo(LONGEST_HOLD, "1s").optional(),
};

const queueSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("redis"), ...ANY, stream: text.optional(), group: text.optional(), field: text.optional(), deadLetter: text.optional() }),
]);

/** The part of the file. */
export const queuesSchema = z.record(z.string().regex(/^[\w.-]+$/, { error: "A queue is named by letters, digits, _, . and -." }), queueSchema);

/** The queues, with their defaults. */
export function queueSettings(document: z.infer<typeof queuesSchema> = {}): readonly QueueSettings[] {
  return Object.entries(document).map(([name, queue]) => {
    const { url, limit: maxBytes = MIB, attempts: maxAttempts = DEFAULT_ATTEMPTS, hold: holdMs = DEFAULT_HOLD_MS } = queue;
    const any = { name, url, maxBytes, maxAttempts, holdMs };
    const { stream = name, group = "offstage", field = null, deadLetter = `${stream}:dead` } = queue;
    return { kind: "redis", ...any, stream, group, field, deadLetters: deadLetter };
  });
}
