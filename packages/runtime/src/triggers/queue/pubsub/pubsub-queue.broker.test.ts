import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { freePort } from "../../../testing/free-port.ts";
import { PSTEST, startPubsub } from "../../../testing/pubsub-broker.ts";
import { queueSuite } from "../../../testing/queue.suite.ts";
import { realClock } from "../../../testing/real-clock.ts";
import { openFault, withConnection } from "../../../testing/with-connection.ts";
import { createBroker, type PubsubQueue } from "../index.ts";
import type { QueueBroker, QueueConnection, QueueMessage } from "../queue-port.ts";

// Pub/Sub as Google's own fake has it. It is made by Go: where there is none, the setup says so.

describe.runIf(existsSync(PSTEST))("Google Pub/Sub", () => {
  const HOLD_MS = 1_000;
  let server: Awaited<ReturnType<typeof startPubsub>>;
  beforeAll(async () => {
    server = await startPubsub();
  }, 60_000);
  afterAll(() => server.close());

  const configOf = (subscription: string, more: Partial<PubsubQueue> = {}): PubsubQueue => ({ kind: "pubsub", name: "orders", project: "acme", subscription, credentials: null, endpoint: server.endpoint, maxBytes: 1_000, maxAttempts: 9, holdMs: HOLD_MS, deadLetters: null, ...more });
  const brokerOf = (config: PubsubQueue): Promise<QueueBroker> => createBroker(config, { clock: realClock, consumer: "one" });
  const stopping = new AbortController().signal;
  const passHold = (): Promise<void> => realClock.sleep(HOLD_MS + 300);
  let queues = 0;
  const fresh = async (): Promise<string> => {
    const queue = `orders-${++queues}`;
    await server.make(queue);
    return queue;
  };

  queueSuite("Pub/Sub", async () => {
    const queue = await fresh();
    return {
      inOrder: false,
      broker: () => brokerOf(configOf(queue)),
      send: (text) => server.send(queue, text),
      passHold,
      aside: () => server.aside(queue),
      remove: () => Promise.resolve(),
    };
  });

  const connected = async (config: PubsubQueue, use: (connection: QueueConnection) => Promise<void>): Promise<void> => withConnection(await brokerOf(config), use);

  test("is named by its whole name too, and keeps attributes of what it puts aside, where it is told to", async () => {
    const [queue, other] = [await fresh(), await fresh()];
    await server.publisher.publish({ topic: `projects/acme/topics/${queue}`, messages: [{ data: Buffer.from("x"), attributes: { trace: "t" } }] });
    await connected(configOf(`projects/acme/subscriptions/${queue}`, { deadLetters: `${other}-dead` }), async (connection) => {
      const [message] = await connection.receive(9, stopping);
      await connection.deadLetter(message as QueueMessage, "why");
    });
    const [{ receivedMessages }] = await server.subscriber.pull({ subscription: `projects/acme/subscriptions/${other}-dead`, maxMessages: 9 });
    expect(receivedMessages?.map(({ message }) => message?.attributes)).toMatchObject([{ trace: "t", "offstage-why": "why", "offstage-deliveries": "1" }]);
  });

  test("takes a service account, and its client says nothing past us", async () => {
    const warn = vi.spyOn(console, "warn").mockReturnValue();
    const credentials = JSON.stringify({ type: "service_account", client_email: "ada@acme.example", private_key: "none" });
    await connected(configOf(await fresh(), { credentials }), () => Promise.resolve());
    expect(warn.mock.calls).toEqual([]);
    warn.mockRestore();
  });

  test("is not waited for by who is to stop", async () => {
    const stop = new AbortController();
    await connected(configOf(await fresh()), async (connection) => {
      const reading = connection.receive(9, stop.signal);
      stop.abort();
      expect(await reading).toEqual([]);
    });
  });

  test("says QUEUE_UNAVAILABLE and why: nobody there, no such subscription, nowhere to put aside", async () => {
    const fault = async (config: PubsubQueue): Promise<unknown> => openFault(await brokerOf(config));
    const port = await freePort();
    expect(await fault(configOf("x", { endpoint: `127.0.0.1:${port}` }))).toMatchObject({ code: "QUEUE_UNAVAILABLE", message: expect.stringContaining("ECONNREFUSED") as string });
    expect(await fault(configOf("none"))).toMatchObject({ code: "QUEUE_UNAVAILABLE", message: expect.stringContaining("NOT_FOUND") as string });
    const queue = await fresh();
    expect(await fault(configOf(`${queue}-dead`))).toMatchObject({ code: "QUEUE_UNAVAILABLE", message: "The queue orders cannot be used: it has no dead-letter topic." });
  });
});
