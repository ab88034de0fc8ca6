import type { Clock } from "../../base/index.ts";
import { loadClient } from "./load-client.ts";
import type { QueueConfig } from "./queue-config.ts";
import type { QueueBroker } from "./queue-port.ts";

/** What brokers are made with. */
export interface BrokerMeans {
  readonly clock: Clock;
  /** Tells this process from all others, also from those before it. */
  readonly consumer: string;
}

/**
 * The broker of a queue. Its client is loaded here, so that who has no such queue does not pay for it. Errors: `QUEUE_CLIENT_MISSING` when it is not installed.
 */
export async function createBroker(config: QueueConfig, means: BrokerMeans): Promise<QueueBroker> {
  switch (config.kind) {
    case "redis":
      return (await loadClient("ioredis", 6, () => import("./redis/redis-queue.ts"))).createRedisQueue(config, means);
    case "nats":
      return (await loadClient("@nats-io/jetstream", 3, () => import("./nats/nats-queue.ts"))).createNatsQueue(config);
    case "sqs":
      return (await loadClient("@aws-sdk/client-sqs", 3, () => import("./sqs/sqs-queue.ts"))).createSqsQueue(config);
    case "pubsub":
      return (await loadClient("@google-cloud/pubsub", 6, () => import("./pubsub/pubsub-queue.ts"))).createPubsubQueue(config);
  }
}
