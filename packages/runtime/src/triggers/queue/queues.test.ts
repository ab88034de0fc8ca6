import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRedactor, OffstageError, UnsafeInteger } from "../../base/index.ts";
import { type ServedWorkflow, serveWorkflow, serveWorkflows } from "../../host/index.ts";
import type { Run } from "../../model/index.ts";
import type { Store } from "../../state/index.ts";
import { programOf } from "../../testing/compile-source.ts";
import { createHostWorld, type HostWorld } from "../../testing/host-world.ts";
import { createMemoryQueue, type MemoryQueue } from "../../testing/memory-queue.ts";
import { createQueues, type QueueBroker, type QueueNews, type Queues } from "./index.ts";

const SOURCE = `
import { workflow, queue, once, waitFor } from "offstage";
import { world } from "#servers";
export default workflow({ name: "ordered", on: [queue("orders", { when: (event) => event.body.skip !== true, key: (event) => String(event.body.n) })], limits: { writes: 9 } }, async ({ event, run }) => {
  if (event?.kind !== "queue") return;
  await once(run.id, () => world.send({ n: event.body.n, attempt: event.attempt }));
  if (event.body.wait) {
    const next = await waitFor(queue("orders"), { when: (one) => one.body.answer !== undefined });
    await once(\`answered \${run.id}\`, () => world.send({ answer: next?.body.answer }));
  }
});`;

let world: HostWorld;
let orders: MemoryQueue;
let others: MemoryQueue;
let queues: Queues;
let news: QueueNews[];
let serving: Promise<void>;
let stopping: AbortController;
let workflows: () => readonly ServedWorkflow[];
let served: readonly ServedWorkflow[];
/** What a broker gave is under way until then. */
let underWay: Promise<unknown>;
/** What the store fails with, when somebody writes. */
let trouble: OffstageError | null;

beforeEach(async () => {
  world = await createHostWorld();
  [orders, others, news, trouble, underWay] = [createMemoryQueue("orders", world.clock), createMemoryQueue("others", world.clock), [], null, Promise.resolve()];
  const redactor = createRedactor();
  redactor.register("hunter2-hunter2", "a password");
  const environment = { ...world.environment(), redactor };
  served = [await serveWorkflow(programOf(SOURCE), environment)];
  workflows = () => served;
  const store: Store = { ...world.store, transact: (how, body) => (trouble !== null && how.durable && how.reads !== true ? Promise.reject(trouble) : world.store.transact(how, body)) };
  queues = createQueues({ store, environment, workflows, brokers: () => [slow(orders.broker), others.broker], news: (one) => void news.push(one), mostWaiting: 20 });
  stopping = new AbortController();
  serving = serveWorkflows({ store: world.store, host: world.host(1), environment, workflows, sources: [queues], news: () => undefined, stopping: stopping.signal });
});
afterEach(async () => {
  stopping.abort();
  await serving;
  const closed = queues.close();
  await world.clock.advance(60_000);
  await closed;
  await world.close();
});

function slow(broker: QueueBroker): QueueBroker {
  return {
    ...broker,
    async open() {
      const connection = await broker.open();
      return { ...connection, receive: async (limit, stopping) => {
        const messages = await connection.receive(limit, stopping);
        if (messages.length > 0) await underWay;
        return messages;
      } };
    },
  };
}

const message = (n: number, more: object = {}): string => JSON.stringify({ n, ...more });
const runs = (): Promise<readonly Run[]> => world.store.transact({ durable: false }, async (tx) => (await tx.listRuns({ limit: 2_000 })).toReversed());
/** Time passes in small steps: what one brings is done before the next. */
async function pass(ms: number): Promise<void> {
  const step = Math.max(250, ms / 40);
  for (let passed = 0; passed < ms; passed += step) await world.clock.advance(step);
}
const told = (kind: QueueNews["kind"]): readonly QueueNews[] => news.filter((one) => one.kind === kind);

