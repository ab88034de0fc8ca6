import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { freePort } from "../../../testing/free-port.ts";
import { killedBrokerTest, queueSuite, type QueueUnderTest } from "../../../testing/queue.suite.ts";
import { realClock } from "../../../testing/real-clock.ts";
import { startRedis } from "../../../testing/redis-broker.ts";
import { openFault, withConnection } from "../../../testing/with-connection.ts";
import { createBroker, type RedisQueue } from "../index.ts";
import type { QueueBroker, QueueConnection, QueueMessage } from "../queue-port.ts";

// Redis as Debian has it.

const HOLD_MS = 400;
let server: Awaited<ReturnType<typeof startRedis>>;
let redis: typeof server.redis;
beforeAll(async () => {
  server = await startRedis();
  redis = server.redis;
});
afterAll(() => server.close());

const configOf = (stream: string, more: Partial<RedisQueue> = {}): RedisQueue => ({ kind: "redis", name: "orders", url: server.url, stream, group: "offstage", field: "data", maxBytes: 1_000, maxAttempts: 9, holdMs: HOLD_MS, deadLetters: `${stream}:dead`, ...more });
const brokerOf = (config: RedisQueue, consumer = "one"): Promise<QueueBroker> => createBroker(config, { clock: realClock, consumer });
const stopping = new AbortController().signal;
const passHold = (): Promise<void> => realClock.sleep(HOLD_MS + 100);
let streams = 0;
const fresh = (): string => `orders-${++streams}`;

const make = async (): Promise<QueueUnderTest> => {
  const stream = fresh();
  return {
    inOrder: true,
    broker: (consumer) => brokerOf(configOf(stream), consumer),
    send: (text) => server.send(stream, text),
    passHold,
    aside: () => server.aside(stream),
    remove: async () => void (await redis.del(stream, `${stream}:dead`)),
  };
};

queueSuite("Redis", make);

const connected = async (config: RedisQueue, use: (connection: QueueConnection) => Promise<void>, consumer = "one"): Promise<void> => withConnection(await brokerOf(config, consumer), use);

const consumersOf = async (stream: string): Promise<readonly unknown[]> => ((await redis.xinfo("CONSUMERS", stream, "offstage")) as unknown[][]).map(([, name]) => name);

describe("Redis: a stream", () => {
  test("gives its fields as texts where no field is named; what is missing, twice or no text fits nobody", async () => {
    const stream = fresh();
    await redis.xadd(stream, "*", "id", "7", "__proto__", "x");
    await redis.xadd(stream, "*", "id", "7", "id", "8");
    await redis.xadd(stream, "*", "id", Buffer.from([0xff]));
    await connected(configOf(stream, { field: null }), async (connection) => {
      const [all, twice, binary] = await connection.receive(9, stopping);
      expect(all?.content).toEqual({ kind: "data", data: JSON.parse('{"id":"7","__proto__":"x"}') as unknown, size: 13 });
      expect([twice?.content, binary?.content]).toEqual([{ kind: "unfit", why: "it has the field id twice" }, { kind: "unfit", why: "a field of it is no UTF-8" }]);
      await connection.deadLetter(binary as QueueMessage, "binary");
    });
    expect((await redis.xrangeBuffer(`${stream}:dead`, "-", "+"))[0]?.[1][1]).toEqual(Buffer.from([0xff]));
    await redis.xadd(`${stream}-b`, "*", "other", "7");
    await connected(configOf(`${stream}-b`), async (connection) => {
      expect((await connection.receive(9, stopping))[0]?.content).toEqual({ kind: "unfit", why: "it has no field data" });
    });
  });

  test("that is gone, with its group, is made again, and loses nothing that came meanwhile", async () => {
    const stream = fresh();
    await connected(configOf(stream), async (connection) => {
      expect(await connection.receive(9, stopping)).toEqual([]);
      await redis.del(stream);
      await redis.xadd(stream, "*", "data", "1");
      await vi.waitFor(async () => expect(await connection.receive(9, stopping)).toHaveLength(1), { timeout: 10_000 });
    });
  });

  test("has no consumer of a process that ended in order; one that ended with messages in hand keeps its own until they are handled", async () => {
    const stream = fresh();
    await redis.xadd(stream, "*", "data", "1");
    await connected(configOf(stream), async (connection) => void (await connection.receive(9, stopping)));
    expect(await consumersOf(stream)).toEqual(["offstage:one"]);
    await passHold();
    await connected(configOf(stream), async (connection) => {
      await connection.acknowledge(await connection.receive(9, stopping));
    }, "two");
    expect(await consumersOf(stream)).toEqual(["offstage:one"]);
  });

  test("a message that was deleted while it was in hand comes no more, and holds up nobody", async () => {
    const stream = fresh();
    const gone = (await redis.xadd(stream, "*", "data", "1")) as string;
    await connected(configOf(stream), async (connection) => {
      await connection.receive(9, stopping);
      await redis.xdel(stream, gone);
      await redis.xadd(stream, "*", "data", "2");
      await passHold();
      expect((await connection.receive(9, stopping)).map(({ content }) => content)).toMatchObject([{ kind: "json" }]);
    });
  });

  test("that was given back counts no delivery: a store that fails for a while puts nothing aside", async () => {
    const stream = fresh();
    await redis.xadd(stream, "*", "data", "1");
    await connected(configOf(stream), async (connection) => {
      for (let time = 0; time < 5; time++) {
        const messages = await connection.receive(9, stopping);
        expect(messages).toMatchObject([{ attempt: 1 }]);
        await connection.giveBack(messages);
      }
    });
  });
});

describe("QUEUE_UNAVAILABLE", () => {
  const fault = async (config: RedisQueue): Promise<unknown> => openFault(await brokerOf(config));

  test("says why: nobody there, a wrong password, another kind of key", async () => {
    const port = await freePort();
    expect(await fault(configOf("orders", { url: `redis://127.0.0.1:${port}` }))).toMatchObject({ code: "QUEUE_UNAVAILABLE", message: `The queue orders cannot be used: connect ECONNREFUSED 127.0.0.1:${port}.` });
    expect(await fault(configOf("orders", { url: server.url.replace(server.password, "another") }))).toMatchObject({ code: "QUEUE_UNAVAILABLE", message: expect.stringContaining("WRONGPASS") as string });
    await redis.set("a-text", "x");
    expect(await fault(configOf("a-text"))).toMatchObject({ code: "QUEUE_UNAVAILABLE", message: expect.stringContaining("WRONGTYPE") as string, hint: expect.stringContaining("a-text") as string });
  });
});

killedBrokerTest(() => server, make);
