import { afterEach, describe, expect, test, vi } from "vitest";
import type { QueueBroker, QueueConnection, QueueMessage } from "../triggers/queue/queue-port.ts";
import type { TestBroker } from "./test-broker.ts";
import { withConnection } from "./with-connection.ts";

/** A queue of a broker, empty, for one test. */
export interface QueueUnderTest {
  /** Messages come in the order in which they were sent: not every broker says so. */
  readonly inOrder: boolean;
  /** As one process has it. */
  broker(consumer: string): Promise<QueueBroker>;
  /** Sends JSON, as others do. */
  send(text: string): Promise<void>;
  /** Lets the time pass for which messages stay in hand. */
  passHold(): Promise<void>;
  /** What lies aside: the message and why. */
  aside(): Promise<readonly { readonly text: string; readonly why: string }[]>;
  /** Ends what it made. */
  remove(): Promise<void>;
}

/** What every {@link QueueBroker} promises. */
export function queueSuite(kind: string, make: () => Promise<QueueUnderTest>): void {
  let queue: QueueUnderTest;
  const open: QueueConnection[] = [];
  const connect = async (consumer = "one"): Promise<QueueConnection> => {
    const connection = await (await queue.broker(consumer)).open();
    open.push(connection);
    return connection;
  };
  const begin = async (...texts: readonly string[]): Promise<QueueConnection> => {
    queue = await make();
    for (const text of texts) await queue.send(text);
    return connect();
  };
  const stopping = new AbortController().signal;
  /** So many messages, in as many turns as it takes. */
  const receive = async (connection: QueueConnection, count: number): Promise<readonly QueueMessage[]> => {
    const got: QueueMessage[] = [];
    await vi.waitFor(async () => {
      got.push(...(await connection.receive(count - got.length, stopping)));
      expect(got).toHaveLength(count);
    }, { timeout: 20_000, interval: 10 });
    return got;
  };
  const later = async (connection: QueueConnection): Promise<readonly QueueMessage[]> => {
    await queue.passHold();
    return [...(await connection.receive(9, stopping)), ...(await connection.receive(9, stopping))];
  };
  const textsOf = (messages: readonly QueueMessage[]): readonly string[] => messages.map(({ content }) => (content.kind === "json" ? Buffer.from(content.bytes).toString() : content.kind));

  describe(`${kind}: a queue`, () => {
    afterEach(async () => {
      for (const connection of open.splice(0)) await connection.close();
      await queue.remove();
    });

    test("gives what was sent before anybody listened, and what comes later, no more than is wanted, and in order where the broker keeps one", async () => {
      const connection = await begin('{"n":1}', '{"n":2}', '{"n":3}');
      const first = await receive(connection, 2);
      await queue.send('{"n":4}');
      const all = [...first, ...(await receive(connection, 2))];
      const texts = textsOf(all);
      expect(queue.inOrder ? texts : texts.toSorted()).toEqual(['{"n":1}', '{"n":2}', '{"n":3}', '{"n":4}']);
      expect(all.map(({ attempt }) => attempt)).toEqual([1, 1, 1, 1]);
      expect(new Set(all.map(({ id }) => id)).size).toBe(4);
    });

    test("does not give again what was acknowledged, also when the process ends then", async () => {
      const connection = await begin("1", "2");
      await connection.acknowledge(await receive(connection, 2));
      expect(await later(connection)).toEqual([]);
      await connection.close();
      expect(await later(await connect("two"))).toEqual([]);
    });

    test("gives again what was given back, to whoever asks", async () => {
      const connection = await begin("1");
      const [given] = await receive(connection, 1);
      await connection.giveBack([given as QueueMessage]);
      const [again] = await receive(await connect("two"), 1);
      expect(again?.id).toBe(given?.id);
    });

    test("gives another one what a process that ended had in hand, when its time is over, and says how often it was delivered", async () => {
      const connection = await begin("1", "2", "3");
      const [first, ...rest] = await receive(connection, 3);
      await connection.acknowledge([first as QueueMessage]);
      await connection.close();
      const other = await connect("two");
      await queue.passHold();
      const again = await receive(other, 2);
      const ids = again.map(({ id }) => id);
      expect(queue.inOrder ? ids : ids.toSorted()).toEqual(queue.inOrder ? rest.map(({ id }) => id) : rest.map(({ id }) => id).toSorted());
      expect(again.map(({ attempt }) => attempt)).toEqual([2, 2]);
      await other.acknowledge(again);
      expect(await later(other)).toEqual([]);
    });

    test("keeps what was put aside, with the reason, and does not give it again", async () => {
      const connection = await begin("{broken", "2");
      const both = await receive(connection, 2);
      const broken = both.find((message) => textsOf([message])[0] === "{broken");
      const other = both.find((message) => message !== broken);
      await connection.deadLetter(broken as QueueMessage, 'it is "no" JSON 😀');
      await connection.acknowledge([other as QueueMessage]);
      await vi.waitFor(async () => expect(await queue.aside()).toEqual([{ text: "{broken", why: 'it is "no" JSON 😀' }]), { timeout: 10_000 });
      expect(await later(connection)).toEqual([]);
    });

    test("shares its messages between those that listen", async () => {
      const one = await begin("1", "2", "3", "4");
      const two = await connect("two");
      const [mine, others] = [await receive(one, 2), await receive(two, 2)];
      expect([...textsOf(mine), ...textsOf(others)].toSorted()).toEqual(["1", "2", "3", "4"]);
    });
  });
}

/** What a broker promises besides whose messages outlive it. */
export function killedBrokerTest(server: () => Pick<TestBroker, "kill" | "start">, make: () => Promise<QueueUnderTest>): void {
  test("QUEUE_UNAVAILABLE also when it is killed in the middle; started again, it gives what was in hand", async () => {
    const [queue, stopping] = [await make(), new AbortController().signal];
    await queue.send("1");
    await withConnection(await queue.broker("one"), async (connection) => {
      const messages = await connection.receive(9, stopping);
      const reading = connection.receive(9, stopping).then(() => null, (error: unknown) => error);
      await server().kill();
      expect(await reading).toMatchObject({ code: "QUEUE_UNAVAILABLE" });
      await expect(connection.acknowledge(messages)).rejects.toMatchObject({ code: "QUEUE_UNAVAILABLE" });
    });
    await server().start();
    await queue.passHold();
    await withConnection(await queue.broker("two"), async (connection) => {
      await vi.waitFor(async () => expect(await connection.receive(9, stopping)).toMatchObject([{ attempt: 2 }]), { timeout: 10_000 });
    });
  });
}
