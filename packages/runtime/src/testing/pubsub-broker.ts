import { fileURLToPath } from "node:url";
import { PubSub, v1 } from "@google-cloud/pubsub";
import { startBroker } from "./broker-process.ts";
import { freePort } from "./free-port.ts";
import type { TestBroker } from "./test-broker.ts";

/** Google's own fake, `pstest` of its Go client. Where `scripts/install-brokers.ts` puts it; it is not there where there is no Go. */
export const PSTEST = fileURLToPath(new URL("../../../../node_modules/.cache/offstage-pstest/pstest", import.meta.url));
const PROJECT = "acme";

/** Pub/Sub in memory: it may not be killed. */
export async function startPubsub(): Promise<TestBroker & { readonly endpoint: string; readonly subscriber: InstanceType<typeof v1.SubscriberClient>; readonly publisher: InstanceType<typeof v1.PublisherClient>; make(queue: string): Promise<void> }> {
  const port = await freePort();
  const server = await startBroker(PSTEST, [String(port)], port);
  const endpoint = `127.0.0.1:${port}`;
  const settings = { ...(await new PubSub({ projectId: PROJECT, apiEndpoint: endpoint, emulatorMode: true }).getClientConfig()) } as ConstructorParameters<typeof v1.SubscriberClient>[0];
  const [subscriber, publisher] = [new v1.SubscriberClient(settings), new v1.PublisherClient(settings)];
  const given = new Map<string, number>();
  const topic = (queue: string): string => `projects/${PROJECT}/topics/${queue}`;
  const subscription = (queue: string): string => `projects/${PROJECT}/subscriptions/${queue}`;
  const make = async (queue: string): Promise<void> => {
    if (given.has(queue)) return;
    given.set(queue, 0);
    for (const name of [`${queue}-dead`, queue]) {
      await publisher.createTopic({ name: topic(name) });
      const deadLetterPolicy = name === queue ? { deadLetterPolicy: { deadLetterTopic: topic(`${queue}-dead`), maxDeliveryAttempts: 100 } } : {};
      await subscriber.createSubscription({ name: subscription(name), topic: topic(name), ackDeadlineSeconds: 10, ...deadLetterPolicy });
    }
  };
  const lying = new Map<string, { text: string; why: string }[]>();
  return {
    endpoint, subscriber, publisher, make,
    password: "nothing-is-secret-here",
    entry: (queue) => `{ kind: pubsub, project: ${PROJECT}, subscription: ${queue}, url: "http://${endpoint}", hold: 2s }`,
    kill: () => Promise.reject(new Error("It would forget everything.")),
    start: () => Promise.reject(new Error("It was not killed.")),
    async send(queue, text) {
      await make(queue);
      await publisher.publish({ topic: topic(queue), messages: [{ data: Buffer.from(text) }] });
      given.set(queue, (given.get(queue) ?? 0) + 1);
    },
    given: (queue) => Promise.resolve(given.get(queue) ?? 0),
    async aside(queue) {
      const known = lying.get(queue) ?? [];
      lying.set(queue, known);
      const [{ receivedMessages }] = await subscriber.pull({ subscription: subscription(`${queue}-dead`), maxMessages: 10 });
      for (const { message } of receivedMessages ?? []) known.push({ text: Buffer.from(message?.data ?? "").toString(), why: message?.attributes?.["offstage-why"] ?? "" });
      return known;
    },
    async close() {
      await Promise.all([subscriber.close(), publisher.close()]);
      await server.kill();
    },
  };
}
