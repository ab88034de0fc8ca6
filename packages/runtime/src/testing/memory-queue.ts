import { OffstageError } from "../base/index.ts";
import type { QueueBroker, QueueConnection, QueueMessage } from "../triggers/queue/queue-port.ts";
import type { FakeClock } from "./fake-clock.ts";

/** A broker in memory, with one queue, that can be made to fail. */
export interface MemoryQueue {
  readonly broker: QueueBroker;
  send(...texts: readonly string[]): void;
  /** While it is gone nothing answers; what is in hand stays in hand. */
  gone: boolean;
  /** Nothing can be put aside. */
  refusesDeadLetters: boolean;
  readonly deadLetters: { readonly text: string; readonly why: string }[];
  /** Texts of messages that were neither acknowledged nor put aside. */
  left(): readonly string[];
  /** How often somebody connected, or asked for messages. */
  readonly asked: number;
}

interface Kept {
  readonly id: string;
  readonly text: string;
  attempt: number;
  /** In hand until then. */
  until: number;
}

/** Made for {@link QueueBroker}'s suite too; `holdMs` as brokers have it. */
export function createMemoryQueue(name: string, clock: FakeClock, { holdMs = 30_000, maxAttempts = 3, maxBytes = 1_000 } = {}): MemoryQueue {
  let kept: Kept[] = [];
  let [sent, asked] = [0, 0];
  const refuse = (): void => {
    if (queue.gone) throw new OffstageError("QUEUE_UNAVAILABLE", `The queue ${name} cannot be used: it is gone.`);
  };
  const remove = (id: string): void => void (kept = kept.filter((one) => one.id !== id));
  const connection: QueueConnection = {
    async receive(limit, stopping) {
      asked += 1;
      refuse();
      const mine = kept.filter(({ until }) => until <= clock.now()).slice(0, limit);
      if (mine.length === 0) await clock.sleep(1_000, stopping);
      refuse();
      return mine.map((one): QueueMessage => {
        [one.attempt, one.until] = [one.attempt + 1, clock.now() + holdMs];
        return { id: one.id, attempt: one.attempt, content: { kind: "json", bytes: Buffer.from(one.text) } };
      });
    },
    async acknowledge(messages) {
      refuse();
      for (const { id } of messages) remove(id);
    },
    async giveBack(messages) {
      refuse();
      for (const one of kept) if (messages.some(({ id }) => id === one.id)) [one.attempt, one.until] = [one.attempt - 1, 0];
    },
    async deadLetter({ id }, why) {
      refuse();
      if (queue.refusesDeadLetters) throw new OffstageError("QUEUE_UNAVAILABLE", "The place is full.");
      queue.deadLetters.push({ text: kept.find((one) => one.id === id)?.text ?? "", why });
      remove(id);
    },
    close: () => Promise.resolve(),
  };
  const queue: MemoryQueue = {
    broker: { name, maxAttempts, maxBytes, deadLetters: "the dead", open: async () => (asked += 1, refuse(), connection) },
    send: (...texts) => void kept.push(...texts.map((text) => ({ id: `m${++sent}`, text, attempt: 0, until: 0 }))),
    gone: false, refusesDeadLetters: false, deadLetters: [],
    left: () => kept.map(({ text }) => text),
    get asked() {
      return asked;
    },
  };
  return queue;
}
