import type { QueueBroker, QueueConnection } from "./queue-port.ts";
import { unavailable } from "./unavailable.ts";

/** A broker whose client fails as clients do, failing as {@link QueueBroker} says; `hint` says what to look at. */
export function guardBroker({ name, maxBytes, maxAttempts, deadLetters, open }: QueueBroker, hint: string): QueueBroker {
  const guard = async <T>(what: () => Promise<T>): Promise<T> => {
    try {
      return await what();
    } catch (error) {
      throw unavailable(name, error, hint);
    }
  };
  const guarded = (connection: QueueConnection): QueueConnection => ({
    receive: (limit, stopping) => guard(() => connection.receive(limit, stopping)),
    acknowledge: (messages) => guard(() => connection.acknowledge(messages)),
    giveBack: (messages) => guard(() => connection.giveBack(messages)),
    deadLetter: (message, why) => guard(() => connection.deadLetter(message, why)),
    close: () => connection.close(),
  });
  return { name, maxBytes, maxAttempts, deadLetters, open: async () => guarded(await guard(open)) };
}
