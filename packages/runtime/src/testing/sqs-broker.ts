import { fileURLToPath } from "node:url";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startBroker } from "./broker-process.ts";
import { freePort } from "./free-port.ts";
import type { TestBroker } from "./test-broker.ts";

/** Where `scripts/install-brokers.ts` puts it. */
const MOTO = fileURLToPath(new URL("../../../../node_modules/.cache/offstage-moto/bin/moto_server", import.meta.url));
const REGION = "eu-central-1";
const ACCOUNT = "123456789012";

/** SQS as `moto` imitates it, in memory: it may not be killed. */
export async function startSqs(): Promise<TestBroker & { readonly client: SQSClient; readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string }; url(queue: string): string; make(queue: string): Promise<void> }> {
  const port = await freePort();
  const server = await startBroker(MOTO, ["-H", "127.0.0.1", "-p", String(port)], port);
  const keys = { accessKeyId: "AKIATHROWAWAYKEY", secretAccessKey: "throw-away-password" };
  const endpoint = `http://127.0.0.1:${port}`;
  const client = new SQSClient({ region: REGION, endpoint, credentials: keys });
  const given = new Map<string, number>();
  const url = (queue: string): string => `${endpoint}/${ACCOUNT}/${queue}`;
  const make = async (queue: string): Promise<void> => {
    if (given.has(queue)) return;
    given.set(queue, 0);
    const fifo: Record<string, string> = queue.endsWith(".fifo") ? { FifoQueue: "true" } : {};
    await client.send(new CreateQueueCommand({ QueueName: deadOf(queue), Attributes: fifo }));
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${deadOf(queue)}`, maxReceiveCount: 100 });
    await client.send(new CreateQueueCommand({ QueueName: queue, Attributes: { ...fifo, RedrivePolicy } }));
  };
  return {
    client, keys, url, make, password: keys.secretAccessKey,
    entry: (queue, written) => `{ kind: sqs, url: "${url(queue)}", region: ${REGION}, accessKeyId: ${keys.accessKeyId}, secretAccessKey: "${written}", hold: 2s }`,
    kill: () => Promise.reject(new Error("It would forget everything.")),
    start: () => Promise.reject(new Error("It was not killed.")),
    async send(queue, text) {
      await make(queue);
      const fifo = queue.endsWith(".fifo") ? { MessageGroupId: "one", MessageDeduplicationId: `d${given.get(queue) ?? 0}` } : {};
      await client.send(new SendMessageCommand({ QueueUrl: url(queue), MessageBody: text, ...fifo }));
      given.set(queue, (given.get(queue) ?? 0) + 1);
    },
    given: (queue) => Promise.resolve(given.get(queue) ?? 0),
    async aside(queue) {
      const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl: url(deadOf(queue)), MaxNumberOfMessages: 10, VisibilityTimeout: 0, MessageAttributeNames: ["All"] }));
      return Messages.map(({ Body = "", MessageAttributes }) => ({ text: Body, why: MessageAttributes?.["OffstageWhy"]?.StringValue ?? "" }));
    },
    async close() {
      client.destroy();
      await server.kill();
    },
  };
}

function deadOf(queue: string): string {
  return queue.endsWith(".fifo") ? queue.replace(".fifo", "-dead.fifo") : `${queue}-dead`;
}