describe("a message", () => {
  test("starts one run, is told to it with its delivery, and is acknowledged", async () => {
    orders.send(message(1), message(2, { secret: "hunter2-hunter2" }), message(3).replace("}", ',"big":9007199254740993}'));
    await pass(3_000);
    expect(world.called.toSorted()).toEqual(['send {"n":1,"attempt":1}', 'send {"n":2,"attempt":1}', 'send {"n":3,"attempt":1}']);
    const events = (await runs()).map(({ event }) => event);
    expect(events).toContainEqual({ kind: "queue", attempt: 1, body: { n: 2, secret: "[redacted a password]" } });
    expect(events).toContainEqual({ kind: "queue", attempt: 1, body: { n: 3, big: new UnsafeInteger("9007199254740993") } });
    expect(orders.left()).toEqual([]);
  });

  test("that no trigger wants starts nothing and is not kept in the queue; a queue that no trigger names is left alone", async () => {
    orders.send(message(1, { skip: true }));
    others.send(message(2));
    await pass(3_000);
    expect([await runs(), orders.left(), others.left(), others.asked]).toEqual([[], [], [message(2)], 0]);
  });

  test("is acknowledged only when it is in the store: one that the store cannot take is given back, told of once, and comes when it can", async () => {
    orders.send(message(0));
    await pass(1_000);
    trouble = new OffstageError("STORE_UNAVAILABLE", "The disk is full.");
    orders.send(message(1), message(2));
    await pass(20_000);
    expect([orders.left(), (await runs()).length, told("queue-lost")]).toEqual([[message(1), message(2)], 1, [{ kind: "queue-lost", queue: "orders", why: "The disk is full." }]]);
    trouble = null;
    await pass(40_000);
    expect([orders.left(), world.called.slice(1), told("queue-ready").length, orders.deadLetters]).toEqual([[], ['send {"n":1,"attempt":1}', 'send {"n":2,"attempt":1}'], 2, []]);
  });

  test("that comes again starts nothing twice: the broker was gone before it heard that it is durable", async () => {
    const { acknowledge } = await orders.broker.open();
    const connection = await orders.broker.open();
    connection.acknowledge = async (messages) => {
      connection.acknowledge = acknowledge;
      orders.gone = true;
      return acknowledge(messages);
    };
    orders.send(message(1));
    await pass(3_000);
    expect([world.called.length, orders.left(), told("queue-lost").length]).toEqual([1, [message(1)], 1]);
    orders.gone = false;
    await pass(60_000);
    expect([world.called.length, orders.left(), told("queue-ready").length]).toEqual([1, [], 1]);
  });

  test.each([
    ["that is no JSON", "{broken", "it is no JSON that can be read: This is not JSON"],
    ["that is too large", JSON.stringify({ n: 1, x: "x".repeat(2_000) }), "it is larger than 1000 bytes"],
    ["that is nested too deeply", `${"[".repeat(300)}${"]".repeat(300)}`, "it is no JSON that can be read"],
  ])("%s is put aside with the reason, and the others are not held up", async (_, text, why) => {
    orders.send(message(1), text, message(2));
    await pass(3_000);
    expect(orders.deadLetters).toEqual([{ text, why: expect.stringContaining(why) as string }]);
    expect([world.called.length, orders.left()]).toEqual([2, []]);
    expect(told("queue-aside")).toEqual([{ kind: "queue-aside", queue: "orders", id: "m2", why: expect.stringContaining(why) as string, place: "the dead" }]);
  });

  test("that cannot be put aside comes again later, is told of, and holds up nobody", async () => {
    orders.refusesDeadLetters = true;
    orders.send("{broken", message(1));
    await pass(3_000);
    expect([world.called.length, orders.left(), told("queue-stuck")]).toEqual([1, ["{broken"], [expect.objectContaining({ id: "m1", error: "The place is full." })]]);
    orders.refusesDeadLetters = false;
    await pass(60_000);
    expect([orders.left(), orders.deadLetters.length]).toEqual([[], 1]);
  });

  test("goes to the steps that wait for its queue too", async () => {
    orders.send(message(1, { wait: true }));
    await pass(2_000);
    orders.send(message(2, { skip: true, answer: "yes" }));
    await pass(2_000);
    expect(world.called.at(-1)).toBe('send {"answer":"yes"}');
  });
});

