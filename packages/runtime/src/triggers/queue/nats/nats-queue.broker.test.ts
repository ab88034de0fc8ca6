import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { freePort } from "../../../testing/free-port.ts";
import { startNats } from "../../../testing/nats-broker.ts";
import { killedBrokerTest, queueSuite, type QueueUnderTest } from "../../../testing/queue.suite.ts";
import { realClock } from "../../../testing/real-clock.ts";
import { openFault, withConnection } from "../../../testing/with-connection.ts";
import { createBroker, type NatsQueue } from "../index.ts";
import type { QueueBroker, QueueConnection } from "../queue-port.ts";

// NATS as Debian has it.

const HOLD_MS = 400;
let server: Awaited<ReturnType<typeof startNats>>;
beforeAll(async () => {
  server = await startNats();
});
afterAll(() => server.close());

const configOf = (stream: string, more: Partial<NatsQueue> = {}): NatsQueue => ({ kind: "nats", name: "orders", url: server.url, credentials: null, stream, consumer: "offstage", subject: null, maxBytes: 1_000, maxAttempts: 9, holdMs: HOLD_MS, deadLetters: `${stream}.dead`, ...more });
const brokerOf = (config: NatsQueue): Promise<QueueBroker> => createBroker(config, { clock: realClock, consumer: "one" });
const stopping = new AbortController().signal;
const passHold = (): Promise<void> => realClock.sleep(HOLD_MS + 100);
let streams = 0;
const fresh = async (): Promise<string> => {
  const stream = `orders-${++streams}`;
  await server.make(stream);
  return stream;
};

const make = async (): Promise<QueueUnderTest> => {
  const stream = await fresh();
  return {
    inOrder: true,
    broker: () => brokerOf(configOf(stream)),
    send: (text) => server.send(stream, text),
    passHold,
    aside: () => server.aside(stream),
    remove: async () => void (await server.jetStream.manager.streams.delete(stream)),
  };
};

queueSuite("NATS", make);

const connected = async (config: NatsQueue, use: (connection: QueueConnection) => Promise<void>): Promise<void> => withConnection(await brokerOf(config), use);

describe("NATS: a stream", () => {
  test("that was made anew gives other ids: its numbers begin again, and would be taken for those before", async () => {
    const stream = await fresh();
    const ids: (string | undefined)[] = [];
    for (let time = 0; time < 2; time++) {
      await server.send(stream, "1");
      await connected(configOf(stream), async (connection) => void ids.push((await connection.receive(9, stopping))[0]?.id));
      await server.jetStream.manager.streams.delete(stream);
      await server.jetStream.manager.streams.add({ name: stream, subjects: [stream] });
    }
    expect(new Set(ids).size).toBe(2);
  });

  test("gives many at once, without waiting for more of them", async () => {
    const stream = await fresh();
    for (let n = 0; n < 50; n++) await server.send(stream, String(n));
    await connected(configOf(stream), async (connection) => {
      expect((await connection.receive(40, stopping)).length).toBe(40);
      expect((await connection.receive(40, stopping)).length).toBe(10);
    });
  });

  test("gives the subject alone that is named, and a message that lies aside keeps its headers and its subject", async () => {
    const stream = await fresh();
    await server.jetStream.manager.streams.update(stream, { subjects: [stream, `${stream}.new`] });
    const { headers } = await import("@nats-io/transport-node");
    const own = headers();
    own.set("Trace", "t");
    await server.jetStream.client.publish(stream, "1");
    await server.jetStream.client.publish(`${stream}.new`, "2", { headers: own, msgID: "once" });
    await connected(configOf(stream, { subject: `${stream}.new` }), async (connection) => {
      const [message, ...more] = await connection.receive(9, stopping);
      expect(more).toEqual([]);
      if (message !== undefined) await connection.deadLetter(message, "two\r\nlines");
    });
    const lying = await (await server.jetStream.client.consumers.get(`${stream}_dead`)).next({ expires: 1_000 });
    expect(["Trace", "Offstage-subject", "Offstage-why", "Offstage-deliveries"].map((name) => lying?.headers?.get(name))).toEqual(["t", `${stream}.new`, "two lines", "1"]);
  });

  test("whose consumer was deleted makes it again; whoever listened then hears of it", async () => {
    const stream = await fresh();
    await connected(configOf(stream), async (connection) => {
      await connection.receive(9, stopping);
      await server.jetStream.manager.consumers.delete(stream, "offstage");
      await expect(connection.receive(9, stopping)).rejects.toMatchObject({ code: "QUEUE_UNAVAILABLE" });
    });
    await server.send(stream, "1");
    await connected(configOf(stream), async (connection) => expect(await connection.receive(9, stopping)).toHaveLength(1));
  });
});

describe("QUEUE_UNAVAILABLE", () => {
  const fault = async (config: NatsQueue): Promise<unknown> => openFault(await brokerOf(config));

  test("says why: nobody there, a wrong password, no such stream", async () => {
    const port = await freePort();
    expect(await fault(configOf("none", { url: `nats://127.0.0.1:${port}` }))).toMatchObject({ code: "QUEUE_UNAVAILABLE", message: expect.stringContaining("ECONNREFUSED") as string });
    expect(await fault(configOf("none", { url: server.url.replace(server.password, "another") }))).toMatchObject({ code: "QUEUE_UNAVAILABLE", message: expect.stringMatching(/authorization/i) as string });
    expect(await fault(configOf("none"))).toMatchObject({ code: "QUEUE_UNAVAILABLE", message: expect.stringContaining("stream not found") as string, hint: expect.stringContaining("the stream none") as string });
  });

  test("of a server that hangs leaves no connection behind", async () => {
    const open = new Set<Socket>();
    const hanging = createServer((socket) => {
      open.add(socket.on("close", () => open.delete(socket)).on("error", () => undefined));
    }).listen(0, "127.0.0.1");
    await once(hanging, "listening");
    const { port } = hanging.address() as AddressInfo;
    expect(await fault(configOf("none", { url: `nats://127.0.0.1:${port}` }))).toMatchObject({ code: "QUEUE_UNAVAILABLE", message: "The queue orders cannot be used: it does not answer." });
    await vi.waitFor(() => expect(open.size).toBe(0), { timeout: 10_000 });
    hanging.close();
  });
});

killedBrokerTest(() => server, make);
