/** What every queue has, whatever its broker: see {@link QueueBroker}. References are resolved. */
interface AnyQueue {
  /** The queue's name in the project. */
  readonly name: string;
  readonly maxBytes: number;
  readonly maxAttempts: number;
  /** How long a message that was taken and not handled stays away from others. Ms. */
  readonly holdMs: number;
}

/** A stream of Redis, or of what speaks its protocol. */
export interface RedisQueue extends AnyQueue {
  readonly kind: "redis";
  /** `redis:` or `rediss:`, with user and password. */
  readonly url: string;
  readonly stream: string;
  readonly group: string;
  /** The field that holds the message as JSON; null: every field is a text of the message. */
  readonly field: string | null;
  /** A stream. */
  readonly deadLetters: string;
}

/** A stream of NATS JetStream. */
export interface NatsQueue extends AnyQueue {
  readonly kind: "nats";
  /** `nats:` or `tls:`, with user and password, or a token in the user's place. */
  readonly url: string;
  /** A user's credentials, as `nsc` writes them into a file; null: none. */
  readonly credentials: string | null;
  readonly stream: string;
  /** A durable consumer of pulls. */
  readonly consumer: string;
  /** Only messages of this subject, when the consumer is made; null: all of the stream. */
  readonly subject: string | null;
  /** A subject. */
  readonly deadLetters: string;
}

/** A queue of Amazon SQS, or of what speaks its protocol. */
export interface SqsQueue extends AnyQueue {
  readonly kind: "sqs";
  /** The queue's own. */
  readonly url: string;
  readonly region: string;
  /** null: what AWS's client finds by itself, a role of the machine among others. */
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string } | null;
  /** The URL of another queue; null: the one of this one's redrive policy. */
  readonly deadLetters: string | null;
}

/** A queue that the project describes. */
export type QueueConfig = RedisQueue | NatsQueue | SqsQueue;
