export { type BrokerMeans, createBroker } from "./create-broker.ts";
export type { QueueNews } from "./consume-queue.ts";
export type { NatsQueue, PubsubQueue, QueueConfig, RedisQueue, SqsQueue } from "./queue-config.ts";
export type { QueueBroker } from "./queue-port.ts";
export { createQueues, type Queues } from "./queues.ts";
