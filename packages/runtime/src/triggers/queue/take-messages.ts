import { isOffstageError, type OffstageError, type Redactor } from "../../base/index.ts";
import { bringEvents, type BroughtEvent, type Environment, type ServedWorkflow } from "../../host/index.ts";
import type { Arrival } from "../../model/index.ts";
import type { Store } from "../../state/index.ts";
import type { QueueBroker, QueueConnection, QueueMessage } from "./queue-port.ts";
import { readMessage } from "./read-message.ts";

/** Where messages become events. */
export interface Desk {
  readonly store: Store;
  readonly environment: Pick<Environment, "clock"> & { readonly redactor: Redactor };
  readonly workflows: () => readonly ServedWorkflow[];
}

/** What became of the messages of one delivery. */
export interface Taken {
  readonly arrivals: readonly Arrival[];
  readonly aside: readonly { readonly id: string; readonly why: string }[];
  /** They could not be put aside, and come again. */
  readonly stuck: readonly { readonly id: string; readonly why: string; readonly error: OffstageError }[];
}

interface Unfit {
  readonly message: QueueMessage;
  readonly why: string;
}

type Fit = readonly [QueueMessage, BroughtEvent];

/**
 * Makes messages durable, and tells the broker so after that; those that can be no events are put aside, and hold up nobody. Errors: what the store fails with, after they were given
 * back; `QUEUE_UNAVAILABLE` when the broker does not hear that they are durable: they come again then, and change nothing.
 */
export async function takeMessages(desk: Desk, broker: QueueBroker, connection: QueueConnection, messages: readonly QueueMessage[]): Promise<Taken> {
  const fit: Fit[] = [];
  const unfit: Unfit[] = [];
  for (const message of messages) {
    const read = readMessage(message, broker);
    if (read.kind === "unfit") unfit.push({ message, why: read.why });
    else fit.push([message, { topic: `queue:${broker.name}`, id: message.id, event: read.event }]);
  }
  const arrivals = await bringAll(desk, fit, unfit).catch(async (error: unknown) => {
    // The store is what is told of; a broker that is gone too gives them again by itself.
    await connection.giveBack(messages).catch(() => undefined);
    throw error;
  });
  const aside = new Set(unfit.map(({ message }) => message));
  const durable = messages.filter((message) => !aside.has(message));
  if (durable.length > 0) await connection.acknowledge(durable);
  return { arrivals, ...(await putAside(connection, unfit)) };
}

/** One that the store cannot hold must not keep the others out: then each is brought by itself. */
async function bringAll({ store, environment, workflows }: Desk, fit: readonly Fit[], unfit: Unfit[]): Promise<readonly Arrival[]> {
  if (fit.length === 0) return [];
  const served = workflows();
  const bring = async (events: readonly BroughtEvent[]): Promise<readonly Arrival[]> => (await bringEvents(store, environment, served, events)).flatMap(({ arrivals }) => arrivals);
  try {
    return await bring(fit.map(([, event]) => event));
  } catch (error) {
    if (!isTooMuch(error)) throw error;
  }
  const arrivals: Arrival[] = [];
  for (const [message, event] of fit) {
    try {
      arrivals.push(...(await bring([event])));
    } catch (error) {
      if (!isTooMuch(error)) throw error;
      unfit.push({ message, why: error.message });
    }
  }
  return arrivals;
}

/** A fault of the event, not of the store. */
function isTooMuch(error: unknown): error is OffstageError {
  return isOffstageError(error) && (error.code === "EVENT_INVALID" || error.code.startsWith("VALUE_"));
}

async function putAside(connection: QueueConnection, unfit: readonly Unfit[]): Promise<Pick<Taken, "aside" | "stuck">> {
  const aside: { readonly id: string; readonly why: string }[] = [];
  const stuck: { readonly id: string; readonly why: string; readonly error: OffstageError }[] = [];
  for (const { message, why } of unfit) {
    const { id } = message;
    try {
      await connection.deadLetter(message, why);
      aside.push({ id, why });
    } catch (error) {
      if (!isOffstageError(error) || error.code !== "QUEUE_UNAVAILABLE") throw error;
      stuck.push({ id, why, error });
    }
  }
  return { aside, stuck };
}
