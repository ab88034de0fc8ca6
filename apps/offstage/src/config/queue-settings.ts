import type { NatsQueue, PubsubQueue, RedisQueue, SqsQueue } from "offstage/triggers/queue";
import { z } from "zod";
import { durationUpTo } from "./duration-setting.ts";

/** A subscription of Google Pub/Sub; `url` is the one of an emulator, null: Google's. */
export type PubsubQueueSettings = Omit<PubsubQueue, "endpoint"> & { readonly url: string | null };

/** One queue of `offstage.yaml`: as {@link QueueConfig} has it, with references in place of what they stand for. */
export type QueueSettings = RedisQueue | NatsQueue | SqsQueue | PubsubQueueSettings;

type AnyQueueSettings = Pick<QueueSettings, "name" | "maxBytes" | "maxAttempts" | "holdMs">;

const MIB = 1 << 20;
const text = z.string().min(1);

/** As SQS has it. */
const LONGEST_HOLD = "12h";
const DEFAULT_HOLD_MS = 30_000;
const DEFAULT_ATTEMPTS = 10;

/** Names of JetStream are parts of subjects. */
const natsName = z.string().regex(/^[^\s.*>/\\]+$/, { error: "NATS takes no white space, dots, stars, > and slashes in such a name." });

const ANY = {
  limit: z.int().min(1).max(10 * MIB).optional(),
  attempts: z.int().min(1).optional(),
  hold: durationUpTo(LONGEST_HOLD, "1s").optional(),
};

const redisSchema = z.strictObject({ kind: z.literal("redis"), ...ANY, url: text, stream: text.optional(), group: text.optional(), field: text.optional(), deadLetter: text.optional() });
const natsSchema = z.strictObject({ kind: z.literal("nats"), ...ANY, url: text, credentials: text.optional(), stream: natsName.optional(), consumer: natsName.optional(), subject: text.optional(), deadLetter: text.optional() });
const sqsSchema = z
  .strictObject({ kind: z.literal("sqs"), ...ANY, url: text, region: text.optional(), accessKeyId: text.optional(), secretAccessKey: text.optional(), deadLetter: text.optional() })
  .superRefine(({ url, region, accessKeyId, secretAccessKey }, context) => {
    if (region === undefined && regionIn(url) === null) context.addIssue({ code: "custom", path: ["region"], message: "Its `url` does not say which region it is of: write region: eu-central-1." });
    if ((accessKeyId === undefined) !== (secretAccessKey === undefined)) context.addIssue({ code: "custom", message: "accessKeyId and secretAccessKey come together; without both, AWS's client looks for its keys." });
  });
const pubsubSchema = z.strictObject({ kind: z.literal("pubsub"), ...ANY, url: text.optional(), project: text, subscription: text.optional(), credentials: text.optional(), deadLetter: text.optional() });
const queueSchema = z.discriminatedUnion("kind", [redisSchema, natsSchema, sqsSchema, pubsubSchema]);

/** `https://sqs.eu-central-1.amazonaws.com/123456789012/orders` */
function regionIn(url: string): string | null {
  return /^https:\/\/sqs\.([a-z0-9-]+)\.amazonaws\.com/.exec(url)?.[1] ?? null;
}

/** The part of the file. */
export const queuesSchema = z.record(z.string().regex(/^[\w.-]+$/, { error: "A queue is named by letters, digits, _, . and -." }), queueSchema);

/** The queues, with their defaults. */
export function queueSettings(document: z.infer<typeof queuesSchema> = {}): readonly QueueSettings[] {
  return Object.entries(document).map(([name, queue]) => {
    const { limit: maxBytes = MIB, attempts: maxAttempts = DEFAULT_ATTEMPTS, hold: holdMs = DEFAULT_HOLD_MS } = queue;
    const any = { name, maxBytes, maxAttempts, holdMs };
    switch (queue.kind) {
      case "redis":
        return redisSettings(any, queue);
      case "nats":
        return natsSettings(any, queue);
      case "sqs":
        return sqsSettings(any, queue);
      case "pubsub":
        return pubsubSettings(any, queue);
    }
  });
}

function redisSettings(any: AnyQueueSettings, { url, stream = any.name, group = "offstage", field, deadLetter = `${stream}:dead` }: z.infer<typeof redisSchema>): RedisQueue {
  return { kind: "redis", ...any, url, stream, group, field: field ?? null, deadLetters: deadLetter };
}

function natsSettings(any: AnyQueueSettings, { url, stream = any.name, consumer = "offstage", subject, credentials, deadLetter = `${stream}.dead` }: z.infer<typeof natsSchema>): NatsQueue {
  return { kind: "nats", ...any, url, credentials: credentials ?? null, stream, consumer, subject: subject ?? null, deadLetters: deadLetter };
}

function sqsSettings(any: AnyQueueSettings, { url, region, accessKeyId, secretAccessKey, deadLetter }: z.infer<typeof sqsSchema>): SqsQueue {
  const keys = accessKeyId === undefined || secretAccessKey === undefined ? null : { accessKeyId, secretAccessKey };
  return { kind: "sqs", ...any, url, region: region ?? regionIn(url) ?? "", keys, deadLetters: deadLetter ?? null };
}

function pubsubSettings(any: AnyQueueSettings, { url, project, subscription = any.name, credentials, deadLetter }: z.infer<typeof pubsubSchema>): PubsubQueueSettings {
  return { kind: "pubsub", ...any, url: url ?? null, project, subscription, credentials: credentials ?? null, deadLetters: deadLetter ?? null };
}
