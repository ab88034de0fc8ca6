import type { TriggerSource } from "../../host/index.ts";
import type { Arrival } from "../../model/index.ts";
import { consumeQueue, type QueueNews } from "./consume-queue.ts";
import type { QueueBroker } from "./queue-port.ts";
import type { Desk } from "./take-messages.ts";

/** What {@link createQueues} needs. */
export interface QueuesOptions extends Desk {
  /** Of the queues that triggers of `workflows` name, and perhaps of others. */
  readonly brokers: () => readonly QueueBroker[];
  readonly news: (news: QueueNews) => void;
  /**
   * Nothing is fetched from a queue while so many events wait to start a run of the workflows that listen to it: 1,000 when nothing is said. They wait in the broker, where others see them, and
   * no look at what waits gets slow; it is more than can be begun between two looks.
   */
  readonly mostWaiting?: number;
}

/** Runs that go on want the rest of the time that a process has to stop. Ms. */
const CLOSE_MS = 5_000;

/** The queues of a process; see {@link createQueues}. */
export interface Queues extends Required<TriggerSource> {
  /** Stops listening; resolves when what was in hand is durable. A broker that does not answer is not waited for longer than five seconds: what it gave comes again. */
  close(): Promise<void>;
}

/**
 * Takes messages of the queues that triggers name, where this process leads: so they are taken in their order, by one that can start their runs. One that no trigger names is left alone: its
 * messages would be gone, and so is one from the moment at which none does any more. `look` rejects with what no waiting mends, such as `QUEUE_CLIENT_MISSING`.
 */
export function createQueues({ brokers, news, mostWaiting = 1_000, ...desk }: QueuesOptions): Queues {
  const listening = new Map<string, AbortController>();
  const working = new Set<Promise<void>>();
  const failures: unknown[] = [];
  let came: Arrival[] = [];

  const listenTo = (broker: QueueBroker): void => {
    const stop = new AbortController();
    listening.set(broker.name, stop);
    const work = consumeQueue({ ...desk, broker, news, mostWaiting, came: (arrivals) => void came.push(...arrivals), stopping: stop.signal })
      .catch((error: unknown) => void failures.push(error))
      .finally(() => {
        working.delete(work);
        if (listening.get(broker.name) === stop) listening.delete(broker.name);
      });
    working.add(work);
  };
  const rest = (): void => {
    for (const stop of listening.values()) stop.abort();
    listening.clear();
  };
  return {
    async look() {
      const wanted = new Set(desk.workflows().flatMap(({ triggers }) => triggers.map(({ topic }) => topic)));
      for (const broker of brokers()) if (wanted.has(`queue:${broker.name}`) && !listening.has(broker.name)) listenTo(broker);
      const [failure] = failures;
      if (failure !== undefined) throw failure;
      const told = came;
      came = [];
      return { next: Number.POSITIVE_INFINITY, came: told };
    },
    rest,
    async close() {
      rest();
      const done = new AbortController();
      await Promise.race([Promise.all(working).then(() => done.abort()), desk.environment.clock.sleep(CLOSE_MS, done.signal)]);
    },
  };
}
