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

/** A subscription of Google Pub/Sub. */
export interface PubsubQueue extends AnyQueue {
  readonly kind: "pubsub";
  readonly project: string;
  /** Its last part, or its whole name. */
  readonly subscription: string;
  /** A key of a service account, as JSON; null: what Google's client finds by itself. */
  readonly credentials: string | null;
  /** `host:port` of an emulator; null: Google's. */
  readonly endpoint: string | null;
  /** A topic; null: the one of the subscription's dead-letter policy. */
  readonly deadLetters: string | null;
}

/** A queue that the project describes. */
export type QueueConfig = RedisQueue | NatsQueue | SqsQueue | PubsubQueue;
