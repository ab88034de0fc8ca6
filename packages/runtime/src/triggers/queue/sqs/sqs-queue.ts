import {
  ChangeMessageVisibilityBatchCommand, DeleteMessageBatchCommand, GetQueueAttributesCommand, GetQueueUrlCommand, type Message, type MessageAttributeValue, ReceiveMessageCommand, SendMessageCommand, SQSClient,
} from "@aws-sdk/client-sqs";
import { guardBroker } from "../guard-broker.ts";
import type { SqsQueue } from "../queue-config.ts";
import type { QueueBroker, QueueConnection, QueueMessage } from "../queue-port.ts";

/** How long a read waits for messages: asking costs money. A process that is to stop does not wait for its end. Seconds. */
const WAIT_S = 10;

/** SQS takes and gives no more at once, and no more attributes of a message. */
const MOST = 10;

const CONNECT_MS = 5_000;
const ANSWER_MS = 30_000;

/**
 * A queue of SQS, also a FIFO one. Put aside means sent to the queue that is named, or that its own redrive policy names; one without either is not listened to. A redrive policy that gives up earlier than we do
 * loses nothing: its messages are in the same place, without a reason.
 */
export function createSqsQueue(config: SqsQueue, { waitS = WAIT_S } = {}): QueueBroker {
  const { name, url, region, keys } = config;
  return guardBroker({
    ...config,
    deadLetters: config.deadLetters ?? "its dead-letter queue",
    async open() {
      const client = new SQSClient({ region, endpoint: new URL(url).origin, maxAttempts: 2, requestHandler: { connectionTimeout: CONNECT_MS, requestTimeout: ANSWER_MS }, ...(keys === null ? {} : { credentials: keys }) });
      try {
        return createConnection(config, { client, deadLetters: await placeAside(client, config), waitS });
      } catch (error) {
        client.destroy();
        throw error;
      }
    },
  }, `Look whether queues.${name} may be read and deleted from by these keys, and has a dead-letter queue.`);
}

/** The queue that is named, else that of the queue's own policy. Finds out whether the queue is there, too. */
async function placeAside(client: SQSClient, { url, deadLetters }: SqsQueue): Promise<string> {
  const { Attributes = {} } = await client.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ["RedrivePolicy"] }));
  if (deadLetters !== null) return deadLetters;
  const { deadLetterTargetArn = "" } = JSON.parse(Attributes["RedrivePolicy"] ?? "{}") as { readonly deadLetterTargetArn?: string };
  // arn:aws:sqs:region:account:name
  const [account, name] = deadLetterTargetArn.split(":").slice(4);
  if (account === undefined || name === undefined) throw new Error("it has no dead-letter queue");
  const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name, QueueOwnerAWSAccountId: account }));
  if (QueueUrl === undefined) throw new Error(`its dead-letter queue ${name} is not there`);
  return QueueUrl;
}

interface Wires {
  readonly client: SQSClient;
  readonly deadLetters: string;
  readonly waitS: number;
}

function createConnection({ url, holdMs }: SqsQueue, { client, deadLetters, waitS }: Wires): QueueConnection {
  const inHand = new WeakMap<QueueMessage, Message>();
  const origin = (message: QueueMessage): Message => inHand.get(message) as Message;
  const read = async (count: number, seconds: number, stopping: AbortSignal): Promise<readonly Message[]> => {
    const command = new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: Math.min(MOST, count), WaitTimeSeconds: seconds, VisibilityTimeout: Math.ceil(holdMs / 1_000), MessageSystemAttributeNames: ["ApproximateReceiveCount", "MessageGroupId"], MessageAttributeNames: ["All"] });
    try {
      return (await client.send(command, { abortSignal: stopping })).Messages ?? [];
    } catch (error) {
      // What was on its way comes again when its time is over.
      if (stopping.aborted) return [];
      throw error;
    }
  };
  const acknowledge = (messages: readonly QueueMessage[]): Promise<void> =>
    inBatches(messages, async (batch) => (await client.send(new DeleteMessageBatchCommand({ QueueUrl: url, Entries: batch.map((message, index) => ({ Id: String(index), ReceiptHandle: origin(message).ReceiptHandle })) }))).Failed);
  return {
    async receive(limit, stopping) {
      const came = [...(await read(limit, waitS, stopping))];
      // As many as it gives at once: there are more.
      const more = came.length === MOST ? Array.from({ length: Math.ceil((limit - MOST) / MOST) }, (_, index) => read(limit - MOST * (index + 1), 0, stopping)) : [];
      for (const messages of await Promise.all(more)) came.push(...messages);
      return came.map((one) => {
        const message: QueueMessage = { id: one.MessageId ?? "", attempt: Number(one.Attributes?.ApproximateReceiveCount ?? 1), content: { kind: "json", bytes: Buffer.from(one.Body ?? "") } };
        inHand.set(message, one);
        return message;
      });
    },
    acknowledge,
    giveBack: (messages) =>
      inBatches(messages, async (batch) => (await client.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: url, Entries: batch.map((message, index) => ({ Id: String(index), ReceiptHandle: origin(message).ReceiptHandle, VisibilityTimeout: 0 })) }))).Failed),
    async deadLetter(message, why) {
      const { Body, Attributes, MessageAttributes } = origin(message);
      const fifo = deadLetters.endsWith(".fifo") ? { MessageGroupId: Attributes?.MessageGroupId ?? "offstage", MessageDeduplicationId: message.id } : {};
      await client.send(new SendMessageCommand({ QueueUrl: deadLetters, MessageBody: Body, MessageAttributes: described(MessageAttributes, { OffstageWhy: why, OffstageId: message.id, OffstageDeliveries: String(message.attempt) }), ...fifo }));
      await acknowledge([message]);
    },
    async close() {
      client.destroy();
    },
  };
}

async function inBatches(messages: readonly QueueMessage[], send: (batch: readonly QueueMessage[]) => Promise<readonly { readonly Code?: string | undefined; readonly Message?: string | undefined }[] | undefined>): Promise<void> {
  const batches = Array.from({ length: Math.ceil(messages.length / MOST) }, (_, index) => messages.slice(index * MOST, (index + 1) * MOST));
  const [failed] = (await Promise.all(batches.map(send))).flatMap((one) => one ?? []);
  if (failed !== undefined) throw new Error(failed.Message ?? failed.Code ?? "SQS refused");
}

/** The message's own attributes, as many as there is room for beside ours. */
function described(own: Readonly<Record<string, MessageAttributeValue>> | undefined, ours: Readonly<Record<string, string>>): Record<string, MessageAttributeValue> {
  const told = Object.entries(ours).map(([name, text]): [string, MessageAttributeValue] => [name, { DataType: "String", StringValue: text.replaceAll(/[\0-\x1f]+/g, " ") }]);
  return Object.fromEntries([...Object.entries(own ?? {}).slice(0, MOST - told.length), ...told]);
}