describe("a queue", () => {
  test("whose broker is gone is told of once, and again when it is back; nothing is lost meanwhile", async () => {
    orders.send(message(1));
    await pass(2_000);
    orders.gone = true;
    const asked = orders.asked;
    await pass(120_000);
    // Ever more slowly: every 250 ms it would be hundreds of times.
    expect(orders.asked - asked).toBeLessThan(20);
    expect(orders.asked - asked).toBeGreaterThan(5);
    orders.send(message(2));
    orders.gone = false;
    await pass(40_000);
    expect(news.map(({ kind }) => kind)).toEqual(["queue-ready", "queue-lost", "queue-ready"]);
    expect(world.called).toHaveLength(2);
  });

  test("is left alone while as many events wait as may, and taken further when half of them are gone", async () => {
    stopping.abort();
    orders.send(...Array.from({ length: 30 }, (_, n) => message(n)));
    await queues.look();
    await pass(3_000);
    expect([orders.left().length, told("queue-full")]).toEqual([10, [{ kind: "queue-full", queue: "orders", waiting: 20 }]]);
    await world.store.transact({ durable: false }, async (tx) => {
      const waiting = await tx.admissibleArrivals({ workflows: ["ordered"], now: world.clock.now(), starts: 99, limit: 99 });
      for (const arrival of waiting.slice(0, 11)) await tx.putArrival({ ...arrival, status: "dropped", why: "a test" });
    });
    await pass(1_000);
    expect([orders.left(), told("queue-flowing").length]).toEqual([[], 1]);
  });

  test("whose broker does not answer keeps nobody from stopping", async () => {
    stopping.abort();
    await serving;
    const silent = createQueues({ store: world.store, environment: { ...world.environment(), redactor: createRedactor() }, workflows, brokers: () => [{ ...orders.broker, open: () => new Promise(() => undefined) }], news: () => undefined });
    await silent.look();
    let ended = false;
    const closed = silent.close().then(() => (ended = true));
    await pass(4_000);
    expect(ended).toBe(false);
    await pass(2_000);
    await closed;
  });

  test("is not asked any more once another process leads or this one stops; what was in hand is durable then", async () => {
    orders.send(message(1));
    await world.clock.advance(0);
    stopping.abort();
    const closed = queues.close();
    await pass(2_000);
    await closed;
    expect(orders.left()).toEqual([]);
    const { asked } = orders;
    await pass(5_000);
    expect(orders.asked).toBe(asked);
  });
});

describe("an edit", () => {
  const edit = async (...sources: readonly string[]): Promise<void> => void (served = await Promise.all(sources.map((text) => serveWorkflow(programOf(text), world.environment()))));

  test("that takes the last trigger of a queue away leaves its messages where they are, and one that brings it back takes them", async () => {
    orders.send(message(1));
    await pass(3_000);
    await edit();
    orders.send(message(2));
    await pass(5_000);
    expect([world.called, orders.left()]).toEqual([['send {"n":1,"attempt":1}'], [message(2)]]);
    const { asked } = orders;
    await pass(60_000);
    expect(orders.asked).toBe(asked);
    await edit(SOURCE);
    await pass(3_000);
    expect([world.called.slice(1), orders.left()]).toEqual([['send {"n":2,"attempt":1}'], []]);
  });

  test("that takes the last trigger away while messages are under way gives them back", async () => {
    let arrive = (): void => undefined;
    await pass(3_000);
    underWay = new Promise<void>((resolve) => void (arrive = resolve));
    orders.send(message(1));
    await pass(3_000);
    await edit();
    arrive();
    await pass(3_000);
    expect([world.called, orders.left()]).toEqual([[], [message(1)]]);
    await edit(SOURCE);
    await pass(3_000);
    // It does not count as a delivery that nobody handled.
    expect([world.called, orders.left()]).toEqual([['send {"n":1,"attempt":1}'], []]);
  });

  test("that names another queue has it listened to", async () => {
    others.send(message(1));
    await pass(3_000);
    expect(world.called).toEqual([]);
    await edit(SOURCE.replaceAll('"orders"', '"others"'));
    await pass(3_000);
    expect([world.called, others.left()]).toEqual([['send {"n":1,"attempt":1}'], []]);
  });
});
