import { AckPolicy, type Consumer, DeliverPolicy, JetStreamApiError, JetStreamApiCodes, type JsMsg } from "@nats-io/jetstream";
import { headers as newHeaders, nanos, type MsgHdrs } from "@nats-io/transport-node";
import type { NatsQueue } from "../queue-config.ts";
import { guardBroker } from "../guard-broker.ts";
import type { QueueBroker, QueueConnection, QueueMessage } from "../queue-port.ts";
import { connectNats, type JetStream } from "./connect-nats.ts";

/** How long a read waits for messages: a process that is to stop waits no longer, and the server takes no shorter. Ms. */
const WAIT_MS = 1_000;

/**
 * A stream of JetStream and its durable consumer, which is made when it is not there, from the stream's beginning, and delivers as often as it takes: deliveries are counted here, because what a server
 * stops to deliver is lost without a word. Several processes share the consumer.
 */
export function createNatsQueue(config: NatsQueue): QueueBroker {
  const { name, deadLetters } = config;
  return guardBroker({
    ...config,
    deadLetters: `the subject ${deadLetters}`,
    async open() {
      const jetStream = await connectNats(config);
      try {
        const { created } = await jetStream.manager.streams.info(config.stream);
        return whileOpen(createConnection(config, jetStream, Date.parse(created)), jetStream);
      } catch (error) {
        await jetStream.connection.close();
        throw error;
      }
    },
  }, `Look whether the NATS of queues.${name} runs with JetStream, takes this user, and has the stream ${config.stream}.`);
}

/** `createdAt`: tells a stream from one of the same name before it, whose messages had the same numbers. */
function createConnection(config: NatsQueue, jetStream: JetStream, createdAt: number): QueueConnection {
  const { connection, client } = jetStream;
  const inHand = new WeakMap<QueueMessage, JsMsg>();
  const origin = (message: QueueMessage): JsMsg => inHand.get(message) as JsMsg;
  let consumer: Consumer | null = null;
  return {
    async receive(limit) {
      consumer ??= await consumerOf(config, jetStream);
      // The first one that comes; and what is there besides, if no other process takes it.
      const first = await consumer.next({ expires: WAIT_MS });
      if (first === null) return [];
      const came = [first];
      const more = Math.min(limit - 1, first.info.pending);
      if (more > 0) for await (const one of await consumer.fetch({ max_messages: more, expires: WAIT_MS })) came.push(one);
      return came.map((one) => {
        const message: QueueMessage = { id: `${config.stream} ${createdAt} ${one.seq}`, attempt: one.info.deliveryCount, content: { kind: "json", bytes: one.data } };
        inHand.set(message, one);
        return message;
      });
    },
    async acknowledge(messages) {
      for (const message of messages) origin(message).ack();
      // The server has read them when it answers.
      await connection.flush();
    },
    async giveBack(messages) {
      for (const message of messages) origin(message).nak();
      await connection.flush();
    },
    async deadLetter(message, why) {
      const { data, headers, subject } = origin(message);
      const told = described(headers, { subject, id: message.id, deliveries: String(message.attempt), why });
      const send = async (): Promise<unknown> => client.publish(config.deadLetters, data, { headers: told, msgID: `aside ${message.id}` });
      await send().catch(async () => {
        // Nothing keeps that subject yet, or it cannot be kept: the second error says which.
        await jetStream.manager.streams.add({ name: config.deadLetters.replaceAll(/[^\w-]/g, "_"), subjects: [config.deadLetters] });
        await send();
      });
      origin(message).ack();
      await connection.flush();
    },
    close: () => connection.close().catch(() => undefined),
  };
}

/** What waits when its connection breaks is not always told so by the client, or is told that nothing came. */
function whileOpen(queue: QueueConnection, { connection }: JetStream): QueueConnection {
  const broken = connection.closed().then((error) => Promise.reject(error instanceof Error ? error : new Error("the connection was closed")));
  broken.catch(() => undefined);
  const open = async <T>(what: Promise<T>): Promise<T> => {
    const result = await Promise.race([what, broken]);
    return connection.isClosed() ? broken : result;
  };
  return {
    receive: (limit, stopping) => open(queue.receive(limit, stopping)),
    acknowledge: (messages) => open(queue.acknowledge(messages)),
    giveBack: (messages) => open(queue.giveBack(messages)),
    deadLetter: (message, why) => open(queue.deadLetter(message, why)),
    close: () => queue.close(),
  };
}

async function consumerOf({ stream, consumer, subject, holdMs }: NatsQueue, { client, manager }: JetStream): Promise<Consumer> {
  try {
    return await client.consumers.get(stream, consumer);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== JetStreamApiCodes.ConsumerNotFound) throw error;
  }
  await manager.consumers.add(stream, {
    durable_name: consumer, ack_policy: AckPolicy.Explicit, ack_wait: nanos(holdMs), deliver_policy: DeliverPolicy.All, max_deliver: -1, ...(subject === null ? {} : { filter_subject: subject }),
  });
  return client.consumers.get(stream, consumer);
}

/** The message's own headers and ours; those that NATS gives a meaning to would tell of the first place. */
function described(own: MsgHdrs | undefined, ours: Readonly<Record<string, string>>): MsgHdrs {
  const all = newHeaders();
  for (const [name, values] of own ?? []) if (!name.toLowerCase().startsWith("nats-")) for (const value of values) all.append(name, value);
  for (const [name, value] of Object.entries(ours)) all.set(`Offstage-${name}`, value.replaceAll(/[\r\n]+/g, " "));
  return all;
}
