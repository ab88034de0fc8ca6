import { Redis } from "ioredis";

/** A reply as it came, texts as bytes. */
export type Reply = Buffer | number | null | readonly Reply[];

/** A connection to Redis that is not mended when it breaks: whoever uses it makes a new one. */
export interface RedisConnection {
  /** Rejects with what Redis answers, or why the connection broke. */
  command(name: string, ...args: readonly (string | Buffer | number)[]): Promise<Reply>;
  /** All or none of them. */
  together(commands: readonly (readonly (string | Buffer | number)[])[]): Promise<void>;
  close(): void;
}

const CONNECT_MS = 5_000;
/** Longer than a read waits for messages. */
const ANSWER_MS = 10_000;

/** Connects. Rejects with the reason. */
export async function connectRedis(url: string): Promise<RedisConnection> {
  // Protocol 2 is what every version and every relative of Redis speaks.
  const redis = new Redis(url, { lazyConnect: true, protocol: 2, retryStrategy: null, maxRetriesPerRequest: null, enableOfflineQueue: false, connectTimeout: CONNECT_MS, commandTimeout: ANSWER_MS, connectionName: "offstage" });
  let broken: Error | null = null;
  redis.on("error", (error: Error) => void (broken = error));
  // What its client says of a connection that broke is only that it is closed.
  const why = (error: unknown): unknown => broken ?? error;
  try {
    await redis.connect();
  } catch (error) {
    redis.disconnect();
    throw why(error);
  }
  return {
    async command(name, ...args) {
      try {
        return (await redis.callBuffer(name, ...args)) as Reply;
      } catch (error) {
        throw why(error);
      }
    },
    async together(commands) {
      const transaction = redis.multi();
      for (const [name, ...args] of commands) transaction.call(name as string, ...(args as string[]));
      for (const [error] of (await transaction.exec()) ?? []) if (error !== null) throw error;
    },
    close: () => redis.disconnect(),
  };
}
