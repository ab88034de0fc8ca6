import { type ClientConfig, PubSub, v1 } from "@google-cloud/pubsub";
import { guardBroker } from "../guard-broker.ts";
import type { PubsubQueue } from "../queue-config.ts";
import type { QueueBroker, QueueConnection, QueueContent, QueueMessage } from "../queue-port.ts";

/** How long a read waits for messages. A process that is to stop does not wait for its end. Ms. */
const WAIT_MS = 10_000;
const ANSWER_MS = 10_000;

/** The most that Pub/Sub keeps a message away from others. Seconds. */
const LONGEST_HOLD_S = 600;

/** gRPC's number for an answer that did not come in time. */
const DEADLINE_EXCEEDED = 4;

/** Nothing is tried again by the client: one back-off, one line. */
const once = (timeout: number): { readonly timeout: number; readonly retry: { retryCodes: number[] } } => ({ timeout, retry: { retryCodes: [] } });

/**
 * A subscription of Google Pub/Sub, by pulls. Put aside means published to the topic that is named, or that the subscription's own dead-letter policy names; one without either is not listened to.
 * Pub/Sub counts deliveries only where there is such a policy: elsewhere every delivery is the first.
 */
export function createPubsubQueue(config: PubsubQueue): QueueBroker {
  const { name, project, endpoint, credentials } = config;
  return guardBroker({
    ...config,
    deadLetters: config.deadLetters === null ? "its dead-letter topic" : `the topic ${config.deadLetters}`,
    async open() {
      const options: ClientConfig = { projectId: project, ...(endpoint === null ? {} : { apiEndpoint: endpoint, emulatorMode: true }) };
      const pubsub = new PubSub(options);
      // As its option `credentials` they would have the client write a warning to stderr, past whoever shows and redacts.
      if (credentials !== null) pubsub.auth.jsonContent = JSON.parse(credentials) as typeof pubsub.auth.jsonContent;
      const settings = { ...(await pubsub.getClientConfig()), auth: pubsub.auth } as ConstructorParameters<typeof v1.SubscriberClient>[0];
      const clients = { subscriber: new v1.SubscriberClient(settings), publisher: new v1.PublisherClient(settings) };
      try {
        return createConnection(config, clients, await topicAside(config, clients));
      } catch (error) {
        await closeAll(clients);
        throw error;
      }
    },
  }, `Look whether queues.${name} is a subscription that these credentials may read, and has a dead-letter topic that they may publish to.`);
}

interface Clients {
  readonly subscriber: InstanceType<typeof v1.SubscriberClient>;
  readonly publisher: InstanceType<typeof v1.PublisherClient>;
}

/** Finds out whether the subscription is there, too. */
async function topicAside({ project, subscription, deadLetters }: PubsubQueue, { subscriber }: Clients): Promise<string> {
  const [{ deadLetterPolicy }] = await subscriber.getSubscription({ subscription: nameOf(project, "subscriptions", subscription) }, once(ANSWER_MS));
  if (deadLetters !== null) return nameOf(project, "topics", deadLetters);
  const topic = deadLetterPolicy?.deadLetterTopic ?? "";
  if (topic === "") throw new Error("it has no dead-letter topic");
  return topic;
}

/** `projects/acme/topics/orders`, as it stands or from its last part. */
function nameOf(project: string, what: "subscriptions" | "topics", name: string): string {
  return name.includes("/") ? name : `projects/${project}/${what}/${name}`;
}

async function closeAll({ subscriber, publisher }: Clients): Promise<void> {
  await Promise.all([subscriber.close(), publisher.close()]).catch(() => undefined);
}

/** What Pub/Sub gave. */
interface Received {
  readonly ackId: string;
  readonly data: Buffer;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string;
}

function createConnection({ project, subscription: named, holdMs }: PubsubQueue, clients: Clients, topic: string): QueueConnection {
  const { subscriber, publisher } = clients;
  const subscription = nameOf(project, "subscriptions", named);
  const inHand = new WeakMap<QueueMessage, Received>();
  const ackIdOf = (message: QueueMessage): string => (inHand.get(message) as Received).ackId;
  const hold = async (ackIds: string[], seconds: number): Promise<void> => void (await subscriber.modifyAckDeadline({ subscription, ackIds, ackDeadlineSeconds: seconds }, once(ANSWER_MS)));
  const acknowledge = async (messages: readonly QueueMessage[]): Promise<void> => void (await subscriber.acknowledge({ subscription, ackIds: messages.map(ackIdOf) }, once(ANSWER_MS)));
  const pull = async (maxMessages: number) => {
    try {
      return (await subscriber.pull({ subscription, maxMessages }, once(WAIT_MS)))[0].receivedMessages ?? [];
    } catch (error) {
      if ((error as { readonly code?: unknown }).code === DEADLINE_EXCEEDED) return [];
      throw error;
    }
  };
  return {
    async receive(limit, stopping) {
      // What is on its way then comes again when its time is over.
      const came = await unlessStopped(pull(limit), stopping);
      if (came.length > 0) await hold(came.map(({ ackId }) => ackId ?? ""), Math.min(LONGEST_HOLD_S, Math.ceil(holdMs / 1_000)));
      return came.map(({ ackId, deliveryAttempt, message: sent }) => {
        const data = typeof sent?.data === "string" ? Buffer.from(sent.data, "base64") : Buffer.from(sent?.data ?? []);
        const content: QueueContent = { kind: "json", bytes: data };
        const message: QueueMessage = { id: `${subscription} ${sent?.messageId ?? ""}`, attempt: Math.max(1, deliveryAttempt ?? 1), content };
        inHand.set(message, { ackId: ackId ?? "", data, attributes: sent?.attributes ?? {}, orderingKey: sent?.orderingKey ?? "" });
        return message;
      });
    },
    acknowledge,
    giveBack: (messages) => hold(messages.map(ackIdOf), 0),
    async deadLetter(message, why) {
      const { data, attributes, orderingKey } = inHand.get(message) as Received;
      const told = { "offstage-why": why, "offstage-id": message.id, "offstage-deliveries": String(message.attempt) };
      await publisher.publish({ topic, messages: [{ data, orderingKey, attributes: { ...attributes, ...told } }] }, once(ANSWER_MS));
      await acknowledge([message]);
    },
    close: () => closeAll(clients),
  };
}

function unlessStopped<T>(work: Promise<readonly T[]>, stopping: AbortSignal): Promise<readonly T[]> {
  return new Promise((resolve, reject) => {
    const stop = (): void => resolve([]);
    if (stopping.aborted) stop();
    stopping.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => stopping.removeEventListener("abort", stop));
  });
}
