import { CreateQueueCommand, SendMessageCommand } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { freePort } from "../../../testing/free-port.ts";
import { queueSuite } from "../../../testing/queue.suite.ts";
import { realClock } from "../../../testing/real-clock.ts";
import { startSqs } from "../../../testing/sqs-broker.ts";
import { openFault, withConnection } from "../../../testing/with-connection.ts";
import { createBroker, type SqsQueue } from "../index.ts";
import type { QueueConnection, QueueMessage } from "../queue-port.ts";
import { createSqsQueue } from "./sqs-queue.ts";

// SQS as moto imitates it.

const HOLD_MS = 1_000;
let server: Awaited<ReturnType<typeof startSqs>>;
beforeAll(async () => {
  server = await startSqs();
}, 60_000);
afterAll(() => server.close());

const configOf = (queue: string, more: Partial<SqsQueue> = {}): SqsQueue => ({ kind: "sqs", name: "orders", url: server.url(queue), region: "eu-central-1", keys: server.keys, maxBytes: 1_000, maxAttempts: 9, holdMs: HOLD_MS, deadLetters: null, ...more });
const stopping = new AbortController().signal;
const passHold = (): Promise<void> => realClock.sleep(HOLD_MS + 200);
let queues = 0;
const fresh = async (suffix = ""): Promise<string> => {
  const queue = `orders-${++queues}${suffix}`;
  await server.make(queue);
  return queue;
};

queueSuite("SQS", async () => {
  const queue = await fresh();
  return {
    inOrder: false,
    broker: async () => createSqsQueue(configOf(queue), { waitS: 1 }),
    send: (text) => server.send(queue, text),
    passHold,
    aside: () => server.aside(queue),
    remove: () => Promise.resolve(),
  };
});

const connected = async (config: SqsQueue, use: (connection: QueueConnection) => Promise<void>): Promise<void> => withConnection(await createBroker(config, { clock: realClock, consumer: "one" }), use);

describe("SQS: a queue", () => {
  test("gives more than SQS gives at once, and takes as many back", async () => {
    const queue = await fresh();
    for (let n = 0; n < 35; n++) await server.send(queue, String(n));
    await connected(configOf(queue), async (connection) => {
      const messages = await connection.receive(33, stopping);
      expect(new Set(messages.map(({ id }) => id)).size).toBe(33);
      await connection.acknowledge(messages);
      expect(await connection.receive(33, stopping)).toHaveLength(2);
    });
  });

  test("of the FIFO kind puts aside in its group, with what the message had", async () => {
    const queue = await fresh(".fifo");
    await server.client.send(new SendMessageCommand({ QueueUrl: server.url(queue), MessageBody: "x", MessageGroupId: "g", MessageDeduplicationId: "d", MessageAttributes: { Trace: { DataType: "String", StringValue: "t" } } }));
    await connected(configOf(queue), async (connection) => {
      const [message] = await connection.receive(9, stopping);
      await connection.deadLetter(message as QueueMessage, "two\nlines");
    });
    expect(await server.aside(queue)).toEqual([{ text: "x", why: "two lines" }]);
  });

  test("puts aside where it is told to, also when it has a policy of its own", async () => {
    const [queue, other] = [await fresh(), await fresh()];
    await server.send(queue, "x");
    await connected(configOf(queue, { deadLetters: server.url(`${other}-dead`) }), async (connection) => {
      for (const message of await connection.receive(9, stopping)) await connection.deadLetter(message, "why");
    });
    expect(await server.aside(other)).toEqual([{ text: "x", why: "why" }]);
  });

  test("is not waited for by who is to stop", async () => {
    const stop = new AbortController();
    await connected(configOf(await fresh()), async (connection) => {
      const reading = connection.receive(9, stop.signal);
      stop.abort();
      expect(await reading).toEqual([]);
    });
  });

  test("says QUEUE_UNAVAILABLE and why: nobody there, no such queue, nowhere to put aside", async () => {
    const fault = async (config: SqsQueue): Promise<unknown> => openFault(createSqsQueue(config));
    const port = await freePort();
    expect(await fault(configOf("x", { url: `http://127.0.0.1:${port}/1/x` }))).toMatchObject({ code: "QUEUE_UNAVAILABLE", message: expect.stringContaining("ECONNREFUSED") as string });
    expect(await fault(configOf("none"))).toMatchObject({ code: "QUEUE_UNAVAILABLE", message: expect.stringContaining("does not exist") as string });
    expect(await fault(configOf("none", { deadLetters: server.url("none-dead") }))).toMatchObject({ code: "QUEUE_UNAVAILABLE" });
    await server.client.send(new CreateQueueCommand({ QueueName: "bare" }));
    expect(await fault(configOf("bare"))).toMatchObject({ code: "QUEUE_UNAVAILABLE", message: "The queue orders cannot be used: it has no dead-letter queue." });
  });
});
