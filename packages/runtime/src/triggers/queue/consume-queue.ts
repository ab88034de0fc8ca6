import { backOffMs, isOffstageError } from "../../base/index.ts";
import type { ServedWorkflow } from "../../host/index.ts";
import type { Arrival } from "../../model/index.ts";
import type { QueueBroker, QueueConnection } from "./queue-port.ts";
import { type Desk, type Taken, takeMessages } from "./take-messages.ts";

/** What happens to a queue while it is listened to. */
export type QueueNews =
  | { readonly kind: "queue-ready"; readonly queue: string }
  | { readonly kind: "queue-lost"; readonly queue: string; readonly why: string }
  | { readonly kind: "queue-full"; readonly queue: string; readonly waiting: number }
  | { readonly kind: "queue-flowing"; readonly queue: string }
  | { readonly kind: "queue-aside"; readonly queue: string; readonly id: string; readonly why: string; readonly place: string }
  | { readonly kind: "queue-stuck"; readonly queue: string; readonly id: string; readonly why: string; readonly error: string };

/** What {@link consumeQueue} works with. */
export interface Consuming extends Desk {
  readonly broker: QueueBroker;
  readonly news: (news: QueueNews) => void;
  /** Nothing is fetched while so many events wait. */
  readonly mostWaiting: number;
  /** Hears what came, in order. */
  readonly came: (arrivals: readonly Arrival[]) => void;
  readonly stopping: AbortSignal;
}

/** The most messages in hand. A kill costs no more than these a delivery. */
const BATCH = 100;

/** How often it is looked whether fewer wait. Ms. */
const ROOM_MS = 250;
const DELAYS = { firstMs: 250, longestMs: 30_000 };

/**
 * Takes the messages of a queue until it is to stop, or until no workflow listens to it any more; what is in hand then is brought to its end first. A broker that is gone is told of once, and tried again ever more
 * slowly; so is a store that cannot take messages. Rejects with what no waiting mends.
 */
export async function consumeQueue(consuming: Consuming): Promise<void> {
  const { broker, environment: { clock }, stopping, news } = consuming;
  let [told, failures] = ["", 0];
  const isWell = (): void => {
    if (told !== READY) news({ kind: "queue-ready", queue: broker.name });
    [told, failures] = [READY, 0];
  };
  while (isGoingOn(consuming)) {
    try {
      await whileConnected(consuming, isWell);
    } catch (error) {
      if (!isOffstageError(error) || !mayPass(error.code)) throw error;
      if (told !== error.message) news({ kind: "queue-lost", queue: broker.name, why: error.message });
      told = error.message;
      failures += 1;
      await clock.sleep(backOffMs(failures, DELAYS), stopping);
    }
  }
}

/** No message of an error. */
const READY = "ready";

function mayPass(code: string): boolean {
  return code === "QUEUE_UNAVAILABLE" || code.startsWith("STORE_");
}

async function whileConnected(consuming: Consuming, isWell: () => void): Promise<void> {
  const { broker, stopping } = consuming;
  const connection = await broker.open();
  try {
    while (isGoingOn(consuming)) {
      const room = await waitForRoom(consuming);
      if (!stopping.aborted) await takeSome(consuming, connection, Math.min(BATCH, room), isWell);
    }
  } finally {
    await connection.close();
  }
}

function isGoingOn({ stopping, workflows, broker }: Consuming): boolean {
  return !stopping.aborted && listenersOf(workflows(), broker).length > 0;
}

function listenersOf(workflows: readonly ServedWorkflow[], { name }: QueueBroker): readonly ServedWorkflow[] {
  return workflows.filter(({ triggers }) => triggers.some(({ topic }) => topic === `queue:${name}`));
}

async function takeSome(consuming: Consuming, connection: QueueConnection, limit: number, isWell: () => void): Promise<void> {
  const { broker, stopping, news, came } = consuming;
  const messages = await connection.receive(limit, stopping);
  // Taken for nobody they would be gone: an edit took the last trigger away meanwhile.
  if (listenersOf(consuming.workflows(), broker).length === 0) return connection.giveBack(messages);
  const taken: Taken = messages.length === 0 ? { arrivals: [], aside: [], stuck: [] } : await takeMessages(consuming, broker, connection, messages);
  isWell();
  came(taken.arrivals);
  for (const { id, why } of taken.aside) news({ kind: "queue-aside", queue: broker.name, id, why, place: broker.deadLetters });
  for (const { id, why, error } of taken.stuck) news({ kind: "queue-stuck", queue: broker.name, id, why, error: error.message });
}

/** How many events may still come; once there is no room, it goes on when half of it is free. */
async function waitForRoom({ store, workflows, broker, environment: { clock }, news, stopping, mostWaiting }: Consuming): Promise<number> {
  const room = async (): Promise<number> => {
    const names = listenersOf(workflows(), broker).map(({ program }) => program.name);
    return mostWaiting - (await store.transact({ durable: false, reads: true }, (tx) => tx.countWaitingArrivals({ workflows: names, limit: mostWaiting })));
  };
  let free = await room();
  if (free > 0) return free;
  news({ kind: "queue-full", queue: broker.name, waiting: mostWaiting });
  while (!stopping.aborted && free < mostWaiting / 2) {
    await clock.sleep(ROOM_MS, stopping);
    free = await room();
  }
  if (!stopping.aborted) news({ kind: "queue-flowing", queue: broker.name });
  return free;
}
